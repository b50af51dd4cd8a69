private import Foundation

extension Failure {
  /// One JSON object for programs: the class of failure and every diagnostic, flat.
  ///
  /// ```json
  /// {"diagnostics":[{"code":"yaml.tab","column":1,"file":"p.yaml","fix":"…","length":1,"line":2,
  ///   "message":"…","severity":"error"}],"exit_status":65}
  /// ```
  package var json: String {
    Self.json(diagnostics, exitStatus: failureClass.rawValue)
  }

  /// The same for diagnostics that did not stop anything.
  package static func json(_ diagnostics: [Diagnostic], exitStatus: Int32) -> String {
    let report = Report(
      diagnostics: Diagnostic.inSourceOrder(diagnostics).map(Finding.init), exit_status: exitStatus)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Texts and integers always encode.
    guard let data = try? encoder.encode(report) else { return "{\"diagnostics\":[]}" }
    return String(decoding: data, as: UTF8.self)
  }

  private struct Report: Encodable {
    var diagnostics: [Finding]
    var exit_status: Int32
  }

  private struct Finding: Encodable {
    var code: String
    var severity: String
    var message: String
    var file: String?
    var line: Int?
    var column: Int?
    var length: Int?
    var fix: String?
    var related: [Place]?

    init(_ diagnostic: Diagnostic) {
      code = diagnostic.code
      severity = diagnostic.severity.rawValue
      message = diagnostic.message
      file = diagnostic.span?.file
      line = diagnostic.span?.line
      column = diagnostic.span?.column
      length = diagnostic.span?.length
      fix = diagnostic.fix
      related = diagnostic.related.isEmpty ? nil : diagnostic.related.map(Place.init)
    }
  }

  private struct Place: Encodable {
    var file: String
    var line: Int
    var column: Int
    var message: String

    init(_ related: Diagnostic.Related) {
      file = related.span.file
      line = related.span.line
      column = related.span.column
      message = related.message
    }
  }
}
