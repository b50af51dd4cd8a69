internal import Diagnostics
internal import Documents
internal import Evaluation
internal import Records
internal import Reproducibility
internal import StageKit

/// What is asked of both sides: rows of a test set, or questions of MT-Bench's form.
struct JudgeContest {
  struct Entry: Sendable {
    /// A row id, or the number of a question.
    var id: String
    var category: String
    var script: ConversationWriter.Script
    /// Right answers by turn, or none.
    var references: [String]
    /// The row's own answer.
    var own: String?
  }

  let entries: [Entry]
  /// What a reader of the report must know.
  let notes: [String]

  init(_ parameters: JudgeParameters, _ context: StageContext) throws {
    if let pattern = parameters.questions.pattern {
      let files = context.files(parameters.questions.parameter)
      let questions = try files.flatMap {
        try MTBenchQuestion.read(DurableFile.read($0.path), file: $0.name)
      }
      guard !questions.isEmpty else {
        throw Diagnostic("judge.no-questions", "'\(SafeText.escaped(pattern))' names no file")
          .failure(.badInput)
      }
      let chosen = Self.limited(questions, parameters.limit) { UInt64($0.id.magnitude) }
      entries = chosen.map { Self.entry($0, parameters) }
      notes = []
      return
    }
    let (prompts, unfit) = try RowPrompt.read(
      "test", try RecordsReader(context.input("test").tree))
    entries = Self.limited(prompts, parameters.limit) { $0.row.bits }.map {
      Self.entry($0, parameters)
    }
    notes = unfit == 0 ? [] : ["\(unfit) rows of 'test' ask nothing and were left out"]
  }

  /// A sample that other entries do not change: the lowest keys, back in order.
  private static func limited<Item>(
    _ items: [Item], _ limit: Int?, _ key: (Item) -> UInt64
  ) -> [Item] {
    guard let limit, items.count > limit else { return items }
    return items.indices.sorted { (key(items[$0]), $0) < (key(items[$1]), $1) }
      .prefix(limit).sorted().map { items[$0] }
  }

  private static func entry(_ question: MTBenchQuestion, _ parameters: JudgeParameters) -> Entry {
    Entry(
      id: String(question.id), category: question.category,
      script: ConversationWriter.Script(
        [Message(.user, question.turns[0])], followUps: Array(question.turns.dropFirst()),
        settings(parameters, question.temperature)),
      references: question.references, own: nil)
  }

  private static func entry(_ prompt: RowPrompt, _ parameters: JudgeParameters) -> Entry {
    let category = prompt.fields.first { $0.key == parameters.category }?.value.stringValue
    return Entry(
      id: prompt.row.description, category: category ?? "",
      script: ConversationWriter.Script(prompt.turns, settings(parameters, 0)),
      references: prompt.answer.map { [$0] } ?? [], own: prompt.answer)
  }

  private static func settings(_ parameters: JudgeParameters, _ temperature: Double)
    -> TextSettings
  {
    TextSettings(
      maxNewTokens: parameters.tokensMax, temperature: parameters.temperature ?? temperature,
      seed: parameters.seed)
  }

  /// One item for each answer: with questions of two turns, two.
  ///
  /// - Parameter baseline: nil: answers are judged alone.
  func items(_ candidate: [[Message]], _ baseline: [[Message]]?, showsReferences: Bool)
    -> [JudgeItem]
  {
    entries.indices.flatMap { index -> [JudgeItem] in
      let entry = entries[index]
      return (1...entry.script.turns).map { turn in
        let count = entry.script.opening.count + 1 + 2 * (turn - 1)
        return JudgeItem(
          id: entry.id, category: entry.category, turn: turn,
          references: showsReferences ? Array(entry.references.prefix(turn)) : [],
          candidate: Array(candidate[index].prefix(count)),
          baseline: baseline.map { Array($0[index].prefix(count)) })
      }
    }
  }
}
