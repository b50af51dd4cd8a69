package import Diagnostics
package import Documents

/// What was decided about the rows of a source, and three rows to see it by: their columns, kinds
/// of values and roles of turns. Never what they hold.
package struct RowSketch: Sendable {
  package var file: String
  /// Nil when no row of the first batch fits a known shape.
  package var shape: RowShape?
  /// The user named the shape.
  package var isGiven: Bool
  package var examples: [String]

  private static let exampleCount = 3
  private static let columnsMax = 12
  private static let turnsMax = 8

  package init(
    _ batch: SourceBatch, file: String, shape: RowShape?, isGiven: Bool, header: CSVRecord?
  ) {
    self.file = file
    self.shape = shape
    self.isGiven = isGiven
    examples = batch.bytes.withUnsafeBufferPointer { bytes in
      batch.records.prefix(Self.exampleCount).map { record in
        let raw = UnsafeBufferPointer(rebasing: bytes[record.start..<record.end])
        let json = header == nil ? try? JSONReader.parse(raw, file: "") : try? header?.object(raw)
        return json.map(Self.row) ?? "not readable"
      }
    }
  }

  package var note: Diagnostic {
    let name = SafeText.escaped(file, limit: 200)
    let what = shape.map { "as \($0.rawValue)" } ?? "as no known type"
    let reason = isGiven ? "as 'type' says" : "by their columns"
    var seen: [String] = []
    for example in examples where !seen.contains(example) { seen.append(example) }
    return Diagnostic(
      "source.type",
      "rows of '\(name)' are read \(what), \(reason): \(seen.joined(separator: " | "))",
      at: SourceSpan(file: file, line: 1), severity: .note)
  }

  package var json: JSONValue {
    .object([
      "file": .string(file), "type": shape.map { .string($0.rawValue) } ?? .null,
      "by": .string(isGiven ? "type" : "columns"), "examples": .array(examples.map { .string($0) }),
    ])
  }

  private static func row(_ json: JSONValue) -> String {
    guard case .object(let members) = json else { return json.kindName }
    var parts = members.prefix(columnsMax).map { member in
      "\(SafeText.escaped(member.key, limit: 40)): \(kind(member.value))"
    }
    if members.count > columnsMax { parts.append("and \(members.count - columnsMax) more columns") }
    return parts.isEmpty ? "no columns" : parts.joined(separator: ", ")
  }

  private static func kind(_ value: JSONValue) -> String {
    switch value {
    case .null: return "null"
    case .bool: return "boolean"
    case .integer, .number: return "number"
    case .string: return "text"
    case .object: return "object"
    case .array(let items):
      let roles = items.prefix(turnsMax).compactMap(role)
      guard !items.isEmpty, roles.count == min(items.count, turnsMax) else {
        return items.isEmpty ? "empty list" : "list of \(items.count)"
      }
      let more = items.count > turnsMax ? " … \(items.count) turns" : ""
      return "[" + roles.joined(separator: " ") + more + "]"
    }
  }

  /// The role of a turn by our name, `?` for another word; nil for what is no turn.
  private static func role(_ turn: JSONValue) -> String? {
    for key in MessageReader.roleKeys {
      if let text = turn[key]?.stringValue {
        return MessageReader.roles[text]?.rawValue ?? "?"
      }
    }
    return nil
  }
}
