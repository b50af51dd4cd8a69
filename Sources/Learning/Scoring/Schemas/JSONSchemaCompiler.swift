internal import Diagnostics
internal import Documents
internal import Patterns

/// A schema document → nodes, each place once.
struct JSONSchemaCompiler {
  private static let annotations: Set<String> = [
    "$schema", "$id", "$comment", "$defs", "definitions", "title", "description", "default",
    "examples", "deprecated", "readOnly", "writeOnly", "format", "contentEncoding",
    "contentMediaType", "$anchor",
  ]
  private static let types: Set<String> = [
    "null", "boolean", "object", "array", "number", "string", "integer",
  ]

  private let document: JSONValue
  private var nodes: [JSONSchema.Node] = []
  private var indices: [String: Int] = [:]
  /// Places that are named and not compiled yet.
  private var waiting: [(pointer: String, value: JSONValue)] = []

  init(_ document: JSONValue) { self.document = document }

  mutating func compile() throws -> [JSONSchema.Node] {
    _ = index(of: "", document)
    while let place = waiting.popLast() {
      guard let index = indices[place.pointer] else { continue }
      nodes[index] = try node(place.value, place.pointer)
    }
    return nodes
  }

  /// The node of a place, which is compiled later.
  private mutating func index(of pointer: String, _ value: JSONValue) -> Int {
    if let known = indices[pointer] { return known }
    indices[pointer] = nodes.count
    nodes.append(JSONSchema.Node())
    waiting.append((pointer, value))
    return nodes.count - 1
  }

  private func problem(_ pointer: String, _ what: String) -> Failure {
    Diagnostic(
      "schema.invalid", "the JSON schema at '\(SafeText.escaped("#" + pointer))' \(what)"
    ).failure(.badInput)
  }

  private mutating func node(_ value: JSONValue, _ pointer: String) throws -> JSONSchema.Node {
    var node = JSONSchema.Node()
    switch value {
    case .bool(let accepts): if !accepts { node.types = [] }
    case .object(let members):
      for member in members {
        try read(member.key, member.value, pointer + "/" + Self.escaped(member.key), &node)
      }
    default: throw problem(pointer, "is \(value.kindName), expected an object, true or false")
    }
    return node
  }

  static func escaped(_ key: String) -> String {
    key.replacing("~", with: "~0").replacing("/", with: "~1")
  }

  private mutating func read(
    _ keyword: String, _ value: JSONValue, _ pointer: String, _ node: inout JSONSchema.Node
  ) throws {
    switch keyword {
    case "type": node.types = try types(value, pointer)
    case "enum": node.values = try list(value, pointer)
    case "const": node.values = [value]
    case "$ref": node.reference = try reference(value, pointer)
    case "required": node.required = try strings(value, pointer)
    case "pattern": node.pattern = try pattern(value, pointer)
    case "uniqueItems":
      guard let flag = value.boolValue else { throw problem(pointer, "must be true or false") }
      node.uniqueItems = flag
    case "properties":
      node.properties = try members(value, pointer).map {
        ($0.key, index(of: pointer + "/" + Self.escaped($0.key), $0.value))
      }
    case "patternProperties":
      node.patterns = try members(value, pointer).map {
        let place = pointer + "/" + Self.escaped($0.key)
        return (try pattern(.string($0.key), place), index(of: place, $0.value))
      }
    case "additionalProperties": node.additional = index(of: pointer, value)
    case "propertyNames": node.propertyNames = index(of: pointer, value)
    case "items": node.items = index(of: pointer, value)
    case "prefixItems": node.prefix = try schemas(value, pointer)
    case "allOf": node.allOf = try schemas(value, pointer)
    case "anyOf": node.anyOf = try schemas(value, pointer)
    case "oneOf": node.oneOf = try schemas(value, pointer)
    case "not": node.not = index(of: pointer, value)
    default:
      if try limit(keyword, value, pointer, &node) { return }
      guard Self.annotations.contains(keyword) else {
        throw problem(pointer, "is a keyword that is not supported")
      }
    }
  }

  /// False when the keyword is no limit.
  private func limit(
    _ keyword: String, _ value: JSONValue, _ pointer: String, _ node: inout JSONSchema.Node
  ) throws -> Bool {
    switch keyword {
    case "minimum": node.limits.minimum = try number(value, pointer)
    case "maximum": node.limits.maximum = try number(value, pointer)
    case "exclusiveMinimum": node.limits.exclusiveMinimum = try number(value, pointer)
    case "exclusiveMaximum": node.limits.exclusiveMaximum = try number(value, pointer)
    case "multipleOf":
      let divisor = try number(value, pointer)
      guard divisor > 0 else { throw problem(pointer, "must be above 0") }
      node.multipleOf = divisor
    case "minLength": node.limits.minLength = try count(value, pointer)
    case "maxLength": node.limits.maxLength = try count(value, pointer)
    case "minItems": node.limits.minItems = try count(value, pointer)
    case "maxItems": node.limits.maxItems = try count(value, pointer)
    case "minProperties": node.limits.minProperties = try count(value, pointer)
    case "maxProperties": node.limits.maxProperties = try count(value, pointer)
    default: return false
    }
    return true
  }

  private func types(_ value: JSONValue, _ pointer: String) throws -> [String] {
    let names = try value.stringValue.map { [$0] } ?? strings(value, pointer)
    for name in names where !Self.types.contains(name) {
      throw problem(
        pointer,
        "names the type '\(SafeText.escaped(name))', expected one of "
          + Self.types.sorted().joined(separator: ", "))
    }
    return names
  }

  /// `#` or `#/pointer` of the same document.
  private mutating func reference(_ value: JSONValue, _ pointer: String) throws -> Int {
    guard let text = value.stringValue, text == "#" || text.hasPrefix("#/") else {
      throw problem(pointer, "must be a place of the same document, such as '#/$defs/name'")
    }
    var target = document
    for part in text.dropFirst().split(separator: "/", omittingEmptySubsequences: false).dropFirst()
    {
      let key = String(part).replacing("~1", with: "/").replacing("~0", with: "~")
      if let member = target[key] {
        target = member
      } else if let items = target.arrayValue, let index = Int(key), items.indices.contains(index) {
        target = items[index]
      } else {
        throw problem(pointer, "refers to '\(SafeText.escaped(text))', which is not there")
      }
    }
    return index(of: String(text.dropFirst()), target)
  }

  private func pattern(_ value: JSONValue, _ pointer: String) throws -> Pattern {
    guard let text = value.stringValue else { throw problem(pointer, "must be a string") }
    return try Pattern(text, dialect: .ecma)
  }

  private func number(_ value: JSONValue, _ pointer: String) throws -> Double {
    guard let number = value.doubleValue else { throw problem(pointer, "must be a number") }
    return number
  }

  private func count(_ value: JSONValue, _ pointer: String) throws -> Int {
    guard let count = value.integerValue, count >= 0 else {
      throw problem(pointer, "must be an integer of at least 0")
    }
    return count
  }

  private func list(_ value: JSONValue, _ pointer: String) throws -> [JSONValue] {
    guard let list = value.arrayValue else { throw problem(pointer, "must be an array") }
    return list
  }

  private func strings(_ value: JSONValue, _ pointer: String) throws -> [String] {
    try list(value, pointer).map {
      guard let text = $0.stringValue else { throw problem(pointer, "must hold strings") }
      return text
    }
  }

  private func members(_ value: JSONValue, _ pointer: String) throws -> [JSONMember] {
    guard let members = value.objectValue else { throw problem(pointer, "must be an object") }
    return members
  }

  private mutating func schemas(_ value: JSONValue, _ pointer: String) throws -> [Int] {
    let list = try list(value, pointer)
    if list.isEmpty { throw problem(pointer, "must not be empty") }
    return list.enumerated().map { index(of: "\(pointer)/\($0.offset)", $0.element) }
  }
}
