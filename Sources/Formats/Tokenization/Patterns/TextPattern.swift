/// A regular expression that users write, matched in time linear in the text.
///
/// The subset is that of tokenizer files: classes, groups, alternatives, repeats, look-ahead where
/// ``PatternParser`` takes it; no back-references.
package struct TextPattern: Sendable {
  /// What is wrong with an expression.
  package struct Problem: Error {
    package var message: String
    /// In Unicode scalars from the start of the expression.
    package var offset: Int
  }

  private let pattern: Pattern

  package init(_ source: String) throws(Problem) {
    do {
      pattern = try Pattern(source)
    } catch {
      throw Problem(message: error.message, offset: error.offset)
    }
  }

  /// Whether the expression matches anywhere in `text`, valid UTF-8.
  package func occurs(in text: UnsafeBufferPointer<UInt8>) -> Bool {
    var found = false
    pattern.forEachMatch(in: text) { _, _ in found = true }
    return found
  }
}
