/// One thing a user should know: what was found, where, what was expected, what to type.
///
/// Messages start in lower case, quote what the user wrote, and never hold the contents of a row.
///
/// ```swift
/// throw Diagnostic(
///   "spec.unknown-parameter", "stage 'sft' has no parameter 'learning_rte'", at: key.span,
///   fix: "did you mean 'learning_rate'?").failure(.badInput)
/// ```
package struct Diagnostic: Sendable, Hashable, Codable {
  package enum Severity: String, Sendable, Codable { case error, warning, note }

  /// A second place that belongs to the same finding.
  package struct Related: Sendable, Hashable, Codable {
    package var span: SourceSpan
    package var message: String

    package init(_ message: String, at span: SourceSpan) {
      self.span = span
      self.message = message
    }
  }

  /// Stable, dotted, lower case: `room.what-is-wrong`.
  package var code: String
  package var severity: Severity
  package var message: String
  package var span: SourceSpan?
  /// One line: what to type or change.
  package var fix: String?
  package var related: [Related]

  package init(
    _ code: String, _ message: String, at span: SourceSpan? = nil, fix: String? = nil,
    severity: Severity = .error, related: [Related] = []
  ) {
    self.code = code
    self.severity = severity
    self.message = message
    self.span = span
    self.fix = fix
    self.related = related
  }

  /// This diagnostic as an error that ends the program with the status of `failureClass`.
  package func failure(_ failureClass: FailureClass) -> Failure {
    Failure([self], failureClass)
  }
}
