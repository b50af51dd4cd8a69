internal import Diagnostics
internal import Documents

/// Reads the keys of a mapping of a task file; every problem is kept with its place.
struct HarnessFields {
  let entries: [Node.Entry]
  /// Where the mapping stands, for keys that are missing.
  let span: SourceSpan
  private(set) var problems: [Diagnostic] = []

  init(_ entries: [Node.Entry], at span: SourceSpan) {
    self.entries = entries
    self.span = span
  }

  init(_ node: Node) { self.init(node.mapping ?? [], at: node.span) }

  /// Nil where the key is missing or null.
  func node(_ key: String) -> Node? {
    guard let node = entries.last(where: { $0.name == key })?.value, !node.isNull else {
      return nil
    }
    return node
  }

  mutating func problem(_ node: Node, _ message: String, fix: String? = nil) {
    problems.append(Diagnostic("task.wrong-value", message, at: node.span, fix: fix))
  }

  mutating func add(_ diagnostics: [Diagnostic]) { problems += diagnostics }

  mutating func string(_ key: String) -> String? {
    guard let node = node(key) else { return nil }
    if let text = text(node, key) { return text }
    return nil
  }

  /// The text of a scalar; functions are no texts.
  mutating func text(_ node: Node, _ key: String) -> String? {
    if let scalar = node.scalar {
      guard scalar.tag == HarnessFile.functionTag else { return scalar.text }
      problems.append(NativeFunctions.refusal(of: scalar.text, at: node.span))
      return nil
    }
    problem(node, "'\(key)' is \(node.kindName), expected a text")
    return nil
  }

  mutating func integer(_ key: String, in range: ClosedRange<Int>) -> Int? {
    guard let node = node(key) else { return nil }
    guard let value = CoreSchema.integer(node) else {
      problem(node, "'\(key)' is \(node.kindName), expected a whole number")
      return nil
    }
    guard range.contains(value) else {
      problem(
        node, "'\(key)' is \(value), expected \(range.lowerBound) to \(range.upperBound)")
      return nil
    }
    return value
  }

  mutating func number(_ key: String) -> Double? {
    guard let node = node(key) else { return nil }
    if let value = CoreSchema.number(node) { return value }
    problem(node, "'\(key)' is \(node.kindName), expected a number")
    return nil
  }

  mutating func flag(_ key: String) -> Bool? {
    guard let node = node(key) else { return nil }
    if let value = node.pythonValue.boolValue { return value }
    problem(node, "'\(key)' is \(node.kindName), expected true or false")
    return nil
  }

  /// A text or a list of texts.
  mutating func strings(_ key: String) -> [String]? {
    guard let node = node(key) else { return nil }
    return (node.sequence ?? [node]).compactMap { text($0, key) }
  }

  /// A list of mappings, or one mapping.
  mutating func mappings(_ key: String) -> [Node]? {
    guard let node = node(key) else { return nil }
    let items = node.sequence ?? [node]
    for item in items where item.mapping == nil {
      problem(item, "an entry of '\(key)' is \(item.kindName), expected keys and values")
    }
    return items.filter { $0.mapping != nil }
  }

  /// One of the names of an enumeration.
  mutating func choice<Value: RawRepresentable & CaseIterable>(_ key: String, _: Value.Type)
    -> Value? where Value.RawValue == String
  {
    guard let node = node(key), let text = text(node, key) else { return nil }
    if let value = Value(rawValue: text) { return value }
    let names = Value.allCases.map(\.rawValue)
    problem(
      node,
      "'\(key)' is '\(SafeText.escaped(text))', expected one of \(names.joined(separator: ", "))",
      fix: NearestName.suggestion(for: text, among: names).map { "did you mean '\($0)'?" })
    return nil
  }

  /// Complains of keys that are not among `known`.
  mutating func refuseOthers(than known: [String], in what: String) {
    for entry in entries where !known.contains(entry.name) {
      let nearest = NearestName.suggestion(for: entry.name, among: known)
      problems.append(
        Diagnostic(
          "task.unknown-key", "\(what) has no key '\(SafeText.escaped(entry.name, limit: 60))'",
          at: entry.key.span,
          fix: nearest.map { "did you mean '\($0)'?" }
            ?? "the keys are \(known.joined(separator: ", "))"))
    }
  }
}
