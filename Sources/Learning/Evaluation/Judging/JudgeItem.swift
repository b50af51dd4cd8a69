package import Records

/// What a judge looks at: two conversations with the same questions, or one.
package struct JudgeItem: Sendable, Hashable {
  /// As reports name it: a row id, or question and turn.
  package var id: String
  package var category: String
  /// Of the answer that is judged, counted from 1; before it stand the whole turns before.
  package var turn: Int
  /// Right answers to the questions of each turn; empty where none is known.
  package var references: [String]
  /// Ends with the answer that is judged.
  package var candidate: [Message]
  /// Nil when an answer is graded by itself.
  package var baseline: [Message]?

  package init(
    id: String, category: String = "", turn: Int = 1, references: [String] = [],
    candidate: [Message], baseline: [Message]? = nil
  ) {
    self.id = id
    self.category = category
    self.turn = turn
    self.references = references
    self.candidate = candidate
    self.baseline = baseline
  }

  /// The answer that is judged.
  package var candidateAnswer: String { candidate.last?.content ?? "" }
  package var baselineAnswer: String { baseline?.last?.content ?? "" }

  /// Categories whose answers are right or wrong, so that a judge is shown the right one.
  package static let referenceCategories: Set<String> = [
    "math", "reasoning", "coding", "arena-hard-200",
  ]
}
