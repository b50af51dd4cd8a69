internal import Diagnostics
internal import Documents

/// The kinds of assertions there are.
package enum AssertionKinds {
  static let all: [any AssertionCheck.Type] = [
    EqualsAssertion.self, ContainsAssertion.self, StartsWithAssertion.self, RegexAssertion.self,
    JSONAssertion.self, JSONPathAssertion.self, EditAssertion.self, OverlapAssertion.self,
    LengthAssertion.self,
  ]

  /// Every type, without `not-`.
  package static var names: [String] { all.flatMap { $0.names } }

  static func find(_ json: JSONValue, _ position: Int) throws -> (any AssertionCheck.Type, String) {
    guard let type = json["type"]?.stringValue else {
      throw Diagnostic(
        "assertion.no-type", "assertion \(position + 1) is \(json.kindName) without 'type'",
        fix: "write type: and one of \(names.joined(separator: ", "))"
      ).failure(.badInput)
    }
    // No type begins with not-, so that one prefix is read.
    let name = type.hasPrefix("not-") ? String(type.dropFirst(4)) : type
    guard let kind = all.first(where: { $0.names.contains(name) }) else {
      let near = NearestName.suggestion(for: name, among: names)
      throw Diagnostic(
        "assertion.unknown-type",
        "assertion \(position + 1) has the type '\(SafeText.escaped(type))', which there is not",
        fix: near.map { "did you mean '\($0)'?" } ?? "use one of \(names.joined(separator: ", "))"
      ).failure(.badInput)
    }
    return (kind, name)
  }
}
