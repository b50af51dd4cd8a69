internal import Diagnostics
internal import Evaluation
internal import Generation
internal import ModelFiles
internal import Records
internal import Reproducibility
internal import StageKit
internal import Tokenization

/// Where one side's answers come from.
struct JudgeSide {
  let name: String
  /// Whole conversations, in the order of the contest's entries.
  let conversations: [[Message]]
  var notes: [String] = []

  /// The answers at `port`, or nil where nothing is given.
  init?(
    _ port: String, file: FilePattern, _ contest: JudgeContest, fallback: ChatTemplate?,
    device: DeviceClass, _ context: StageContext
  ) throws {
    if file.pattern != nil {
      let answers = try context.files(file.parameter).flatMap {
        try MTBenchAnswer.read(DurableFile.read($0.path), file: $0.name)
      }
      name = answers.first.map { $0.model.isEmpty ? port : $0.model } ?? port
      conversations = try Self.matched(answers, contest, port)
      return
    }
    guard let artifact = context.optionalInput(port) else { return nil }
    if artifact.type == .records {
      name = port
      conversations = try Self.matched(
        try RowPrompt.read(port, try RecordsReader(artifact.tree)).prompts, contest, port)
      return
    }
    let model = try LocalSampler(
      artifact, fallback: fallback, device: device, context)
    name = "\(port) \(artifact.digest.short)"
    let total = contest.entries.reduce(0) { $0 + $1.script.turns }
    conversations = try ConversationWriter(model).write(contest.entries.map(\.script)) { done in
      context.progress(done, of: total, "answers of the \(port)")
      try context.checkCancelled()
    }
    if model.shortened > 0 {
      notes = [
        "\(port): \(model.shortened) prompts were longer than the model's context and lost their "
          + "beginning"
      ]
    }
  }

  /// The answers that the rows came with.
  init(own contest: JudgeContest) throws {
    name = "the rows' own answers"
    let lacking = contest.entries.count { $0.own == nil }
    guard lacking == 0 else {
      throw Diagnostic(
        "judge.no-baseline",
        "\(lacking) of \(contest.entries.count) rows of 'test' have no answer "
          + "to compare with",
        fix: "give the input 'baseline', rows with answers, or 'mode: single'"
      ).failure(.badInput)
    }
    conversations = contest.entries.map {
      $0.script.opening + [Message(.assistant, $0.own ?? "")]
    }
  }

  private static func matched(
    _ answers: [MTBenchAnswer], _ contest: JudgeContest, _ port: String
  ) throws -> [[Message]] {
    let byQuestion = Dictionary(
      answers.map { (String($0.question), $0.turns) }, uniquingKeysWith: { first, _ in first })
    let missing = contest.entries.filter {
      (byQuestion[$0.id]?.count ?? 0) < $0.script.turns
    }
    guard missing.isEmpty else { throw incomplete(missing.map(\.id), contest, port) }
    return contest.entries.map { entry in
      var turns = entry.script.opening
      for (index, answer) in (byQuestion[entry.id] ?? []).prefix(entry.script.turns).enumerated() {
        if index > 0 { turns.append(Message(.user, entry.script.followUps[index - 1])) }
        turns.append(Message(.assistant, answer))
      }
      return turns
    }
  }

  /// Rows belong together when they ask the same; of several answers the first counts.
  private static func matched(
    _ rows: [RowPrompt], _ contest: JudgeContest, _ port: String
  ) throws -> [[Message]] {
    let byTurns = Dictionary(
      rows.filter { $0.answer != nil }.map { ($0.turns, $0.answer ?? "") },
      uniquingKeysWith: { first, _ in first })
    let missing = contest.entries.filter { byTurns[$0.script.opening] == nil }
    guard missing.isEmpty else { throw incomplete(missing.map(\.id), contest, port) }
    return contest.entries.map {
      $0.script.opening + [Message(.assistant, byTurns[$0.script.opening] ?? "")]
    }
  }

  private static func incomplete(_ missing: [String], _ contest: JudgeContest, _ port: String)
    -> Failure
  {
    let named = missing.prefix(3).joined(separator: ", ")
    return Diagnostic(
      "judge.missing-answers",
      "'\(port)' answers \(contest.entries.count - missing.count) of \(contest.entries.count) "
        + "questions; \(named)\(missing.count > 3 ? " and others are" : missing.count == 1 ? " is" : " are") missing",
      fix: "give answers to all, or a model that writes them"
    ).failure(.badInput)
  }
}
