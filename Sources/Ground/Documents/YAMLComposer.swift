internal import Diagnostics

/// Builds the tree from events, with a stack of its own instead of recursion.
final class YAMLComposer {
  /// How much a node is when its aliases are written out.
  struct Extent {
    var nodes = 1
    var bytes = 0
    var height = 0

    mutating func add(_ child: Extent) {
      nodes += child.nodes
      bytes += child.bytes
      height = max(height, child.height + 1)
    }
  }

  /// A collection that is open.
  struct Frame {
    let isMapping: Bool
    let start: YAMLEvent
    let span: SourceSpan
    /// Tells re-used anchor names apart.
    let number: Int
    var items: [Node] = []
    var entries: [Node.Entry] = []
    var key: Node?
    var names: Set<UTF8Key> = []
    var extent = Extent(height: 1)
  }

  private enum Anchor {
    case open(Int)
    case closed(Node, Extent)
  }

  let text: YAMLText
  /// Tags beside the standard ones that scalars may carry.
  private let localTags: Set<String>
  private let events: YAMLEvents
  private(set) var stack: [Frame] = []
  private var anchors: [String: Anchor] = [:]
  private var added = Extent(nodes: 0)
  private var frameCount = 0
  private var root: Node?
  private var diagnostics: [Diagnostic] = []
  var hasRoot: Bool { root != nil }
  /// The last quoted scalar, for errors that an earlier open quote caused.
  private(set) var lastQuoted: YAMLEvent?

  init(_ text: YAMLText, localTags: Set<String> = []) {
    self.text = text
    self.localTags = localTags
    events = YAMLEvents(text)
  }

  /// - Throws: ``Failure`` with everything found up to the first error of syntax.
  func document() throws -> Node {
    do {
      try compose()
    } catch let problem as YAMLSyntaxProblem {
      diagnostics.append(YAMLProblems(text, self).diagnostic(problem))
    } catch let diagnostic as Stop {
      diagnostics.append(diagnostic.diagnostic)
    }
    if diagnostics.isEmpty, let root, !root.isNull { return root }
    if diagnostics.isEmpty {
      diagnostics.append(
        Diagnostic(
          "yaml.empty", "the file is empty: it holds no value",
          at: SourceSpan(file: text.file, line: 1)))
    }
    throw Failure(diagnostics, .badInput)
  }

  /// Ends the reading: what follows would repeat the problem or cost too much.
  private struct Stop: Error { var diagnostic: Diagnostic }

  private func compose() throws {
    while true {
      let event = try events.next()
      switch event.kind {
      case .streamStart, .documentEnd: continue
      case .streamEnd: return
      case .documentStart:
        guard root == nil else {
          throw Stop(
            diagnostic: Diagnostic(
              "yaml.many-documents", "a second document starts here, expected one document",
              at: span(event.start), fix: "remove the '---' and what follows it"))
        }
      case .alias(let name): try alias(name, event)
      case .scalar(let value, let isPlain):
        if !isPlain { lastQuoted = event }
        let node = Node(.scalar(scalar(value, isPlain, event)), at: span(event))
        try attach(node, Extent(bytes: value.utf8.count), event.anchor)
      case .sequenceStart, .mappingStart: try open(event)
      case .collectionEnd: try close()
      }
    }
  }

  // MARK: - Collections

  private func open(_ event: YAMLEvent) throws {
    guard stack.count < YAMLReader.depthMax else { throw tooDeep(event) }
    var isMapping = false
    if case .mappingStart = event.kind { isMapping = true }
    let wanted = isMapping ? "map" : "seq"
    if let tag = event.tag, tag != Self.standard + wanted { refuse(tag: tag, event) }
    frameCount += 1
    if let anchor = event.anchor { anchors[anchor] = .open(frameCount) }
    stack.append(
      Frame(isMapping: isMapping, start: event, span: span(event.start), number: frameCount))
  }

  private func close() throws {
    let frame = stack.removeLast()
    let node = Node(
      frame.isMapping ? .mapping(frame.entries) : .sequence(frame.items), at: frame.span)
    // An inner node may have taken the name over; the later definition counts.
    if let anchor = frame.start.anchor, case .open(frame.number) = anchors[anchor] {
      anchors[anchor] = .closed(node, frame.extent)
    }
    try attach(node, frame.extent, nil)
  }

  private func attach(_ node: Node, _ extent: Extent, _ anchor: String?) throws {
    if let anchor { anchors[anchor] = .closed(node, extent) }
    guard !stack.isEmpty else {
      root = node
      return
    }
    let top = stack.count - 1
    stack[top].extent.add(extent)
    if !stack[top].isMapping {
      stack[top].items.append(node)
    } else if let key = stack[top].key {
      stack[top].entries.append(Node.Entry(key: key, value: node))
      stack[top].key = nil
    } else {
      check(key: node, in: top)
      stack[top].key = node
    }
  }

  private func check(key: Node, in top: Int) {
    guard let scalar = key.scalar else {
      diagnostics.append(
        Diagnostic(
          "yaml.complex-key", "a key is \(key.kindName), expected a text", at: key.span,
          fix: "write keys as plain text"))
      return
    }
    if scalar.isPlain, scalar.text.isEmpty {
      diagnostics.append(Diagnostic("yaml.missing-key", "a key is missing here", at: key.span))
    }
    if scalar.text == "<<", scalar.isPlain {
      diagnostics.append(
        Diagnostic(
          "yaml.merge-key", "merge keys ('<<') are YAML 1.1 and are not read", at: key.span,
          fix: "write the keys out, or use the alias as the value of a key"))
      return
    }
    if !isNew(scalar.text, in: top) {
      let first = stack[top].entries.first { $0.name.hasSameBytes(as: scalar.text) }
      diagnostics.append(
        Diagnostic(
          "yaml.duplicate-key",
          "the key '\(SafeText.escaped(scalar.text, limit: 40))' is given twice", at: key.span,
          fix: "remove or rename one of them",
          related: first.map { [.init("first given here", at: $0.key.span)] } ?? []))
    }
  }

  /// Small mappings compare keys one by one, large ones by hash.
  private func isNew(_ name: String, in top: Int) -> Bool {
    let entries = stack[top].entries
    if entries.count < 12 { return !entries.contains { $0.name.hasSameBytes(as: name) } }
    if stack[top].names.isEmpty {
      stack[top].names = Set(entries.map { UTF8Key($0.name) })
    }
    return stack[top].names.insert(UTF8Key(name)).inserted
  }

  // MARK: - Aliases

  private func alias(_ name: String, _ event: YAMLEvent) throws {
    let shown = SafeText.escaped(name, limit: 40)
    switch anchors[name] {
    case nil:
      diagnostics.append(
        Diagnostic(
          "yaml.unknown-alias", "the alias '*\(shown)' has no anchor '&\(shown)' before it",
          at: span(event), fix: suggestion(for: name)))
      try attach(Node(.scalar(.init("null")), at: span(event)), Extent(), nil)
    case .open:
      throw Stop(
        diagnostic: Diagnostic(
          "yaml.self-alias", "the alias '*\(shown)' stands inside the value it names",
          at: span(event), fix: "write the value out"))
    case .closed(let node, let extent):
      added.nodes += extent.nodes
      added.bytes += extent.bytes
      guard added.nodes <= YAMLReader.aliasNodesMax, added.bytes <= YAMLReader.aliasBytesMax else {
        throw Stop(
          diagnostic: Diagnostic(
            "yaml.alias-expansion",
            "the aliases of this file expand to more than \(YAMLReader.aliasNodesMax) values or "
              + "\(YAMLReader.aliasBytesMax >> 20) MiB of text", at: span(event),
            fix: "write fewer aliases of large values"))
      }
      guard stack.count + extent.height <= YAMLReader.depthMax else { throw tooDeep(event) }
      var placed = node
      if placed.scalar != nil { placed.span = span(event) }
      try attach(placed, extent, nil)
    }
  }

  private func suggestion(for name: String) -> String {
    NearestName.suggestion(for: name, among: Array(anchors.keys)).map {
      "did you mean '*\(SafeText.escaped($0, limit: 40))'?"
    } ?? "quote the text if it is no alias"
  }

  private func tooDeep(_ event: YAMLEvent) -> Stop {
    Stop(
      diagnostic: Diagnostic(
        "yaml.too-deep", "nested too deep: more than \(YAMLReader.depthMax) levels",
        at: span(event.start)))
  }

  // MARK: - Scalars and tags

  private static let standard = "tag:yaml.org,2002:"

  private func scalar(_ value: String, _ isPlain: Bool, _ event: YAMLEvent) -> Node.Scalar {
    guard let tag = event.tag else { return Node.Scalar(value, isPlain: isPlain) }
    let plain = Node(.scalar(Node.Scalar(value)), at: span(event))
    let fits: Bool
    switch tag {
    case "!", Self.standard + "str": return Node.Scalar(value, isPlain: false, tag: tag)
    case Self.standard + "int": fits = CoreSchema.integer(text: value) != nil
    case Self.standard + "float": fits = CoreSchema.number(plain) != nil
    case Self.standard + "bool": fits = CoreSchema.bool(plain) != nil
    case Self.standard + "null":
      fits = plain.isNull
      if fits { return Node.Scalar("null") }
    case _ where localTags.contains(tag):
      return Node.Scalar(value, isPlain: isPlain, tag: tag)
    default:
      refuse(tag: tag, event)
      return Node.Scalar(value, isPlain: isPlain)
    }
    if !fits {
      diagnostics.append(
        Diagnostic(
          "yaml.tag-mismatch",
          "\(plain.kindName) does not fit its tag '\(shown(tag))'", at: span(event)))
    }
    return Node.Scalar(value, isPlain: true, tag: tag)
  }

  private func refuse(tag: String, _ event: YAMLEvent) {
    diagnostics.append(
      Diagnostic(
        "yaml.unknown-tag", "the tag '\(shown(tag))' is not read here", at: span(event.start),
        fix: "remove the tag; the key decides the type"))
  }

  private func shown(_ tag: String) -> String {
    let short = tag.hasPrefix(Self.standard) ? "!!" + tag.dropFirst(Self.standard.count) : tag
    return SafeText.escaped(short, limit: 40)
  }

  // MARK: - Places

  func span(_ mark: YAMLMark, length: Int = 1) -> SourceSpan {
    SourceSpan(file: text.file, line: mark.line + 1, column: mark.column + 1, length: length)
  }

  private func span(_ event: YAMLEvent) -> SourceSpan {
    let isOneLine = event.start.line == event.end.line
    return span(event.start, length: isOneLine ? event.end.column - event.start.column : 1)
  }
}
