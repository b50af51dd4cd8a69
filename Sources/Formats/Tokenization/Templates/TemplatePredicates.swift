/// The tests of Jinja: what may follow `is`.
enum TemplatePredicates {
  enum Name: String, CaseIterable {
    case boolean, callable, defined, divisibleby, eq, equalto, escaped, even, filter, float, ge,
      greaterthan, gt, integer, iterable, le, lessthan, lower, lt, mapping, ne, none, number, odd,
      sameas, sequence, string, test, undefined, upper
    case isTrue = "true"
    case isFalse = "false"
    case isIn = "in"
    case isEqual = "=="
    case isUnequal = "!="
    case isLess = "<"
    case isLessOrEqual = "<="
    case isGreater = ">"
    case isGreaterOrEqual = ">="
  }

  static func holds(
    _ name: Name, _ value: TemplateValue, _ arguments: TemplateCall, _ run: TemplateRun
  ) throws(TemplateError) -> Bool {
    switch name {
    case .divisibleby, .sameas, .isIn, .eq, .equalto, .isEqual, .ne, .isUnequal, .lt, .lessthan,
      .isLess, .le, .isLessOrEqual, .gt, .greaterthan, .isGreater, .ge, .isGreaterOrEqual:
      guard arguments.positional.count == 1, arguments.named.isEmpty else {
        throw TemplateError(.type, "the test '\(name.rawValue)' needs one value")
      }
      return try compares(name, value, arguments.positional[0], run)
    default:
      guard arguments.positional.isEmpty, arguments.named.isEmpty else {
        throw TemplateError(.type, "the test '\(name.rawValue)' takes no value")
      }
      return try holds(name, value, run)
    }
  }

  private static func holds(_ name: Name, _ value: TemplateValue, _ run: TemplateRun)
    throws(TemplateError) -> Bool
  {
    switch name {
    case .defined: return !value.isUndefined
    case .undefined: return value.isUndefined
    case .none: return value.isNone
    case .string: return value.text != nil
    case .escaped: return value.text?.isMarkup ?? false
    case .mapping: if case .dict = value { return true } else { return false }
    case .boolean: if case .bool = value { return true } else { return false }
    case .isTrue: if case .bool(true) = value { return true } else { return false }
    case .isFalse: if case .bool(false) = value { return true } else { return false }
    case .integer: if case .int = value { return true } else { return false }
    case .float: if case .double = value { return true } else { return false }
    case .number: return value.number != nil
    case .callable: return isCallable(value)
    case .iterable: return isIterable(value)
    case .sequence: return isSequence(value)
    case .lower, .upper:
      return TemplateMethods.isAll(try value.printed(run), name == .lower ? .islower : .isupper)
    case .odd, .even:
      if case .double(let number) = value {
        let rest = number - 2 * (number / 2).rounded(.down)
        return rest == (name == .odd ? 1 : 0)
      }
      guard let integer = value.integer else { throw type(name, value) }
      return (integer & 1 == 1) == (name == .odd)
    case .filter:
      try TemplateRun.checkHashable(value)
      return TemplateFilters.Name(rawValue: try value.printed(run).string) != nil
    default: return Name(rawValue: try value.printed(run).string) != nil
    }
  }

  private static func type(_ name: Name, _ value: TemplateValue) -> TemplateError {
    if case .undefined(let undefined) = value { return undefined.error }
    return TemplateError(.type, "'\(name.rawValue)' of '\(value.typeName)'")
  }

  private static func isCallable(_ value: TemplateValue) -> Bool {
    switch value {
    case .macro, .function, .method, .undefined, .loop: true
    case .object(let object): object.kind == .joiner
    default: false
    }
  }

  private static func isIterable(_ value: TemplateValue) -> Bool {
    switch value {
    case .string, .list, .tuple, .dict, .view, .undefined, .loop: true
    case .object(let object): object.kind == .group
    default: false
    }
  }

  private static func isSequence(_ value: TemplateValue) -> Bool {
    switch value {
    case .string, .list, .tuple, .dict, .undefined: true
    case .view(let view): view.kind == .range
    case .object(let object): object.kind == .group
    default: false
    }
  }

  private static func compares(
    _ name: Name, _ value: TemplateValue, _ other: TemplateValue, _ run: TemplateRun
  ) throws(TemplateError) -> Bool {
    switch name {
    case .divisibleby:
      guard value.number != nil, other.number != nil else { throw type(name, value) }
      return try !run.arithmetic(.modulo, value, other).isTrue
    case .ne, .isUnequal: return !value.equals(other)
    case .isIn: return try run.contains(other, value)
    case .lt, .lessthan, .isLess: return try run.holds(.less, value, other)
    case .le, .isLessOrEqual: return try run.holds(.lessOrEqual, value, other)
    case .gt, .greaterthan, .isGreater: return try run.holds(.greater, value, other)
    case .ge, .isGreaterOrEqual: return try run.holds(.greaterOrEqual, value, other)
    case .sameas: return isSame(value, other)
    default: return value.equals(other)
    }
  }

  /// Python's `is`, for what templates ask: constants, and small integers.
  private static func isSame(_ value: TemplateValue, _ other: TemplateValue) -> Bool {
    switch (value, other) {
    case (.none, .none): true
    case (.bool(let a), .bool(let b)): a == b
    case (.int(let a), .int(let b)): a == b
    case (.string(let a), .string(let b)): a.equals(b)
    case (.dict(let a), .dict(let b)): a === b
    case (.namespace(let a), .namespace(let b)): a === b
    default: false
    }
  }
}
