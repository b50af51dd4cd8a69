internal import Diagnostics
internal import Documents
internal import Records
internal import Reproducibility
internal import StageKit

/// What a row asks, whatever its shape, and the answer it came with.
struct RowPrompt: Sendable {
  let row: RowID
  /// Ends with a turn that is not the assistant's.
  let turns: [Message]
  let answer: String?
  /// The row's own columns, and `completion`, its answer, unless a column is called so: what
  /// verifiers read.
  let fields: [JSONMember]

  var question: String { turns.last?.content ?? "" }

  /// What verifiers see of an answer to it.
  var verified: JSONValue {
    let has = fields.contains { $0.key == "completion" }
    return .object(
      fields + (has ? [] : answer.map { [JSONMember("completion", .string($0))] } ?? []))
  }

  /// Nil for a row that asks nothing.
  init?(_ row: Row) {
    self.row = row.id
    fields = row.fields
    switch row.content {
    case .conversation(let all, _):
      let count = (all.lastIndex { $0.role != .assistant } ?? -1) + 1
      guard count > 0 else { return nil }
      turns = all.prefix(count).map { Message($0.role, $0.content) }
      answer = all.count > count ? all[count...].map(\.content).joined() : nil
    case .completion(let prompt, let completion):
      turns = [Message(.user, prompt)]
      answer = completion
    case .text(let text):
      turns = [Message(.user, text)]
      answer = nil
    case .preference(let prompt, let chosen, _):
      turns = prompt.map { Message($0.role, $0.content) }
      answer = chosen.map(\.content).joined()
    case .unpaired(let prompt, let completion, let label):
      turns = prompt.map { Message($0.role, $0.content) }
      answer = label ? completion.map(\.content).joined() : nil
    case .tokens: return nil
    }
    if turns.isEmpty || turns.allSatisfy({ $0.content.isEmpty }) { return nil }
  }

  /// The same for a stage that makes rows of them, which are trained on: a sealed test set is
  /// refused.
  static func readForTraining(_ port: String, _ tree: FileTree) throws -> (
    prompts: [RowPrompt], unfit: Int
  ) {
    try SealedSplit.refuse(tree, port: port)
    return try read(port, try RecordsReader(tree))
  }

  /// What can be said of the input at `port` before the run.
  static func preflight(_ port: String, _ inputs: PreflightInputs) -> [Diagnostic] {
    guard let artifact = inputs.artifacts[port] else { return [] }
    do {
      try SealedSplit.refuse(artifact.tree, port: port)
      return []
    } catch {
      return (error as? Failure)?.diagnostics ?? []
    }
  }

  /// The prompts of an artifact, and how many rows have none.
  ///
  /// - Throws: ``Failure`` of class `badInput` when none has one.
  static func read(_ port: String, _ reader: RecordsReader) throws -> (
    prompts: [RowPrompt], unfit: Int
  ) {
    var prompts: [RowPrompt] = []
    try reader.forEach { row in if let prompt = RowPrompt(row) { prompts.append(prompt) } }
    guard !prompts.isEmpty else {
      throw Diagnostic(
        "prompts.none", "none of the \(reader.rowCount) rows of '\(port)' holds a prompt",
        fix: "give rows with text, a conversation, or prompt and completion"
      ).failure(.badInput)
    }
    return (prompts, reader.rowCount - prompts.count)
  }
}
