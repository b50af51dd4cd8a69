internal import Diagnostics
package import Records

/// A task with the rows that fit it.
package struct PreparedTask: Sendable {
  package let task: EvaluationTask
  package let items: [Item]
  /// Rows of the test set that have nothing for this task to measure.
  package let unfit: Int

  package struct Item: Sendable {
    package let row: Row
    /// Of generation tasks.
    package let prompt: EvaluationPrompt?
    package let reference: String?
  }

  package var rows: [RowID] { items.map(\.row.id) }

  /// - Throws: ``Failure`` of class `badInput` when no row fits.
  package init(_ task: EvaluationTask, _ rows: [Row]) throws {
    self.task = task
    var items = rows.compactMap { Self.item($0, task.metric.kind) }
    unfit = rows.count - items.count
    guard !items.isEmpty else {
      throw Diagnostic(
        "eval.no-rows",
        "task '\(SafeText.escaped(task.name))': none of \(rows.count) rows has what "
          + "'\(task.metric.rawValue)' measures (\(Self.needs(task.metric.kind)))",
        fix: "give the gate a test set of that shape, or choose another metric"
      ).failure(.badInput)
    }
    if let limit = task.limit, items.count > limit {
      // A sample that other rows do not change: the lowest identities, back in order.
      let kept = items.indices.sorted {
        (items[$0].row.id.bits, $0) < (items[$1].row.id.bits, $1)
      }.prefix(limit).sorted()
      items = kept.map { items[$0] }
    }
    self.items = items
  }

  private static func needs(_ kind: EvaluationMetric.Kind) -> String {
    switch kind {
    case .generation: "a conversation that ends with an assistant turn, or prompt and completion"
    case .likelihood: "text, conversation, completion or tokens"
    case .preference: "prompt, chosen and rejected"
    }
  }

  private static func item(_ row: Row, _ kind: EvaluationMetric.Kind) -> Item? {
    switch (kind, row.content) {
    case (.generation, .conversation(let turns, let tools)):
      guard let last = turns.last, last.role == .assistant, turns.count > 1 else { return nil }
      return Item(
        row: row, prompt: .conversation(Array(turns.dropLast()), tools: tools),
        reference: last.content)
    case (.generation, .completion(let prompt, let completion)):
      return Item(row: row, prompt: .text(prompt), reference: completion)
    case (.likelihood, .text), (.likelihood, .conversation), (.likelihood, .completion),
      (.likelihood, .tokens), (.preference, .preference):
      return Item(row: row, prompt: nil, reference: nil)
    default: return nil
    }
  }
}
