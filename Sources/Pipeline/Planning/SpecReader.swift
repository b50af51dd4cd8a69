internal import Diagnostics
internal import Documents
internal import StageKit

/// Reads a pipeline document into a ``PipelineSpec``, finding every problem of its frame.
struct SpecReader {
  var diagnostics: [Diagnostic] = []
  var interpolation: Interpolation
  /// Matrices read so far, by the name in the file.
  var matrices: [String: MatrixSpec] = [:]
  /// Whether a matrix could not be read, so that names of its instances are unknown.
  var isBroken = false
  private let overrides: [(name: String, value: Node)]
  /// Where stages run that do not say.
  private var executor = ExecutorRequest()

  /// - Parameter overrides: `-p` of the command line, as plain scalars.
  init(overrides: [(name: String, value: Node)], environment: [String: String]) {
    self.overrides = overrides
    interpolation = Interpolation(environment: environment)
  }

  mutating func read(_ root: Node) -> PipelineSpec {
    var spec = PipelineSpec(name: "", parameters: [], stages: [])
    guard let entries = mapping(root, "the pipeline file") else { return spec }
    check(
      entries, of: "a pipeline",
      known: ["name", "include", "params", "stages", "hooks", "tracking"] + Self.executorKeys)
    if let node = root["name"] {
      spec.name = text(node, "name") ?? ""
    } else {
      report(
        "spec.missing-key", "the pipeline has no 'name'", root.span, fix: "add 'name: my-pipeline'")
    }
    spec.parameters = parameters(root["params"])
    spec.hooks = hooks(root["hooks"])
    spec.tracking = tracking(root["tracking"])
    guard let stages = root["stages"] else {
      report(
        "spec.missing-key", "the pipeline has no 'stages'", root.span,
        fix: "add 'stages:' with one entry per stage")
      return spec
    }
    executor = executor(root, standard: ExecutorRequest())
    guard let stageEntries = mapping(stages, "'stages'") else { return spec }
    if stageEntries.isEmpty { report("spec.missing-key", "'stages' is empty", stages.span) }
    spec.stages = stageEntries.flatMap { instances($0) }
    spec.matrices = matrices
    diagnostics += MatrixLinks(matrices).link(&spec.stages)
    diagnostics += interpolation.diagnostics
    return spec
  }

  // MARK: - Parameters

  private mutating func parameters(_ node: Node?) -> [Node.Entry] {
    var result: [Node.Entry] = []
    if let node, !node.isNull, let entries = mapping(node, "'params'") {
      for entry in entries {
        checkName(entry.key, "a parameter")
        let given = overrides.last { $0.name == entry.name }?.value
        let value = given ?? interpolation.resolve(entry.value)
        interpolation.parameters[entry.name] = value
        result.append(Node.Entry(key: entry.key, value: value))
      }
    }
    return result
  }

  // MARK: - Stages

  /// - Parameter instance: the instance of a matrix to read it as.
  mutating func stage(_ entry: Node.Entry, as instance: MatrixInstance? = nil) -> StageSpec? {
    checkName(entry.key, "a stage")
    let title = "stage '\(SafeText.escaped(entry.name))'"
    guard let entries = mapping(entry.value, title) else { return nil }
    check(
      entries, of: title,
      known: ["uses", "with", "inputs", "needs", "if", "strategy", "timeout", "shards"]
        + Self.schedulingKeys + Self.executorKeys)
    let condition = entry.value["if"]
    let body = interpolation.resolve(
      Node(
        .mapping(entries.filter { $0.name != "if" && $0.name != "strategy" }), at: entry.value.span)
    )
    guard let uses = body["uses"] else {
      report(
        "spec.missing-key", "\(title) has no 'uses'", entry.key.span,
        fix: "add 'uses: KIND'; 'orchestrate explain' lists the kinds")
      return nil
    }
    guard let kind = text(uses, "uses") else { return nil }
    var spec = StageSpec(
      name: instance?.stage ?? entry.name, span: entry.key.span, kind: StageKind(kind),
      kindSpan: uses.span,
      parameters: body["with"].flatMap { $0.isNull ? nil : $0 }
        ?? Node(.mapping([]), at: entry.key.span))
    spec.unsetSecrets = readSecrets(spec.parameters, entry.key.span)
    spec.inputs = inputs(body["inputs"])
    spec.needs = needs(body["needs"])
    readScheduling(body, &spec)
    if let timeout = body["timeout"] { spec.timeoutSeconds = duration(timeout, "timeout") }
    if let shards = body["shards"] {
      if let value = CoreSchema.integer(shards), (1...1024).contains(value) {
        spec.shards = value
      } else {
        wrongType("shards", shards, "a whole number from 1 to 1024")
      }
    }
    spec.executor = executor(body, standard: executor)
    if let condition {
      let result = Condition.evaluate(condition, interpolation)
      diagnostics += result.diagnostics
      switch result.outcome {
      case .decided(true): break
      case .decided(false): spec.skippedBy = condition.scalar?.text ?? ""
      case .open(let open, let places): (spec.condition, spec.metricPlaces) = (open, places)
      }
    }
    spec.instance = instance
    return spec
  }

  private mutating func inputs(_ node: Node?) -> [InputSpec] {
    guard let node, !node.isNull, let entries = mapping(node, "'inputs'") else { return [] }
    var result: [InputSpec] = []
    for entry in entries {
      guard let text = text(entry.value, "inputs.\(entry.name)") else { continue }
      result.append(
        InputSpec(
          port: entry.name, portSpan: entry.key.span, source: InputSource(text),
          span: entry.value.span))
    }
    return result
  }

  private mutating func needs(_ node: Node?) -> [(stage: String, span: SourceSpan)] {
    guard let node, !node.isNull else { return [] }
    var result: [(stage: String, span: SourceSpan)] = []
    for item in node.sequence ?? [node] {
      if let name = text(item, "needs") { result.append((name, item.span)) }
    }
    return result
  }

  mutating func duration(_ node: Node, _ name: String) -> Double? {
    if let text = node.scalar?.text, let seconds = DurationText.seconds(text) { return seconds }
    let isNumber = CoreSchema.number(node) != nil
    wrongType(
      name, node, "a duration such as 30s, 10m or 1h30m",
      fix: isNumber ? "add a unit: \(node.scalar?.text ?? "")s" : nil)
    return nil
  }

  // MARK: - Checks

  mutating func check(
    _ entries: [Node.Entry], of owner: String, known: [String], unsupported: [String] = []
  ) {
    for entry in entries where !known.contains(entry.name) {
      let shown = SafeText.escaped(entry.name, limit: 40)
      if unsupported.contains(entry.name) {
        report(
          "spec.unsupported", "'\(shown)' is not supported by this version", entry.key.span,
          fix: "remove it")
        continue
      }
      let nearest = NearestName.suggestion(for: entry.name, among: known)
      report(
        "spec.unknown-key", "\(owner) has no key '\(shown)'", entry.key.span,
        fix: (nearest.map { "did you mean '\($0)'? " } ?? "")
          + "it takes \(known.joined(separator: ", "))")
    }
  }

  mutating func checkName(_ key: Node, _ what: String) {
    let name = key.scalar?.text ?? ""
    let first = name.utf8.first.map(Self.isLetter) ?? false
    let isGood =
      first && name.utf8.count <= 64
      && name.utf8.allSatisfy {
        Self.isLetter($0) || $0 == UInt8(ascii: "-") || (0x30...0x39).contains($0)
      }
    if !isGood {
      report(
        "spec.bad-name", "'\(SafeText.escaped(name, limit: 40))' cannot name \(what)", key.span,
        fix: "use at most 64 of a-z, A-Z, 0-9, '_' and '-', a letter or '_' first")
    }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte | 0x20) || byte == UInt8(ascii: "_")
  }

  mutating func mapping(_ node: Node, _ what: String) -> [Node.Entry]? {
    if let entries = node.mapping { return entries }
    report(
      "spec.wrong-type", "\(what) is \(node.kindName), expected a mapping", node.span)
    return nil
  }

  mutating func text(_ node: Node, _ name: String) -> String? {
    if let scalar = node.scalar, !node.isNull, !scalar.text.isEmpty { return scalar.text }
    wrongType(name, node, "a text")
    return nil
  }

  mutating func wrongType(
    _ name: String, _ node: Node, _ expected: String, fix: String? = nil
  ) {
    report(
      "spec.wrong-type", "'\(SafeText.escaped(name))' is \(node.kindName), expected \(expected)",
      node.span, fix: fix)
  }

  mutating func report(
    _ code: String, _ message: String, _ span: SourceSpan, fix: String? = nil
  ) {
    diagnostics.append(Diagnostic(code, message, at: span, fix: fix))
  }
}
