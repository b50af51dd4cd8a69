internal import Documents
internal import Patterns

/// One value against a schema; stops at the first violation and after a bounded number of steps.
struct JSONSchemaCheck {
  let nodes: [JSONSchema.Node]
  private var steps = 0
  /// Whether a bound was reached: then no answer is a yes, whatever `not` made of it.
  private(set) var wasCut = false

  init(nodes: [JSONSchema.Node]) { self.nodes = nodes }

  typealias Violation = JSONSchema.Violation

  mutating func violation(_ index: Int, _ value: JSONValue, _ place: String, depth: Int)
    -> Violation?
  {
    steps += 1
    guard steps <= JSONSchema.stepsMax, depth <= JSONSchema.depthMax else {
      wasCut = true
      return Violation(keyword: "$ref", pointer: place)
    }
    let node = nodes[index]
    func fails(_ keyword: String) -> Violation { Violation(keyword: keyword, pointer: place) }
    if let types = node.types, !types.contains(where: { Self.isOf($0, value) }) {
      return fails("type")
    }
    if let values = node.values, !values.contains(where: { Self.isEqual($0, value) }) {
      return fails("enum")
    }
    if let keyword = scalarViolation(node, value) { return fails(keyword) }
    if let reference = node.reference,
      let found = violation(reference, value, place, depth: depth + 1)
    {
      return found
    }
    if let found = objectViolation(node, value, place, depth) { return found }
    if let found = arrayViolation(node, value, place, depth) { return found }
    return combinationViolation(node, value, place, depth)
  }

  private static func isOf(_ type: String, _ value: JSONValue) -> Bool {
    switch value {
    case .null: type == "null"
    case .bool: type == "boolean"
    case .integer: type == "integer" || type == "number"
    case .number(let number):
      type == "number" || type == "integer" && number.rounded() == number
    case .string: type == "string"
    case .array: type == "array"
    case .object: type == "object"
    }
  }

  private func scalarViolation(_ node: JSONSchema.Node, _ value: JSONValue) -> String? {
    let limits = node.limits
    if let number = value.doubleValue {
      if let bound = limits.minimum, number < bound { return "minimum" }
      if let bound = limits.maximum, number > bound { return "maximum" }
      if let bound = limits.exclusiveMinimum, number <= bound { return "exclusiveMinimum" }
      if let bound = limits.exclusiveMaximum, number >= bound { return "exclusiveMaximum" }
      if let divisor = node.multipleOf, !Self.divides(divisor, number) { return "multipleOf" }
    }
    if let text = value.stringValue {
      let length = text.unicodeScalars.count
      if let bound = limits.minLength, length < bound { return "minLength" }
      if let bound = limits.maxLength, length > bound { return "maxLength" }
      if let pattern = node.pattern, !pattern.isFound(in: text) { return "pattern" }
    }
    return nil
  }

  /// Whether a quotient is whole, up to the rounding of one division: 0.3 is a multiple of 0.1.
  private static func divides(_ divisor: Double, _ number: Double) -> Bool {
    let quotient = number / divisor
    return abs(quotient - quotient.rounded()) <= 2 * quotient.ulp
  }

  private mutating func objectViolation(
    _ node: JSONSchema.Node, _ value: JSONValue, _ place: String, _ depth: Int
  ) -> Violation? {
    guard let members = value.objectValue else { return nil }
    func fails(_ keyword: String) -> Violation { Violation(keyword: keyword, pointer: place) }
    if let bound = node.limits.minProperties, members.count < bound {
      return fails("minProperties")
    }
    if let bound = node.limits.maxProperties, members.count > bound {
      return fails("maxProperties")
    }
    let keys = Set(members.map(\.key))
    for key in node.required where !keys.contains(key) { return fails("required") }
    for member in members {
      let inner = place + "/" + JSONSchemaCompiler.escaped(member.key)
      if let names = node.propertyNames,
        violation(names, .string(member.key), inner, depth: depth + 1) != nil
      {
        return fails("propertyNames")
      }
      var isNamed = false
      for property in node.properties where property.key == member.key {
        isNamed = true
        if let found = violation(property.node, member.value, inner, depth: depth + 1) {
          return found
        }
      }
      for entry in node.patterns where entry.pattern.isFound(in: member.key) {
        isNamed = true
        if let found = violation(entry.node, member.value, inner, depth: depth + 1) {
          return found
        }
      }
      if !isNamed, let additional = node.additional,
        let found = violation(additional, member.value, inner, depth: depth + 1)
      {
        return found.pointer == inner ? fails("additionalProperties") : found
      }
    }
    return nil
  }

  private mutating func arrayViolation(
    _ node: JSONSchema.Node, _ value: JSONValue, _ place: String, _ depth: Int
  ) -> Violation? {
    guard let items = value.arrayValue else { return nil }
    func fails(_ keyword: String) -> Violation { Violation(keyword: keyword, pointer: place) }
    if let bound = node.limits.minItems, items.count < bound { return fails("minItems") }
    if let bound = node.limits.maxItems, items.count > bound { return fails("maxItems") }
    for (offset, item) in items.enumerated() {
      let schema = offset < node.prefix.count ? node.prefix[offset] : node.items
      guard let schema else { continue }
      if let found = violation(schema, item, "\(place)/\(offset)", depth: depth + 1) {
        return found
      }
    }
    guard node.uniqueItems else { return nil }
    for index in items.indices {
      for other in items[..<index] {
        steps += 1
        if steps > JSONSchema.stepsMax { wasCut = true }
        if wasCut || Self.isEqual(items[index], other) { return fails("uniqueItems") }
      }
    }
    return nil
  }

  private mutating func combinationViolation(
    _ node: JSONSchema.Node, _ value: JSONValue, _ place: String, _ depth: Int
  ) -> Violation? {
    func fails(_ keyword: String) -> Violation { Violation(keyword: keyword, pointer: place) }
    for part in node.allOf {
      if let found = violation(part, value, place, depth: depth + 1) { return found }
    }
    if !node.anyOf.isEmpty {
      var isAny = false
      for part in node.anyOf where !isAny {
        isAny = violation(part, value, place, depth: depth + 1) == nil
      }
      if !isAny { return fails("anyOf") }
    }
    if !node.oneOf.isEmpty {
      var count = 0
      for part in node.oneOf where violation(part, value, place, depth: depth + 1) == nil {
        count += 1
      }
      if count != 1 { return fails("oneOf") }
    }
    if let not = node.not, violation(not, value, place, depth: depth + 1) == nil {
      return fails("not")
    }
    return nil
  }

  /// JSON Schema's equality: 1 is 1.0, members have no order.
  static func isEqual(_ a: JSONValue, _ b: JSONValue) -> Bool {
    switch (a, b) {
    case (.array(let left), .array(let right)):
      return left.count == right.count && zip(left, right).allSatisfy { isEqual($0, $1) }
    case (.object(let left), .object(let right)):
      guard left.count == right.count else { return false }
      let other = Dictionary(right.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
      return left.allSatisfy { member in
        other[member.key].map { isEqual(member.value, $0) } ?? false
      }
    case (.integer(let left), .integer(let right)): return left == right
    case (.integer, .number), (.number, .integer), (.number, .number):
      return a.doubleValue == b.doubleValue
    default: return a == b
    }
  }
}
