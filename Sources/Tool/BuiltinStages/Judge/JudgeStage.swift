package import Diagnostics
internal import Documents
internal import Evaluation
internal import Generation
internal import ModelFiles
internal import Parallelism
internal import Records
internal import Scoring
package import StageKit
internal import Tokenization

/// Has a model judge answers: two models' side by side, or one's by itself.
package struct JudgeStage: Stage {
  package static let kind: StageKind = "judge"
  package static let version = 1
  package static let summary =
    "Has an endpoint or a model judge answers, in both orders, and tells how far it can be trusted."

  package typealias Parameters = JudgeParameters

  package static func ports(for parameters: Parameters) -> Ports {
    let hasQuestions = parameters.questions.pattern != nil
    var inputs: [Port] = []
    if parameters.candidateAnswers.pattern == nil {
      inputs.append(
        Port(
          "candidate", .model, .records,
          help: "The model that answers, or rows that hold its answers."))
    }
    if parameters.baselineAnswers.pattern == nil {
      inputs.append(
        Port(
          "baseline", .model, .records,
          optional: parameters.mode == .single || !hasQuestions,
          help: "What it is compared with; without it the answers that the rows of 'test' hold."))
    }
    if !hasQuestions {
      inputs.append(Port("test", .records, help: "Rows that no model was trained on."))
    }
    if parameters.endpoint.settings == nil {
      inputs.append(Port("judge", .model, help: "The model that judges."))
    }
    return Ports(
      inputs: inputs,
      outputs: [
        Port("scores", .scores, help: "Win rate or grades with intervals, and results by row id."),
        Port(
          "report", .report, help: "Agreement of the orders, biases of place and length, cost."),
        Port(
          "judgments", .files,
          help: "Answers and judgments in FastChat's form: these hold contents."),
        Port("ledger", .files, help: "ledger.json: answers of the endpoint, tokens, cost."),
      ])
  }

  package static func preflight(_ parameters: Parameters, _ inputs: PreflightInputs)
    -> [Diagnostic]
  { parameters.endpoint.preflight() }

  package init() {}

  package func run(_ parameters: Parameters, in context: StageContext) throws -> StageOutcome {
    let contest = try JudgeContest(parameters, context)
    let shared = try Self.template(context)
    guard
      let candidate = try JudgeSide(
        "candidate", file: parameters.candidateAnswers, contest, fallback: shared,
        device: parameters.device, context)
    else { preconditionFailure("the port 'candidate' is required") }
    var baseline = try JudgeSide(
      "baseline", file: parameters.baselineAnswers, contest, fallback: shared,
      device: parameters.device, context)
    let againstOwn = baseline == nil && parameters.mode == .pairwise
    if againstOwn { baseline = try JudgeSide(own: contest) }
    let items = contest.items(
      candidate.conversations, baseline?.conversations,
      showsReferences: parameters.references != .none && !againstOwn)
    let asked = try AskedModel.make(
      parameters.endpoint, port: "judge", device: parameters.device, context)
    let judge = Judge(
      model: asked.model, explains: parameters.explains, maxNewTokens: parameters.judgeTokensMax,
      referenceCategories: parameters.references == .all ? nil : JudgeItem.referenceCategories)
    let report = JudgeReport(
      task: parameters.name, items: items, confidence: parameters.confidence,
      seed: parameters.seed, judge: asked.model.name, candidate: candidate.name,
      baseline: baseline?.name,
      notes: contest.notes + candidate.notes + (baseline?.notes ?? []))
    defer { asked.tell(context) }
    let (pages, judgments) = try judged(items, judge, report, parameters, context)
    guard !pages.hasNoScore else { throw Self.nothing(items.count, asked) }
    try write(pages, judgments, asked, context)
    try writeAnswers(candidate, "candidate", contest, context)
    if let baseline { try writeAnswers(baseline, "baseline", contest, context) }
    return .succeeded
  }

  private static func nothing(_ items: Int, _ asked: AskedModel) -> Failure {
    Diagnostic(
      "judge.nothing",
      "'\(SafeText.escaped(asked.model.name))' gave no verdict on any of \(items) answers, even when "
        + "asked again",
      fix: "use a judge that follows instructions, or set 'explain: true'"
    ).failure(.stageFailed)
  }

  /// A template for a model that has none: that of the other one.
  private static func template(_ context: StageContext) throws -> ChatTemplate? {
    for port in ["candidate", "baseline"] {
      guard let artifact = context.optionalInput(port), artifact.type == .model else { continue }
      let folder = try ModelFolder(artifact.tree, reference: artifact.reference)
      if let template = try ModelText.template(of: folder) { return template }
    }
    return nil
  }

  private func judged(
    _ items: [JudgeItem], _ judge: Judge, _ report: JudgeReport, _ parameters: Parameters,
    _ context: StageContext
  ) throws -> (JudgeReport.Pages, String) {
    let sides = parameters.mode == .pairwise || items.first?.baseline != nil ? 2 : 1
    func progress(_ done: Int) throws {
      context.progress(done, of: sides * items.count, "judgments")
      try context.checkCancelled()
    }
    func place(_ item: JudgeItem) -> MTBenchJudgment.Place {
      MTBenchJudgment.Place(
        question: item.id, turn: item.turn, candidate: report.candidate,
        baseline: report.baseline ?? "", judge: report.judge)
    }
    switch parameters.mode {
    case .pairwise:
      let judged = try judge.compare(items, progress: progress)
      let pages = report.pages(judged)
      if let rate = PairSummary(items, judged).winRate(confidence: parameters.confidence) {
        context.report(
          .metric(name: "\(parameters.name).win_rate", step: 0, value: rate.estimate))
      }
      let lines = zip(items, judged).map { MTBenchJudgment.pair(place($0), $1) }
      return (pages, lines.joined())
    case .single:
      let own = try judge.grade(items, progress: progress)
      var others: [Judge.Grade]?
      if sides == 2 {
        others = try judge.grade(
          items.map { item in
            var other = item
            other.candidate = item.baseline ?? []
            return other
          }
        ) { try progress(items.count + $0) }
      }
      let pages = try report.pages(own, others, context.pool)
      var lines = zip(items, own).map {
        MTBenchJudgment.single(place($0), model: report.candidate, $1)
      }
      if let others {
        lines += zip(items, others).map {
          MTBenchJudgment.single(place($0), model: report.baseline ?? "", $1)
        }
      }
      return (pages, lines.joined())
    }
  }

  private func write(
    _ pages: JudgeReport.Pages, _ judgments: String, _ asked: AskedModel, _ context: StageContext
  ) throws {
    func write(_ text: String, _ port: String, _ name: String) throws {
      try OutputFile.write(Array(text.utf8), to: context.output(port) + "/" + name)
    }
    try write(JSONWriter.compact(pages.scores) + "\n", "scores", "scores.json")
    try write(
      pages.items.map { JSONWriter.compact($0) + "\n" }.joined(), "scores", "items.jsonl")
    try ReportFolder.write(
      pages.report, pages.lines + ["", asked.line], to: context.output("report"))
    try write(judgments, "judgments", "judgments.jsonl")
    try write(JSONWriter.compact(asked.ledger) + "\n", "ledger", "ledger.json")
  }

  /// Answers in FastChat's form; rows have no number, so that their place stands for it.
  private func writeAnswers(
    _ side: JudgeSide, _ name: String, _ contest: JudgeContest, _ context: StageContext
  ) throws {
    let lines = zip(contest.entries, side.conversations).enumerated().map { index, pair in
      let answers = pair.1.dropFirst(pair.0.script.opening.count).filter { $0.role == .assistant }
      return MTBenchAnswer(
        question: Int(pair.0.id) ?? index + 1, model: side.name, turns: answers.map(\.content)
      ).line
    }
    try OutputFile.write(
      Array(lines.joined().utf8), to: context.output("judgments") + "/\(name).jsonl")
  }
}
