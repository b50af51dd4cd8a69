package import Diagnostics
internal import Documents
internal import Evaluation
internal import Parallelism
internal import Records
internal import Scoring
package import StageKit

/// Keeps a model's own answers that verifiers accept: rejection sampling, best of n.
package struct RejectionSample: Stage {
  package static let kind: StageKind = "rejection_sample"
  package static let version = 1
  package static let summary =
    "Samples answers to prompts from a model or an endpoint and keeps those that verifiers accept."

  package struct Parameters: StageParameters {
    let sampling: SamplingParameters
    let verifiers: VerifierParameters
    let scoreMin: Double
    let keptMax: Int
    let endpoint: EndpointParameters
    let device: DeviceClass

    package init(_ read: inout ParameterReader) {
      sampling = SamplingParameters(&read, samples: 4, in: 1...1024)
      verifiers = VerifierParameters(&read, help: "What answers must pass")
      scoreMin = read.number(
        "min_score", default: 1, in: 0...1,
        help: "The weighted mean of the verifiers' scores that an answer needs.")
      keptMax = read.integer(
        "max_kept", default: 1, in: 1...1024,
        help: "Accepted answers of a prompt that become rows, the best first.")
      endpoint = EndpointParameters(&read, role: "the model that answers")
      device = read.device(isUsed: endpoint.settings == nil)
      if verifiers.entries.isEmpty {
        read.problem(
          "verifiers", "nothing decides which answers are kept",
          fix: "add a verifier such as { type: numeric }")
      }
    }
  }

  package static func ports(for parameters: Parameters) -> Ports {
    var inputs = [Port("prompts", .records, help: "Prompts, with the columns verifiers read.")]
    if parameters.endpoint.settings == nil {
      inputs.append(Port("model", .model, help: "The model that answers."))
    }
    return Ports(
      inputs: inputs,
      outputs: [
        Port("records", .records, help: "Prompts with accepted answers, marked as synthetic."),
        Port("report", .report, help: "Accept rates, reasons, cost; prompts.jsonl by row id."),
        Port("ledger", .files, help: "ledger.json: answers of the endpoint, tokens, cost."),
      ])
  }

  package static func preflight(_ parameters: Parameters, _ inputs: PreflightInputs)
    -> [Diagnostic]
  { parameters.endpoint.preflight() + RowPrompt.preflight("prompts", inputs) }

  package init() {}

  package func run(_ parameters: Parameters, in context: StageContext) throws -> StageOutcome {
    let (prompts, unfit) = try RowPrompt.readForTraining(
      "prompts", context.input("prompts").tree)
    let asked = try AskedModel.make(
      parameters.endpoint, port: "model", device: parameters.device, context)
    defer { asked.tell(context) }
    let samples = parameters.sampling.samples
    let answers = try asked.model.answers(
      to: parameters.sampling.requests(prompts.map(\.turns))
    ) { done in
      context.progress(done, of: prompts.count * samples, "answers")
      try context.checkCancelled()
    }
    let results = try context.pool.map(Array(prompts.indices)) { index in
      try Self.judge(
        prompts[index], Array(answers[index * samples..<(index + 1) * samples]), parameters)
    }
    var rows = try MadeRows(context.output("records"))
    for (prompt, result) in zip(prompts, results) {
      for kept in result.kept {
        try rows.append(
          .conversation(prompt.turns + [Message(.assistant, kept.text)], tools: nil),
          Provenance.fields(
            prompt.fields, model: asked.model.identity,
            turns: parameters.sampling.turns(prompt.turns), seed: prompt.row,
            ["sample": .integer(Int64(kept.sample)), "score": .number(kept.score)]))
      }
    }
    try rows.finish()
    let report = RejectionReport(
      prompts: prompts.map(\.row), results: results, samples: samples, unfit: unfit,
      rows: rows.count)
    try report.write(asked, context)
    if rows.count == 0 { throw report.nothing }
    return .succeeded
  }

  struct Kept: Sendable {
    var sample: Int
    var text: String
    var score: Double
  }

  struct Result: Sendable {
    var kept: [Kept]
    /// Answers that passed, equal ones included.
    var accepted: Int
    var reasons: [String: Int]
  }

  private static func judge(
    _ prompt: RowPrompt, _ answers: [TextAnswer], _ parameters: Parameters
  ) throws -> Result {
    var passed: [Kept] = []
    var result = Result(kept: [], accepted: 0, reasons: [:])
    var seen: Set<String> = []
    for (sample, answer) in answers.enumerated() {
      if answer.isRefused {
        result.reasons["endpoint.refused", default: 0] += 1
        continue
      }
      let (score, reasons) = try parameters.verifiers.score(
        Attempt(
          prompt: prompt.question, completion: answer.text, fields: prompt.verified))
      guard let score, score >= parameters.scoreMin else {
        for reason in reasons { result.reasons[reason, default: 0] += 1 }
        continue
      }
      result.accepted += 1
      if seen.insert(answer.text).inserted {
        passed.append(Kept(sample: sample, text: answer.text, score: score))
      }
    }
    passed.sort { ($0.score, -$0.sample) > ($1.score, -$1.sample) }
    result.kept = Array(passed.prefix(parameters.keptMax))
    return result
  }
}
