/// What is wrong with one row of a source; the place is added by the reader. Never quotes contents.
package struct RowProblem: Error, Sendable, Hashable {
  package var code: String
  package var message: String
  package var fix: String?

  package init(_ code: String, _ message: String, fix: String? = nil) {
    self.code = code
    self.message = message
    self.fix = fix
  }
}
