package import Diagnostics
package import Documents

/// Turns an Axolotl configuration into a pipeline, and tells what became of each of its keys.
///
/// ```swift
/// let made = AxolotlImport(try YAMLReader.parse(bytes, file: path), file: path) { _ in false }
/// ```
package struct AxolotlImport: Sendable {
  /// In the order of the file; every key of the file is in one of them.
  package let findings: [AxolotlFinding]
  /// The text of the pipeline file; nil when ``problems`` are in its way.
  package let pipeline: String?
  /// Why there is no pipeline.
  package let problems: [Diagnostic]
  /// Folders and files that the pipeline names, and what has to be there.
  package let expected: [(path: String, what: String)]

  /// - Parameters:
  ///   - file: as the user gave it; named in the pipeline's head.
  ///   - exists: whether there is a folder or file of that name: tells a path from a Hub id.
  package init(_ document: Node, file: String, exists: @escaping (String) -> Bool) {
    guard document.mapping != nil else {
      findings = []
      pipeline = nil
      expected = []
      problems = [
        Diagnostic(
          "import.document", "the document is \(document.kindName), expected a mapping",
          at: document.span)
      ]
      return
    }
    var reader = AxolotlReader(document, exists: exists)
    let text = reader.read(file: file)
    findings = reader.findings.sorted {
      ($0.span.line, $0.span.column, $0.key) < ($1.span.line, $1.span.column, $1.key)
    }
    problems = reader.problems
    expected = reader.expected
    pipeline =
      reader.problems.isEmpty
      ? text.pipeline(file: file, expected: reader.expected, findings: findings) : nil
  }
}
