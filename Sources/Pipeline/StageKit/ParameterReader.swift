package import Diagnostics
package import Documents

/// Reads a stage's parameters by name: type, default, range and help in one place.
///
/// Run against a document it returns values and collects every problem with its place, unknown
/// keys included; run against nothing it yields the schema.
///
/// ```swift
/// threshold = read.number("threshold", default: 0.8, in: 0...1, help: "Jaccard similarity.")
/// sources = read.list("sources", help: "Where rows come from.") { Source(&$0) }
/// ```
///
/// A parameter without a default is required. Values of a problematic key are its default, or a
/// harmless value of the type; the plan stops before anyone uses them.
package struct ParameterReader {
  /// The mapping read, or nil when only the schema is wanted.
  let document: Node?
  /// `sources[0].` in a list, "" at the top.
  let path: String
  /// The stage's kind, for messages.
  let owner: String
  /// Whether values are lowered to their ``SmokeLimit``.
  let isSmoke: Bool

  /// Problems so far, in the order of reading.
  package private(set) var diagnostics: [Diagnostic] = []
  /// Effective values so far, defaults included.
  package private(set) var values: [JSONMember] = []
  /// Declarations so far.
  package private(set) var declarations: [ParameterDeclaration] = []
  /// Files that parameters name, to be found and digested by the planner.
  package private(set) var fileInputs: [FileInput] = []
  /// Files of the pipeline's folder that parameters name.
  package internal(set) var workspace = WorkspaceFiles()
  /// Devices that the stage computes on, and which one where that was said.
  package internal(set) var gpuCount = 0
  package internal(set) var gpuIndex: Int?

  package init(_ document: Node?, owner: String, path: String = "", isSmoke: Bool = false) {
    self.owner = owner
    self.path = path
    self.isSmoke = isSmoke
    guard let document, document.mapping == nil, !document.isNull else {
      self.document = document
      return
    }
    // Nothing can be read from it; one message, and no complaints about missing keys.
    self.document = nil
    let name = path.isEmpty ? "'with' of '\(owner)'" : "'\(path.dropLast())'"
    diagnostics.append(
      Diagnostic(
        "spec.wrong-type", "\(name) is \(document.kindName), expected a mapping",
        at: document.span))
  }

  // MARK: - Scalars

  package mutating func string(_ key: String, default fallback: String? = nil, help: String)
    -> String
  {
    scalar(key, .string, fallback.map { .string($0) }, help) {
      $0.scalar?.text
    } wrap: {
      .string($0)
    } ?? fallback ?? ""
  }

  /// A string that may be left out; the default is nothing.
  package mutating func optionalString(_ key: String, help: String) -> String? {
    scalar(key, .string, .null, help) {
      $0.scalar?.text
    } wrap: {
      .string($0)
    }
  }

  /// - Parameter smoke: what a smoke run lowers it to.
  package mutating func integer(
    _ key: String, default fallback: Int? = nil, in range: ClosedRange<Int>,
    smoke: SmokeLimit? = nil, help: String
  ) -> Int {
    let declared = fallback.map { JSONValue.integer(Int64($0)) }
    let value =
      scalar(key, .integer(range), declared, help) {
        CoreSchema.integer($0)
      } wrap: {
        .integer(Int64($0))
      } check: {
        range.contains($0)
      } ?? fallback ?? range.lowerBound
    return lowered(key, value, smoke) ?? value
  }

  package mutating func optionalInteger(
    _ key: String, in range: ClosedRange<Int>, smoke: SmokeLimit? = nil, help: String
  ) -> Int? {
    let value = scalar(key, .integer(range), .null, help) {
      CoreSchema.integer($0)
    } wrap: {
      .integer(Int64($0))
    } check: {
      range.contains($0)
    }
    return lowered(key, value, smoke)
  }

  package mutating func number(
    _ key: String, default fallback: Double? = nil, in range: ClosedRange<Double>,
    smoke: SmokeLimit? = nil, help: String
  ) -> Double {
    let value =
      scalar(key, .number(range), fallback.map { .number($0) }, help) {
        CoreSchema.number($0)
      } wrap: {
        .number($0)
      } check: {
        range.contains($0)
      } ?? fallback ?? range.lowerBound
    guard isSmoke, let limit = smoke?.limit, value > Double(limit) else { return value }
    replace(key, .number(Double(limit)))
    return Double(limit)
  }

  package mutating func optionalNumber(
    _ key: String, in range: ClosedRange<Double>, help: String
  ) -> Double? {
    scalar(key, .number(range), .null, help) {
      CoreSchema.number($0)
    } wrap: {
      .number($0)
    } check: {
      range.contains($0)
    }
  }

  package mutating func flag(_ key: String, default fallback: Bool, help: String) -> Bool {
    scalar(key, .flag, .bool(fallback), help) {
      CoreSchema.bool($0)
    } wrap: {
      .bool($0)
    } ?? fallback
  }

  /// One of the raw values of an enumeration.
  package mutating func choice<Choice: RawRepresentable & CaseIterable>(
    _ key: String, default fallback: Choice, help: String
  ) -> Choice where Choice.RawValue == String {
    let names = Choice.allCases.map(\.rawValue)
    let text = scalar(key, .choice(names), .string(fallback.rawValue), help) {
      $0.scalar?.text
    } wrap: {
      .string($0)
    } check: {
      names.contains($0)
    }
    return text.flatMap(Choice.init(rawValue:)) ?? fallback
  }

  // MARK: - Lists and files

  package mutating func strings(_ key: String, default fallback: [String], help: String)
    -> [String]
  {
    declare(key, .list, .array(fallback.map { .string($0) }), help)
    guard let node = take(key) else {
      set(key, .array(fallback.map { .string($0) }))
      return fallback
    }
    let items = node.sequence ?? [node]
    var texts: [String] = []
    for item in items {
      if let scalar = item.scalar {
        texts.append(scalar.text)
      } else {
        wrongType(key, item, "a text")
      }
    }
    set(key, .array(texts.map { .string($0) }))
    return texts
  }

  /// Text-to-text pairs, in the order written.
  package mutating func pairs(_ key: String, help: String) -> [(key: String, value: String)] {
    declare(key, .mapping, .object([]), help)
    guard let node = take(key), !node.isNull else {
      set(key, .object([]))
      return []
    }
    guard let entries = node.mapping else {
      wrongType(key, node, "a mapping")
      return []
    }
    var result: [(key: String, value: String)] = []
    for entry in entries {
      if let text = entry.value.scalar?.text {
        result.append((entry.name, text))
      } else {
        wrongType("\(key).\(entry.name)", entry.value, "a text")
      }
    }
    set(key, .object(result.map { JSONMember($0.key, .string($0.value)) }))
    return result
  }

  /// A list of mappings, each read by `read`; nil when absent and optional.
  package mutating func list<Item>(
    _ key: String, optional: Bool = false, help: String,
    _ read: (inout ParameterReader) -> Item
  ) -> [Item] {
    var schema = ParameterReader(nil, owner: owner, path: "\(path)\(key)[].")
    _ = read(&schema)
    declare(key, .objects(schema.declarations), optional ? .array([]) : nil, help)
    guard let node = take(key) else {
      if !optional { missing(key) }
      set(key, .array([]))
      return []
    }
    guard let items = node.sequence else {
      wrongType(key, node, "a list")
      return []
    }
    var result: [Item] = []
    var kept: [JSONValue] = []
    for (index, item) in items.enumerated() {
      var reader = ParameterReader(
        item, owner: owner, path: "\(path)\(key)[\(index)].", isSmoke: isSmoke)
      result.append(read(&reader))
      reader.finish()
      diagnostics += reader.diagnostics
      fileInputs += reader.fileInputs
      kept.append(.object(reader.values))
    }
    set(key, .array(kept))
    return result
  }

  /// A list of at least one mapping that `read` knows how to read; what it throws is reported at the entry.
  package mutating func openList<Item>(
    _ key: String, help: String, _ read: (JSONValue) throws -> Item
  ) -> [Item] {
    declare(key, .openObjects, nil, help)
    guard let node = take(key) else {
      missing(key)
      return []
    }
    guard let items = node.sequence else {
      wrongType(key, node, "a list")
      return []
    }
    if items.isEmpty { problem(key, "the list is empty") }
    var result: [Item] = []
    for (index, item) in items.enumerated() {
      do {
        result.append(try read(CoreSchema.json(item)))
      } catch {
        let found = (error as? Failure)?.diagnostics.first
        diagnostics.append(
          Diagnostic(
            "spec.parameter",
            "\(path)\(key)[\(index)]: \(found?.message ?? "the entry cannot be read")",
            at: item.span, fix: found?.fix))
      }
    }
    set(key, .array(items.map(CoreSchema.json)))
    return result
  }

  /// A value of a form that something else knows, with its places; nil when it is left out.
  ///
  /// - Parameter expected: what the docs call it: "a mapping".
  package mutating func open(_ key: String, expected: String, help: String) -> Node? {
    declare(key, .open(expected), .null, help)
    guard let node = take(key), !node.isNull else {
      set(key, .null)
      return nil
    }
    set(key, CoreSchema.json(node))
    return node
  }

  /// Adds problems that the owner of an open value found.
  package mutating func report(_ found: [Diagnostic]) { diagnostics += found }

  /// A path or glob of files outside the store, relative to the pipeline file. The planner finds
  /// and digests them; ``StageContext/files(_:)`` returns them by this parameter's path.
  ///
  /// - Parameter endings: a folder stands for the files below it that end so; without them it is
  ///   no answer.
  package mutating func files(
    _ key: String, optional: Bool = false, foldersWith endings: [String] = [], help: String
  ) -> FilePattern {
    let parameter = path + key
    let text =
      scalar(key, .files, optional ? .null : nil, help) {
        $0.scalar?.text
      } wrap: {
        .string($0)
      }
    if let text, let span = document?[key]?.span {
      fileInputs.append(
        FileInput(parameter: parameter, pattern: text, span: span, endings: endings))
    }
    return FilePattern(parameter: parameter, pattern: text)
  }

  /// Reports keys that nobody read. Call once, after the last parameter.
  package mutating func finish() {
    guard let entries = document?.mapping else { return }
    let known = declarations.map(\.key)
    for entry in entries where !known.contains(entry.name) {
      let nearest = NearestName.suggestion(for: entry.name, among: known)
      let listing =
        known.isEmpty
        ? "it takes no parameters"
        : known.count <= 10
          ? "it takes \(known.sorted().joined(separator: ", "))"
          : "'orchestrate explain \(owner)' lists all \(known.count) parameters"
      diagnostics.append(
        Diagnostic(
          "spec.unknown-parameter",
          "stage '\(owner)' has no parameter '\(path)\(SafeText.escaped(entry.name))'",
          at: entry.key.span, fix: nearest.map { "did you mean '\($0)'? \(listing)" } ?? listing))
    }
  }

  /// Adds a problem that concerns several parameters.
  package mutating func problem(_ key: String, _ message: String, fix: String? = nil) {
    guard document != nil else { return }
    diagnostics.append(
      Diagnostic(
        "spec.parameter", "\(path)\(key): \(message)", at: document?[key]?.span ?? document?.span,
        fix: fix))
  }

  // MARK: - Private

  private mutating func scalar<Value>(
    _ key: String, _ type: ParameterDeclaration.ValueType, _ fallback: JSONValue?, _ help: String,
    read: (Node) -> Value?, wrap: (Value) -> JSONValue, check: (Value) -> Bool = { _ in true }
  ) -> Value? {
    declare(key, type, fallback, help)
    guard let node = take(key), !(node.isNull && fallback == .null) else {
      if let fallback { set(key, fallback) } else { missing(key) }
      return nil
    }
    guard !node.isNull, let value = read(node) else {
      wrongType(key, node, type.expected)
      return nil
    }
    guard check(value) else {
      outOfRange(key, node, type)
      return nil
    }
    set(key, wrap(value))
    return value
  }

  mutating func declare(
    _ key: String, _ type: ParameterDeclaration.ValueType, _ fallback: JSONValue?, _ help: String
  ) {
    precondition(!declarations.contains { $0.key == key }, "parameter '\(key)' is read twice")
    declarations.append(
      ParameterDeclaration(key: key, type: type, defaultValue: fallback, help: help))
  }

  /// The value of a smoke run; the value itself in any other.
  private mutating func lowered(_ key: String, _ value: Int?, _ smoke: SmokeLimit?) -> Int? {
    guard isSmoke, let smoke else { return value }
    if value == nil, case .ifGiven = smoke { return nil }
    guard value.map({ $0 > smoke.limit }) ?? true else { return value }
    replace(key, .integer(Int64(smoke.limit)))
    return smoke.limit
  }

  mutating func replace(_ key: String, _ value: JSONValue) {
    if let index = values.firstIndex(where: { $0.key == key }) { values[index].value = value }
  }

  func take(_ key: String) -> Node? { document?[key] }

  mutating func set(_ key: String, _ value: JSONValue) {
    values.append(JSONMember(key, value))
  }

  private mutating func missing(_ key: String) {
    guard let document else { return }
    diagnostics.append(
      Diagnostic(
        "spec.missing-parameter", "stage '\(owner)' needs the parameter '\(path)\(key)'",
        at: document.span,
        fix: path.isEmpty ? "add '\(key):' under 'with:'" : "add '\(key):' to this entry"))
  }

  private mutating func outOfRange(
    _ key: String, _ node: Node, _ type: ParameterDeclaration.ValueType
  ) {
    var fix: String?
    if case .choice(let names) = type, let text = node.scalar?.text {
      fix = NearestName.suggestion(for: text, among: names).map { "did you mean '\($0)'?" }
    }
    diagnostics.append(
      Diagnostic(
        "spec.out-of-range", "'\(path)\(key)' is \(node.kindName), expected \(type.expected)",
        at: node.span, fix: fix))
  }

  mutating func wrongType(_ key: String, _ node: Node, _ expected: String) {
    diagnostics.append(
      Diagnostic(
        "spec.wrong-type", "'\(path)\(key)' is \(node.kindName), expected \(expected)",
        at: node.span))
  }
}
