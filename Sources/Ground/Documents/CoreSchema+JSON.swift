extension CoreSchema {
  /// The value of a document when nobody declares a type: plain scalars by the core schema, all
  /// others as texts.
  ///
  /// JSON has no infinity: `.inf`, `.nan` and numbers beyond a double stay texts. Integers beyond 64
  /// bits become floats.
  package static func json(_ node: Node) -> JSONValue {
    switch node.content {
    case .sequence(let items): return .array(items.map(json))
    case .mapping(let entries):
      return .object(entries.map { JSONMember($0.name, json($0.value)) })
    case .scalar(let scalar):
      guard scalar.isPlain else { return .string(scalar.text) }
      if node.isNull { return .null }
      if let flag = bool(node) { return .bool(flag) }
      if scalar.tag != "tag:yaml.org,2002:float", let value = integer(text: scalar.text) {
        return .integer(Int64(value))
      }
      return number(node).map { .number($0) } ?? .string(scalar.text)
    }
  }
}
