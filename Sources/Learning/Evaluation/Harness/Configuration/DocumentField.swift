package import Diagnostics
package import Documents
package import Tokenization

/// A document of a data file, as a task sees it.
package struct HarnessDocument: Sendable, Hashable {
  package var json: JSONValue
  /// Where it stands in its file.
  package var place: SourceSpan

  package init(_ json: JSONValue, at place: SourceSpan) {
    self.json = json
    self.place = place
  }

  /// What two documents that Python calls equal share.
  var identity: [UInt8] { JSONWriter.canonical(json) }
}

/// How a part of a prompt comes from a document: `doc_to_text`, `doc_to_target`, `doc_to_choice`.
package enum DocumentField: Sendable {
  /// The name of a column, or else a Jinja template.
  case written(PlainTemplate)
  /// A number or a list that is the same for every document.
  case constant(JSONValue)
  /// What a function of the harness' task does, written here.
  case native(@Sendable (JSONValue) throws -> JSONValue)

  /// - Parameter columns: of the task's documents.
  /// - Throws: ``Failure`` that names the document where the field does not fit it.
  func value(_ document: HarnessDocument, columns: Set<String>) throws -> JSONValue {
    switch self {
    case .constant(let value): return value
    case .native(let function):
      return try Self.placing(document) { try function(document.json) }
    case .written(let template):
      if columns.contains(template.source) {
        guard let value = document.json[template.source] else {
          throw Self.missing(template.source, document)
        }
        return value
      }
      return .string(
        try Self.placing(document) { try template.text(TemplateVariables(document.json)) })
    }
  }

  /// Whether the value of a document is its column, not text made of it.
  func isColumn(_ columns: Set<String>) -> Bool {
    if case .written(let template) = self { return columns.contains(template.source) }
    return false
  }

  static func missing(_ name: String, _ document: HarnessDocument) -> Failure {
    Diagnostic(
      "task.no-field", "the document has no field '\(SafeText.escaped(name, limit: 60))'",
      at: document.place, fix: "its fields are \(names(of: document.json))"
    ).failure(.badInput)
  }

  static func names(of json: JSONValue) -> String {
    let names = (json.objectValue ?? []).prefix(20).map { SafeText.escaped($0.key, limit: 40) }
    return names.isEmpty ? "none" : names.joined(separator: ", ")
  }

  /// Adds the document's place to what `body` throws.
  private static func placing<Result>(_ document: HarnessDocument, _ body: () throws -> Result)
    throws -> Result
  {
    do {
      return try body()
    } catch var failure as Failure {
      failure.diagnostics = failure.diagnostics.map { diagnostic in
        var diagnostic = diagnostic
        if diagnostic.span == nil {
          diagnostic.span = document.place
        } else {
          diagnostic.related.append(.init("the document stands here", at: document.place))
        }
        return diagnostic
      }
      throw failure
    }
  }
}
