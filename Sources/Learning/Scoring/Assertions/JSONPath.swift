package import Documents

/// A way into JSON by names and places: `$.a.b[0]['c d']` (the singular queries of RFC 9535).
package struct JSONPath: Sendable, Hashable {
  private enum Step: Sendable, Hashable {
    case name(String)
    /// From the end when negative.
    case place(Int)
  }

  private var steps: [Step] = []

  /// Nil when the text is no such path.
  package init?(_ text: String) {
    var rest = text.unicodeScalars[...]
    guard rest.popFirst() == "$" else { return nil }
    while let first = rest.popFirst() {
      if first == "." {
        let name = rest.prefix { $0 == "_" || $0 == "-" || PythonText.isWord($0) }
        guard !name.isEmpty else { return nil }
        steps.append(.name(String(name)))
        rest = rest[name.endIndex...]
      } else if first == "[", let step = Self.bracket(&rest) {
        steps.append(step)
      } else {
        return nil
      }
    }
  }

  /// What stands between `[`, already taken, and `]`.
  private static func bracket(_ rest: inout Substring.UnicodeScalarView) -> Step? {
    guard let first = rest.first else { return nil }
    if first == "'" || first == "\"" {
      rest.removeFirst()
      let name = rest.prefix { $0 != first }
      rest = rest[name.endIndex...]
      guard rest.popFirst() == first, rest.popFirst() == "]" else { return nil }
      return .name(String(name))
    }
    let digits = rest.prefix { $0 == "-" || ("0"..."9").contains($0) }
    rest = rest[digits.endIndex...]
    guard let place = Int(String(digits)), rest.popFirst() == "]" else { return nil }
    return .place(place)
  }

  /// Nil where the path leads nowhere.
  package func value(in json: JSONValue) -> JSONValue? {
    var value = json
    for step in steps {
      switch step {
      case .name(let name):
        guard let next = value[name] else { return nil }
        value = next
      case .place(let place):
        guard let items = value.arrayValue else { return nil }
        let index = place < 0 ? items.count + place : place
        guard items.indices.contains(index) else { return nil }
        value = items[index]
      }
    }
    return value
  }
}
