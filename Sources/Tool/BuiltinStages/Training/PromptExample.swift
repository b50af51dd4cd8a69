internal import Diagnostics
internal import Documents
internal import Records
internal import Tokenization

/// A prompt that a model completes, and what its rewards may read.
struct PromptExample: Sendable {
  let row: RowID
  /// Rendered, with a generation prompt.
  let ids: [Int32]
  /// Its last question, as text.
  let text: String
  /// The row's own columns, and `completion`, the answer it came with, unless a column is called so.
  let fields: JSONValue
  /// The answer it came with.
  let solution: String?

  /// - Throws: ``Failure`` of class `badInput` for a row that holds no prompt.
  init(_ row: Row, _ builder: ExampleBuilder, port: String) throws {
    self.row = row.id
    let answer: String?
    switch row.content {
    case .conversation(let turns, let tools):
      let count = (turns.lastIndex { $0.role != .assistant } ?? -1) + 1
      guard count > 0 else { throw Self.problem(row.id, port, "has no turn to answer") }
      answer = turns.count > count ? turns[count...].map(\.content).joined() : nil
      ids = try builder.promptIDs(Array(turns.prefix(count)), tools: tools)
      text = turns[count - 1].content
    case .completion(let prompt, let completion):
      answer = completion
      ids = builder.promptIDs(text: prompt)
      text = prompt
    case .text(let prompt):
      answer = nil
      ids = builder.promptIDs(text: prompt)
      text = prompt
    case .preference(let prompt, let chosen, _):
      answer = chosen.map(\.content).joined()
      ids = try builder.promptIDs(prompt)
      text = prompt.last?.content ?? ""
    case .unpaired(let prompt, let completion, let label):
      answer = label ? completion.map(\.content).joined() : nil
      ids = try builder.promptIDs(prompt)
      text = prompt.last?.content ?? ""
    case .tokens: throw Self.problem(row.id, port, "is tokens, and rewards read text")
    }
    if ids.isEmpty { throw Self.problem(row.id, port, "has an empty prompt") }
    solution = answer
    let has = row.fields.contains { $0.key == "completion" }
    fields = .object(
      row.fields + (has ? [] : answer.map { [JSONMember("completion", .string($0))] } ?? []))
  }

  private static func problem(_ row: RowID, _ port: String, _ what: String) -> Failure {
    Diagnostic(
      "training.wrong-row", "row \(row) of '\(port)' \(what)",
      fix: "ingest prompts with 'type: prompt'"
    ).failure(.badInput)
  }
}
