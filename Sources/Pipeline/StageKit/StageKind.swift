/// The name of a stage's kind, as written after `uses:`.
package struct StageKind: Sendable, Hashable, Codable, Comparable, ExpressibleByStringLiteral,
  CustomStringConvertible
{
  package let name: String

  package init(_ name: String) { self.name = name }
  package init(stringLiteral name: String) { self.name = name }
  package init(from decoder: any Decoder) throws {
    name = try decoder.singleValueContainer().decode(String.self)
  }
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(name)
  }
  package var description: String { name }
  package static func < (a: StageKind, b: StageKind) -> Bool { a.name < b.name }
}
