internal import Diagnostics
internal import Documents

/// What a task makes of a document: its question, its answer, its choices.
struct DocumentReader {
  let configuration: HarnessConfiguration
  let columns: Set<String>

  enum Question: Equatable {
    case text(String)
    /// The right one of several beginnings, which are the choices.
    case beginning(Int)
  }

  enum Target: Equatable {
    case index(Int)
    case text(String)
    case list([JSONValue])

    /// As the harness' samples show it.
    var json: JSONValue {
      switch self {
      case .index(let index): .integer(Int64(index))
      case .text(let text): .string(text)
      case .list(let items): .array(items)
      }
    }
  }

  /// - Parameter field: instead of the task's.
  func question(_ document: HarnessDocument, _ field: DocumentField? = nil) throws -> Question {
    let field = field ?? configuration.text
    switch try field.value(document, columns: columns) {
    case .string(let text):
      if !field.isColumn(columns), configuration.choices != nil, let index = Self.index(text) {
        return .beginning(index)
      }
      return .text(text)
    case .integer(let index): return .beginning(Int(index))
    case let value: throw wrong("doc_to_text", value, "a text", document)
    }
  }

  func target(_ document: HarnessDocument, _ field: DocumentField? = nil) throws -> Target {
    let field = field ?? configuration.target
    switch try field.value(document, columns: columns) {
    case .string(let text):
      if field.isColumn(columns) { return .text(text) }
      if configuration.choices != nil, let index = Self.index(text) { return .index(index) }
      if text.hasPrefix("["), text.hasSuffix("]"), text.count >= 2,
        case .array(let items)? = PythonLiteral.value(of: text)
      {
        return .list(items)
      }
      return .text(text)
    case .integer(let index): return .index(Int(index))
    case .bool(let isTrue): return .index(isTrue ? 1 : 0)
    case .array(let items): return .list(items)
    case .number(let number):
      return Int(exactly: number).map { .index($0) } ?? .text(PythonText.string(.number(number)))
    case let value: throw wrong("doc_to_target", value, "a text, a number or a list", document)
    }
  }

  func choices(_ document: HarnessDocument, _ field: DocumentField? = nil) throws -> [String] {
    guard let field = field ?? configuration.choices else { return [] }
    var value = try field.value(document, columns: columns)
    if case .string(let text) = value, !field.isColumn(columns) {
      guard let literal = PythonLiteral.value(of: text) else {
        throw wrong("doc_to_choice", value, "a list of texts", document)
      }
      value = literal
    }
    guard case .array(let items) = value, !items.isEmpty else {
      throw wrong("doc_to_choice", value, "a list of texts", document)
    }
    return try items.map { item in
      guard case .string(let text) = item else {
        throw wrong("an entry of doc_to_choice", item, "a text", document)
      }
      return text
    }
  }

  /// Nil where there is none.
  func text(_ field: DocumentField?, _ document: HarnessDocument) throws -> String? {
    guard let field else { return nil }
    switch try field.value(document, columns: columns) {
    case .string(let text): return text.isEmpty ? nil : text
    case .null: return nil
    case let value: return PythonText.string(value)
    }
  }

  /// `str.isdigit`, and the number.
  private static func index(_ text: String) -> Int? {
    guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return Int(text)
  }

  func wrong(
    _ what: String, _ value: JSONValue, _ expected: String, _ document: HarnessDocument
  ) -> Failure {
    Diagnostic(
      "task.wrong-document",
      "task '\(configuration.task)': \(what) of the document is \(value.kindName), "
        + "expected \(expected)",
      at: document.place
    ).failure(.badInput)
  }
}
