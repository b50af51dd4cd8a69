package import Documents

/// A JSON value inside a `Codable` one, as text: keeps the order of members and the difference
/// between 1 and 1.0, which Foundation's coders lose.
package struct JSONText: Sendable, Hashable, Codable {
  package var value: JSONValue

  package init(_ value: JSONValue) { self.value = value }

  package init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    value = try JSONReader.parse(Array(text.utf8), file: "recorded value")
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(JSONWriter.compact(value))
  }
}
