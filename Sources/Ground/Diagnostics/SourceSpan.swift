/// A place in a text file that a user wrote.
///
/// Lines and columns count from 1; columns and lengths count Unicode scalars, so that a caret
/// stands under the character an editor shows at that column.
package struct SourceSpan: Sendable, Hashable, Codable {
  /// The path as the user gave it.
  package var file: String
  package var line: Int
  package var column: Int
  /// Scalars covered on `line`; at least 1.
  package var length: Int

  package init(file: String, line: Int, column: Int = 1, length: Int = 1) {
    self.file = file
    self.line = line
    self.column = column
    self.length = max(1, length)
  }
}
