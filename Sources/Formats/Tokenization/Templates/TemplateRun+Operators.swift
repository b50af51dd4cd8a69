private import Foundation

extension TemplateRun {
  func sign(_ value: TemplateValue, negative: Bool) throws(TemplateError) -> TemplateValue {
    if case .double(let number) = value { return .double(negative ? -number : number) }
    guard let integer = value.integer else {
      throw operand(value, "a sign before '\(value.typeName)'")
    }
    if !negative { return .int(integer) }
    let (result, overflow) = 0.subtractingReportingOverflow(integer)
    if overflow { throw Self.overflow }
    return .int(result)
  }

  private static let overflow = TemplateError(.limit, "an integer that does not fit 64 bits")

  /// The error for an operand that does not fit: an undefined one is an error of its own.
  private func operand(_ value: TemplateValue, _ message: String) -> TemplateError {
    if case .undefined(let undefined) = value { return undefined.error }
    return TemplateError(.type, message)
  }

  /// Lists and dicts cannot be keys.
  static func checkHashable(_ key: TemplateValue) throws(TemplateError) {
    switch key {
    case .list, .dict: throw TemplateError(.type, "unhashable type: '\(key.typeName)'")
    case .tuple(let items): for item in items { try checkHashable(item) }
    default: break
    }
  }

  func arithmetic(
    _ op: TemplateArithmetic, _ left: TemplateValue, _ right: TemplateValue
  ) throws(TemplateError) -> TemplateValue {
    if op == .modulo, case .string(let format) = left {
      return .string(try TemplateFormat.percent(format, right, self))
    }
    if case .undefined = left { throw operand(left, "") }
    if case .undefined = right { throw operand(right, "") }
    if let a = left.integer, let b = right.integer { return try integers(op, a, b) }
    if let a = left.number, let b = right.number { return try doubles(op, a, b) }
    switch (op, left, right) {
    case (.add, .string(let a), .string(let b)):
      try charge(a.count + b.count)
      return .string(a.joined(b))
    case (.add, .list(let a), .list(let b)):
      try step(a.count + b.count)
      return .list(a + b)
    case (.add, .tuple(let a), .tuple(let b)):
      try step(a.count + b.count)
      return .tuple(a + b)
    case (.multiply, .string(let text), _) where right.integer != nil:
      return .string(try repeated(text, right.integer ?? 0))
    case (.multiply, _, .string(let text)) where left.integer != nil:
      return .string(try repeated(text, left.integer ?? 0))
    case (.multiply, .list(let items), _) where right.integer != nil:
      return .list(try repeated(items, right.integer ?? 0))
    case (.multiply, _, .list(let items)) where left.integer != nil:
      return .list(try repeated(items, left.integer ?? 0))
    case (.multiply, .tuple(let items), _) where right.integer != nil:
      return .tuple(try repeated(items, right.integer ?? 0))
    case (.multiply, _, .tuple(let items)) where left.integer != nil:
      return .tuple(try repeated(items, left.integer ?? 0))
    case (.add, .string, _):
      throw TemplateError(.type, "can only concatenate str (not \"\(right.typeName)\") to str")
    default:
      throw TemplateError(
        .type, "'\(op.rawValue)' of '\(left.typeName)' and '\(right.typeName)'")
    }
  }

  private func repeated(_ text: TemplateText, _ times: Int) throws(TemplateError) -> TemplateText {
    let (bytes, overflow) = text.count.multipliedReportingOverflow(by: max(0, times))
    try charge(overflow ? .max : bytes)
    var out = TemplateText()
    if text.isEmpty { return out }
    for _ in 0..<max(0, times) { out.append(text) }
    return out
  }

  private func repeated(_ items: [TemplateValue], _ times: Int) throws(TemplateError)
    -> [TemplateValue]
  {
    let times = max(0, times)
    guard times == 0 || items.count <= TemplateLimits.range / times else {
      throw TemplateError(.limit, "a list of more than \(TemplateLimits.range) items")
    }
    try step(items.count * times)
    return (0..<times).flatMap { _ in items }
  }

  private func integers(_ op: TemplateArithmetic, _ a: Int, _ b: Int)
    throws(TemplateError) -> TemplateValue
  {
    switch op {
    case .add: return try checked(a.addingReportingOverflow(b))
    case .subtract: return try checked(a.subtractingReportingOverflow(b))
    case .multiply: return try checked(a.multipliedReportingOverflow(by: b))
    case .divide:
      if b == 0 { throw TemplateError(.type, "division by zero") }
      return .double(Double(a) / Double(b))
    case .floorDivide, .modulo:
      if b == 0 { throw TemplateError(.type, "division by zero") }
      let (quotient, overflow) = a.dividedReportingOverflow(by: b)
      if overflow {
        if op == .modulo { return .int(0) }
        throw Self.overflow
      }
      let rest = a - quotient * b
      let adjusts = rest != 0 && (rest < 0) != (b < 0)
      if op == .modulo { return .int(adjusts ? rest + b : rest) }
      return .int(adjusts ? quotient - 1 : quotient)
    case .power:
      if b < 0 { return .double(pow(Double(a), Double(b))) }
      var result = 1
      for _ in 0..<min(b, 64) {
        let (next, overflow) = result.multipliedReportingOverflow(by: a)
        if overflow { throw Self.overflow }
        result = next
      }
      if b > 64, a != 0, a != 1 {
        guard a == -1 else { throw Self.overflow }
        result = b % 2 == 0 ? 1 : -1
      }
      return .int(result)
    }
  }

  private func checked(_ result: (partialValue: Int, overflow: Bool)) throws(TemplateError)
    -> TemplateValue
  {
    if result.overflow { throw Self.overflow }
    return .int(result.partialValue)
  }

  private func doubles(_ op: TemplateArithmetic, _ a: Double, _ b: Double)
    throws(TemplateError) -> TemplateValue
  {
    switch op {
    case .add: return .double(a + b)
    case .subtract: return .double(a - b)
    case .multiply: return .double(a * b)
    case .power: return .double(pow(a, b))
    case .divide, .floorDivide, .modulo:
      if b == 0 { throw TemplateError(.type, "division by zero") }
      if op == .divide { return .double(a / b) }
      // As Python does: the remainder of C, with the sign of the divisor.
      var rest = fmod(a, b)
      if rest != 0, (rest < 0) != (b < 0) { rest += b }
      if op == .modulo { return .double(rest == 0 ? copysign(0, b) : rest) }
      let quotient = (a - rest) / b
      if quotient == 0 { return .double(copysign(0, a / b)) }
      let floor = quotient.rounded(.down)
      return .double(quotient - floor > 0.5 ? floor + 1 : floor)
    }
  }

  // MARK: - Comparison

  func holds(
    _ op: TemplateComparison, _ left: TemplateValue, _ right: TemplateValue
  ) throws(TemplateError) -> Bool {
    switch op {
    case .equal: return left.equals(right)
    case .notEqual: return !left.equals(right)
    case .in: return try contains(right, left)
    case .notIn: return !(try contains(right, left))
    case .less: return try order(left, right) < 0
    case .lessOrEqual: return try order(left, right) <= 0
    case .greater: return try order(left, right) > 0
    case .greaterOrEqual: return try order(left, right) >= 0
    }
  }

  /// −1, 0 or 1 as Python orders two values; values of kinds that have no order are an error.
  func order(_ left: TemplateValue, _ right: TemplateValue) throws(TemplateError) -> Int {
    if let a = left.integer, let b = right.integer { return a < b ? -1 : a > b ? 1 : 0 }
    if let a = left.number, let b = right.number { return a < b ? -1 : a > b ? 1 : 0 }
    switch (left, right) {
    case (.string(let a), .string(let b)):
      if a.equals(b) { return 0 }
      return a.bytes.lexicographicallyPrecedes(b.bytes) ? -1 : 1
    case (.list(let a), .list(let b)), (.tuple(let a), .tuple(let b)):
      for (x, y) in zip(a, b) {
        try step()
        if x.equals(y) { continue }
        let result = try order(x, y)
        if result != 0 { return result }
      }
      return a.count < b.count ? -1 : a.count > b.count ? 1 : 0
    default:
      if case .undefined = left { throw operand(left, "") }
      throw operand(
        right, "'\(left.typeName)' and '\(right.typeName)' have no order")
    }
  }

  func contains(_ container: TemplateValue, _ value: TemplateValue) throws(TemplateError) -> Bool {
    switch container {
    case .string(let text):
      guard case .string(let needle) = value else {
        throw operand(
          value, "'in <string>' requires string as left operand, not \(value.typeName)")
      }
      try step(text.count / 64)
      return text.find(needle.bytes) != nil
    case .list(let items), .tuple(let items):
      try step(items.count)
      return items.contains { $0.equals(value) }
    case .dict(let dict):
      try Self.checkHashable(value)
      try step(dict.count / 8)
      return dict.find(value) != nil
    case .undefined: return false
    case .view, .object:
      let items = try iterate(container)
      try step(items.count)
      return items.contains { $0.equals(value) }
    default:
      throw TemplateError(.type, "argument of type '\(container.typeName)' is not iterable")
    }
  }
}
