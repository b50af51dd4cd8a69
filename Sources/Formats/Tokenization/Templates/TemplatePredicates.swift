/// The tests of Jinja: what may follow `is`.
enum TemplatePredicates {
  static let names: Set<String> = [
    "boolean", "callable", "defined", "divisibleby", "eq", "equalto", "even", "false", "filter",
    "float", "ge", "greaterthan", "gt", "in", "integer", "iterable", "le", "lessthan", "lower",
    "lt", "mapping", "ne", "none", "number", "odd", "sameas", "sequence", "string", "test", "true",
    "undefined", "upper",
  ]

  static func holds(
    _ name: String, _ value: TemplateValue, _ arguments: TemplateCall, _ run: TemplateRun
  ) throws(TemplateError) -> Bool {
    switch name {
    case "defined": if case .undefined = value { return false } else { return true }
    case "undefined": if case .undefined = value { return true } else { return false }
    case "none": if case .none = value { return true } else { return false }
    case "string": return value.text != nil
    case "mapping": if case .dict = value { return true } else { return false }
    case "boolean": if case .bool = value { return true } else { return false }
    case "true": if case .bool(true) = value { return true } else { return false }
    case "false": if case .bool(false) = value { return true } else { return false }
    case "integer": if case .int = value { return true } else { return false }
    case "float": if case .double = value { return true } else { return false }
    case "number": return value.number != nil
    case "callable":
      switch value {
      case .macro, .function, .method: return true
      default: return false
      }
    case "iterable", "sequence": return isIterable(value, asSequence: name == "sequence")
    case "lower", "upper":
      let text = try value.printed(run)
      return TemplateMethods.cased(text, name).bytes == text.bytes && !text.isEmpty
    case "odd", "even", "divisibleby": return try divides(name, value, arguments)
    case "filter": return TemplateFilters.names.contains(try value.printed(run).string)
    case "test": return names.contains(try value.printed(run).string)
    default: return try compares(name, value, arguments, run)
    }
  }

  private static func isIterable(_ value: TemplateValue, asSequence: Bool) -> Bool {
    switch value {
    case .string, .list, .tuple, .dict: true
    case .undefined, .generator: !asSequence
    default: false
    }
  }

  private static func divides(_ name: String, _ value: TemplateValue, _ arguments: TemplateCall)
    throws(TemplateError) -> Bool
  {
    guard let integer = value.integer else {
      throw TemplateError(.type, "'\(name)' of '\(value.typeName)'")
    }
    if name != "divisibleby" { return (integer & 1 == 1) == (name == "odd") }
    guard let divisor = try arguments.integer(0, "num"), divisor != 0 else {
      throw TemplateError(.type, "division by zero")
    }
    return divisor == -1 || integer % divisor == 0
  }

  private static func compares(
    _ name: String, _ value: TemplateValue, _ arguments: TemplateCall, _ run: TemplateRun
  ) throws(TemplateError) -> Bool {
    guard names.contains(name) else {
      throw TemplateError(.syntax, "no test is named '\(name)'")
    }
    guard let other = arguments.positional.first else {
      throw TemplateError(.type, "the test '\(name)' needs a value")
    }
    switch name {
    case "ne": return !value.equals(other)
    case "in": return try run.contains(other, value)
    case "lt", "lessthan": return try run.order(value, other) < 0
    case "le": return try run.order(value, other) <= 0
    case "gt", "greaterthan": return try run.order(value, other) > 0
    case "ge": return try run.order(value, other) >= 0
    default: return value.equals(other)
    }
  }
}
