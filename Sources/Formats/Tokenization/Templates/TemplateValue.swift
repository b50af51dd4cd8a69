internal import Documents

/// A value while a template runs, with Python's meaning of it.
enum TemplateValue {
  /// `hint` says what was looked for; an unsafe one is what the sandbox hides.
  case undefined(hint: String, isUnsafe: Bool)
  case none
  case bool(Bool)
  case int(Int)
  case double(Double)
  case string(TemplateText)
  case list([TemplateValue])
  case tuple([TemplateValue])
  case dict(TemplateDict)
  /// What `selectattr`, `map` and the like return: iterable once, not a list.
  case generator([TemplateValue])
  case namespace(TemplateNamespace)
  case macro(TemplateMacro)
  case function(String)
  case method(TemplateMethod)
  case loop(TemplateLoop)

  static func text(_ text: String) -> TemplateValue { .string(TemplateText(text)) }

  static func undefined(_ name: String) -> TemplateValue {
    .undefined(hint: "'\(name)' is undefined", isUnsafe: false)
  }

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
      var dict = TemplateDict()
      for member in members {
        dict.append(
          TemplateText(member.key, source: source), TemplateValue(member.value, source: source))
      }
      self = .dict(dict)
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
    case .dict(let dict): !dict.entries.isEmpty
    case .generator, .namespace, .macro, .function, .method, .loop: true
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
    case .generator: "generator"
    case .namespace: "Namespace"
    case .macro: "Macro"
    case .function, .method: "function"
    case .loop: "LoopContext"
    }
  }

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
    case .list(let items), .tuple(let items), .generator(let items): items
    default: nil
    }
  }

  /// Python's `==`.
  func equals(_ other: TemplateValue) -> Bool {
    if let a = integer, let b = other.integer { return a == b }
    if let a = number, let b = other.number { return a == b }
    switch (self, other) {
    case (.none, .none), (.undefined, .undefined): return true
    case (.string(let a), .string(let b)): return a.bytes == b.bytes
    case (.list(let a), .list(let b)), (.tuple(let a), .tuple(let b)):
      return a.count == b.count && zip(a, b).allSatisfy { $0.equals($1) }
    case (.dict(let a), .dict(let b)):
      return a.entries.count == b.entries.count
        && a.entries.allSatisfy { entry in b.find(entry.key).map(entry.value.equals) ?? false }
    case (.namespace(let a), .namespace(let b)): return a === b
    case (.macro(let a), .macro(let b)): return a === b
    default: return false
    }
  }
}

/// A dict that keeps the order of insertion.
struct TemplateDict {
  private(set) var entries: [(key: TemplateValue, value: TemplateValue)] = []

  /// Sets the value of `key`, in its place if it is there.
  mutating func set(_ key: TemplateValue, _ value: TemplateValue) {
    if let index = entries.firstIndex(where: { $0.key.equals(key) }) {
      entries[index].value = value
    } else {
      entries.append((key, value))
    }
  }

  /// Adds a key known to be new.
  mutating func append(_ key: TemplateText, _ value: TemplateValue) {
    entries.append((.string(key), value))
  }

  func find(_ key: TemplateValue) -> TemplateValue? {
    entries.first { $0.key.equals(key) }?.value
  }

  func find(_ key: String) -> TemplateValue? {
    entries.first { entry in
      if case .string(let text) = entry.key { text.bytes.elementsEqual(key.utf8) } else { false }
    }?.value
  }
}

/// What `namespace()` makes: the one thing a template may change.
final class TemplateNamespace {
  var values: [(name: String, value: TemplateValue)] = []

  subscript(name: String) -> TemplateValue? {
    get { values.first { $0.name == name }?.value }
    set {
      guard let newValue else { return }
      if let index = values.firstIndex(where: { $0.name == name }) {
        values[index].value = newValue
      } else {
        values.append((name, newValue))
      }
    }
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

/// A method bound to its value.
final class TemplateMethod {
  let receiver: TemplateValue
  let name: String

  init(_ receiver: TemplateValue, _ name: String) {
    self.receiver = receiver
    self.name = name
  }
}

/// The `loop` of a `for`.
final class TemplateLoop {
  let items: [TemplateValue]
  let depth: Int
  var index = 0
  var changed: [TemplateValue]?

  init(_ items: [TemplateValue], depth: Int) {
    self.items = items
    self.depth = depth
  }

  subscript(name: String) -> TemplateValue? {
    switch name {
    case "index": .int(index + 1)
    case "index0": .int(index)
    case "revindex": .int(items.count - index)
    case "revindex0": .int(items.count - index - 1)
    case "first": .bool(index == 0)
    case "last": .bool(index == items.count - 1)
    case "length": .int(items.count)
    case "depth": .int(depth)
    case "depth0": .int(depth - 1)
    case "previtem": index > 0 ? items[index - 1] : .undefined("there is no previous item")
    case "nextitem":
      index + 1 < items.count ? items[index + 1] : .undefined("there is no next item")
    default: nil
    }
  }
}

/// Names and their values; inner scopes see outer ones.
final class TemplateScope {
  private var values: [String: TemplateValue] = [:]
  private let parent: TemplateScope?

  init(parent: TemplateScope? = nil) { self.parent = parent }

  func find(_ name: String) -> TemplateValue? {
    var scope: TemplateScope? = self
    while let current = scope {
      if let value = current.values[name] { return value }
      scope = current.parent
    }
    return nil
  }

  func set(_ name: String, _ value: TemplateValue) { values[name] = value }
}
