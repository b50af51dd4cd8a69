package import Diagnostics
internal import Documents
internal import Evaluation
internal import Records
internal import Reproducibility
internal import Scoring
package import StageKit

/// Has a teacher make rows of seed rows, and keeps those that are new and valid.
package struct Synthesize: Stage {
  package static let kind: StageKind = "synthesize"
  package static let version = 1
  package static let summary =
    "Has an endpoint or a model make instruction rows from seed rows, checked, new, and marked."

  package typealias Parameters = SynthesizeParameters

  package static func ports(for parameters: Parameters) -> Ports {
    var inputs = [Port("seeds", .records, help: "Rows that the teacher starts from.")]
    if parameters.endpoint.settings == nil {
      inputs.append(Port("teacher", .model, help: "The model that makes rows."))
    }
    return Ports(
      inputs: inputs,
      outputs: [
        Port("records", .records, help: "Made rows, marked as synthetic."),
        Port("report", .report, help: "Accept rate, reasons, human share, cost; rejected.jsonl."),
        Port("ledger", .files, help: "ledger.json: answers of the endpoint, tokens, cost."),
      ])
  }

  package static func preflight(_ parameters: Parameters, _ inputs: PreflightInputs)
    -> [Diagnostic]
  { parameters.endpoint.preflight() + RowPrompt.preflight("seeds", inputs) }

  package init() {}

  package func run(_ parameters: Parameters, in context: StageContext) throws -> StageOutcome {
    let reader = try RecordsReader(context.input("seeds").tree)
    let (seeds, unfit) = try RowPrompt.readForTraining("seeds", context.input("seeds").tree)
    try checkColumns(seeds, parameters)
    let asked = try AskedModel.make(
      parameters.endpoint, port: "teacher", device: parameters.device, context)
    defer { asked.tell(context) }
    let prompts = seeds.indices.map { Self.turns(seeds, $0, parameters) }
    let samples = parameters.sampling.samples
    let replies = try asked.model.answers(to: parameters.sampling.requests(prompts)) { done in
      context.progress(done, of: prompts.count * samples, "replies")
      try context.checkCancelled()
    }
    var run = SynthesizeRun(seeds, parameters)
    var rows = try MadeRows(context.output("records"))
    if parameters.keepsSeeds {
      try reader.forEach { try rows.append($0.content, $0.fields) }
    }
    for (number, reply) in replies.enumerated() {
      let (seed, sample) = number.quotientAndRemainder(dividingBy: samples)
      for made in try run.take(reply, seed: seed, sample: sample) {
        try rows.append(
          .conversation(made.turns + [Message(.assistant, made.answer)], tools: nil),
          Provenance.fields(
            made.fields, model: asked.model.identity,
            turns: parameters.sampling.turns(prompts[seed]), seed: seeds[seed].row,
            ["sample": .integer(Int64(sample))]))
      }
    }
    try rows.finish()
    let report = SynthesizeReport(
      run: run, replies: replies.count, seeds: reader.rowCount, unfit: unfit, rows: rows.count)
    try report.write(asked, parameters, context)
    if run.accepted == 0 { throw report.nothing }
    return .succeeded
  }

  private func checkColumns(_ seeds: [RowPrompt], _ parameters: Parameters) throws {
    for column in parameters.template?.columns ?? []
    where !seeds.contains(where: { $0.fields.contains { $0.key == column } }) {
      let known = Set(seeds.prefix(100).flatMap { $0.fields.map(\.key) }).sorted()
      let near = NearestName.suggestion(
        for: column, among: known + ["prompt", "answer", "examples"])
      throw Diagnostic(
        "synthesize.no-column",
        "no seed row has the column '\(SafeText.escaped(column))' of 'prompt'",
        fix: near.map { "did you mean '\($0)'?" }
      ).failure(.badInput)
    }
  }

  /// What the teacher is asked for a seed.
  private static func turns(_ seeds: [RowPrompt], _ index: Int, _ parameters: Parameters)
    -> [Message]
  {
    guard let template = parameters.template else { return seeds[index].turns }
    var shown = [seeds[index]]
    let random = CounterRandom(
      seed: parameters.sampling.settings.seed, stream: "seeds", seeds[index].row.bits)
    let wanted = min(parameters.seedsPerPrompt, seeds.count)
    var (taken, draw): (Set<Int>, UInt64) = ([index], 0)
    while shown.count < wanted {
      let other = random.integer(draw, below: seeds.count)
      draw += 1
      if taken.insert(other).inserted { shown.append(seeds[other]) }
    }
    return [Message(.user, template.text(seeds[index], examples: shown))]
  }
}
