package import Documents

extension ParameterDeclaration {
  /// The parameter as JSON Schema (draft 7). Any scalar may also be an interpolation such as
  /// `${params.x}`.
  package var schema: JSONValue {
    var members = [JSONMember("description", .string(help))]
    if let defaultValue, defaultValue != .null {
      members.append(JSONMember("default", defaultValue))
    }
    members += Self.members(type)
    return .object(members)
  }

  /// The schema of a mapping with these parameters.
  package static func schema(_ declarations: [ParameterDeclaration]) -> JSONValue {
    var members: [JSONMember] = [
      JSONMember("type", "object"), JSONMember("additionalProperties", false),
      JSONMember("properties", .object(declarations.map { JSONMember($0.key, $0.schema) })),
    ]
    let required = declarations.filter { $0.defaultValue == nil }
    if !required.isEmpty {
      members.append(JSONMember("required", .array(required.map { .string($0.key) })))
    }
    return .object(members)
  }

  private static let interpolation: JSONValue = .object([
    "type": "string", "pattern": "\\$\\{[^}]+\\}",
  ])

  private static func members(_ type: ValueType) -> [JSONMember] {
    switch type {
    case .string, .files: return [JSONMember("type", .array(["string", "number", "boolean"]))]
    case .flag: return either(.object(["type": "boolean"]))
    case .list:
      let item: JSONValue = .object(["type": .array(["string", "number", "boolean"])])
      return [
        JSONMember("anyOf", .array([.object(["type": "array", "items": item]), item]))
      ]
    case .mapping:
      let value: JSONValue = .object(["type": .array(["string", "number", "boolean"])])
      return [JSONMember("type", "object"), JSONMember("additionalProperties", value)]
    case .variables:
      return [
        JSONMember("type", "object"), JSONMember("additionalProperties", variable),
      ]
    case .integer(let range):
      return either(
        .object(
          [JSONMember("type", "integer")]
            + bounds(Double(range.lowerBound), Double(range.upperBound), limit: 0x1p53)))
    case .number(let range):
      return either(
        .object(
          [JSONMember("type", "number")]
            + bounds(range.lowerBound, range.upperBound, limit: .greatestFiniteMagnitude)))
    case .choice(let names):
      return either(.object(["enum": .array(names.map { .string($0) })]))
    case .openObjects:
      return [JSONMember("type", "array"), JSONMember("items", .object(["type": "object"]))]
    case .open: return []
    case .objects(let declarations):
      return [JSONMember("type", "array"), JSONMember("items", schema(declarations))]
    }
  }

  /// A text, or the name of the variable that holds a secret.
  package static let variable: JSONValue = .object([
    "anyOf": .array([
      .object(["type": .array(["string", "number", "boolean"])]),
      .object([
        "type": "object", "additionalProperties": false, "required": .array(["secret"]),
        "properties": .object([
          "secret": .object([
            "type": "object", "additionalProperties": false, "required": .array(["env"]),
            "properties": .object([
              "env": .object([
                "description":
                  "The variable that holds the secret; its value is kept nowhere and taken out of logs.",
                "type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]*$",
              ])
            ]),
          ])
        ]),
      ]),
    ])
  ])

  private static func either(_ schema: JSONValue) -> [JSONMember] {
    [JSONMember("anyOf", .array([schema, interpolation]))]
  }

  private static func bounds(_ low: Double, _ high: Double, limit: Double) -> [JSONMember] {
    func exact(_ value: Double) -> JSONValue {
      Int64(exactly: value).map { .integer($0) } ?? .number(value)
    }
    var members: [JSONMember] = []
    if low > -limit { members.append(JSONMember("minimum", exact(low))) }
    if high < limit { members.append(JSONMember("maximum", exact(high))) }
    return members
  }
}
