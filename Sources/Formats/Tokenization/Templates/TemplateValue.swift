internal import Documents

/// A value while a template runs, with Python's meaning of it.
enum TemplateValue {
  case undefined(TemplateUndefined)
  case none
  case bool(Bool)
  case int(Int)
  case double(Double)
  case string(TemplateText)
  case list([TemplateValue])
  case tuple([TemplateValue])
  case dict(TemplateDict)
  /// What `range`, `items()`, `map` and the like return: no list, but iterable.
  case view(TemplateView)
  case namespace(TemplateNamespace)
  case macro(TemplateMacro)
  case function(TemplateFunction)
  case method(TemplateMethod)
  case loop(TemplateLoop)
  case object(TemplateObject)

  static func text(_ text: String) -> TemplateValue { .string(TemplateText(text)) }
  static var emptyText: TemplateValue { .string(TemplateText()) }

  static func undefined(_ hint: String) -> TemplateValue { .undefined(TemplateUndefined(hint)) }

  /// A JSON value; its strings come from `source` (nil: count as the template's own).
  init(_ json: JSONValue, source: Int?) {
    switch json {
    case .null: self = .none
    case .bool(let value): self = .bool(value)
    case .integer(let value): self = .int(Int(value))
    case .number(let value): self = .double(value)
    case .string(let value): self = .string(TemplateText(value, source: source))
    case .array(let items): self = .list(items.map { TemplateValue($0, source: source) })
    case .object(let members):
      var dict = TemplateDictBuilder(capacity: members.count)
      for member in members {
        dict.append(
          TemplateText(member.key, source: source), TemplateValue(member.value, source: source))
      }
      self = .dict(dict.dict)
    }
  }

  var isTrue: Bool {
    switch self {
    case .undefined, .none: false
    case .bool(let value): value
    case .int(let value): value != 0
    case .double(let value): value != 0
    case .string(let value): !value.isEmpty
    case .list(let items), .tuple(let items): !items.isEmpty
    case .dict(let dict): dict.count > 0
    case .view(let view): view.kind == .iterator || !view.items.isEmpty
    case .namespace, .macro, .function, .method, .loop, .object: true
    }
  }

  /// Python's name of the type.
  var typeName: String {
    switch self {
    case .undefined: "Undefined"
    case .none: "NoneType"
    case .bool: "bool"
    case .int: "int"
    case .double: "float"
    case .string: "str"
    case .list: "list"
    case .tuple: "tuple"
    case .dict: "dict"
    case .view(let view): view.kind.rawValue
    case .namespace: "Namespace"
    case .macro: "Macro"
    case .function, .method: "function"
    case .loop: "LoopContext"
    case .object(let object): object.kind.rawValue
    }
  }

  var isUndefined: Bool { if case .undefined = self { true } else { false } }
  var isNone: Bool { if case .none = self { true } else { false } }

  /// As a number for arithmetic: bools count as 0 and 1.
  var integer: Int? {
    switch self {
    case .int(let value): value
    case .bool(let value): value ? 1 : 0
    default: nil
    }
  }

  var number: Double? {
    if case .double(let value) = self { return value }
    return integer.map(Double.init)
  }

  var text: TemplateText? { if case .string(let text) = self { text } else { nil } }
  var items: [TemplateValue]? {
    switch self {
    case .list(let items), .tuple(let items): items
    default: nil
    }
  }

  /// Python's `==`.
  func equals(_ other: TemplateValue) -> Bool {
    switch (self, other) {
    case (.string(let a), .string(let b)): return a.equals(b)
    case (.string, _), (_, .string): return false
    case (.none, .none), (.undefined, .undefined): return true
    case (.list(let a), .list(let b)), (.tuple(let a), .tuple(let b)):
      return a.count == b.count && zip(a, b).allSatisfy { $0.equals($1) }
    case (.dict(let a), .dict(let b)): return a.equals(b)
    case (.view(let a), .view(let b)):
      if a === b { return true }
      guard a.kind == b.kind else { return false }
      switch a.kind {
      case .range: return TemplateValue.list(a.items).equals(.list(b.items))
      case .keys, .items:
        return a.items.count == b.items.count
          && a.items.allSatisfy { item in b.items.contains { $0.equals(item) } }
      case .values, .iterator: return false
      }
    case (.namespace(let a), .namespace(let b)): return a === b
    case (.macro(let a), .macro(let b)): return a === b
    case (.object(let a), .object(let b)): return a === b
    case (.function(let a), .function(let b)): return a == b
    default: break
    }
    if let a = integer, let b = other.integer { return a == b }
    if let a = number, let b = other.number { return a == b }
    return false
  }
}

/// Why a value is not there; an unsafe one is what the sandbox hides.
final class TemplateUndefined: Sendable {
  let hint: String
  let isUnsafe: Bool

  init(_ hint: String, isUnsafe: Bool = false) {
    self.hint = hint
    self.isUnsafe = isUnsafe
  }

  static let noElement = TemplateUndefined("the value has no such element")
  static let noElse = TemplateUndefined("the value of an 'if' without 'else' is undefined")

  /// What any use but printing and asking gives.
  var error: TemplateError { TemplateError(isUnsafe ? .unsafe : .undefined, hint) }
}

/// An iterable that is no list.
final class TemplateView {
  enum Kind: String {
    case range
    case keys = "dict_keys"
    case values = "dict_values"
    case items = "dict_items"
    /// Gives each item once.
    case iterator = "generator"
  }
  let kind: Kind
  let items: [TemplateValue]
  /// What prints a range.
  let bounds: (start: Int, stop: Int, step: Int)
  private var isSpent = false

  init(_ kind: Kind, _ items: [TemplateValue], bounds: (Int, Int, Int) = (0, 0, 1)) {
    self.kind = kind
    self.items = items
    self.bounds = bounds
  }

  /// All items; an iterator has none left afterwards.
  func take() -> [TemplateValue] {
    guard kind == .iterator else { return items }
    if isSpent { return [] }
    isSpent = true
    return items
  }
}

/// What `namespace()` makes: the one thing a template may change.
final class TemplateNamespace {
  @exclusivity(unchecked) var values: [(name: TemplateText, value: TemplateValue)] = []

  func find(_ name: TemplateText) -> TemplateValue? {
    for entry in values where entry.name.equals(name) { return entry.value }
    return nil
  }

  func set(_ name: TemplateText, _ value: TemplateValue) {
    for index in values.indices where values[index].name.equals(name) {
      values[index].value = value
      return
    }
    values.append((name, value))
  }
}

/// A macro and where it was defined.
final class TemplateMacro {
  let definition: TemplateMacroDefinition
  let scope: TemplateScope

  init(_ definition: TemplateMacroDefinition, scope: TemplateScope) {
    self.definition = definition
    self.scope = scope
  }
}

/// The functions every template knows.
enum TemplateFunction: String {
  case range, namespace, dict, cycler, joiner
  case raiseException = "raise_exception"
  case strftimeNow = "strftime_now"
}

/// A method bound to its value.
final class TemplateMethod {
  let receiver: TemplateValue
  let name: TemplateMethods.Name

  init(_ receiver: TemplateValue, _ name: TemplateMethods.Name) {
    self.receiver = receiver
    self.name = name
  }
}

/// What `cycler`, `joiner` and `groupby` make.
final class TemplateObject {
  enum Kind: String { case cycler = "Cycler", joiner = "Joiner", group = "tuple" }
  let kind: Kind
  /// Of a group: the key and the list.
  let items: [TemplateValue]
  var position = 0

  init(_ kind: Kind, _ items: [TemplateValue]) {
    self.kind = kind
    self.items = items
  }

  func member(_ name: String) -> TemplateValue? {
    switch (kind, name) {
    case (.cycler, "current"): items[position]
    case (.group, "grouper"): items[0]
    case (.group, "list"): items[1]
    default: nil
    }
  }
}

/// The `loop` of a `for`.
final class TemplateLoop {
  let items: [TemplateValue]
  let depth: Int
  /// The loop to run again for a recursive one, and where.
  let recursion: (statement: TemplateForStatement, scope: TemplateScope)?
  @exclusivity(unchecked) var index = 0
  var changed: [TemplateValue]?

  init(
    _ items: [TemplateValue], depth: Int, recursion: (TemplateForStatement, TemplateScope)?
  ) {
    self.items = items
    self.depth = depth
    self.recursion = recursion
  }

  private static let noPrevious = TemplateUndefined("there is no previous item")
  private static let noNext = TemplateUndefined("there is no next item")

  func find(_ name: TemplateAttribute) -> TemplateValue? {
    switch name.ofLoop {
    case .index: .int(index + 1)
    case .index0: .int(index)
    case .revindex: .int(items.count - index)
    case .revindex0: .int(items.count - index - 1)
    case .first: .bool(index == 0)
    case .last: .bool(index == items.count - 1)
    case .length: .int(items.count)
    case .depth: .int(depth)
    case .depth0: .int(depth - 1)
    case .previtem: index > 0 ? items[index - 1] : .undefined(Self.noPrevious)
    case .nextitem: index + 1 < items.count ? items[index + 1] : .undefined(Self.noNext)
    case nil: nil
    }
  }

  enum Member: String {
    case index, index0, revindex, revindex0, first, last, length, depth, depth0, previtem, nextitem
  }
}
