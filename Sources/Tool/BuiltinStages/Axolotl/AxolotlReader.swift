internal import Diagnostics
internal import Documents
internal import StageKit

/// Reads an Axolotl configuration key by key; every key ends in ``findings``.
struct AxolotlReader {
  let document: Node
  let exists: (String) -> Bool
  private(set) var findings: [AxolotlFinding] = []
  private(set) var problems: [Diagnostic] = []
  private(set) var expected: [(path: String, what: String)] = []
  private var settled: Set<String> = []

  /// Of the stage that trains.
  var kind = "sft"
  /// Of that stage, with the line they come from.
  var parameters: [(line: Int, key: String, value: String)] = []
  /// Whether rows are written in Alpaca's prompt, unless a template is named.
  var wantsAlpacaTemplate = false

  init(_ document: Node, exists: @escaping (String) -> Bool) {
    self.document = document
    self.exists = exists
  }

  mutating func read(file: String) -> AxolotlPipelineText {
    var text = AxolotlPipelineText()
    readKind()
    let model = readModel()
    readAdapter()
    readSpecialTokens()
    readTraining()
    let rows = readRows()
    readTemplate()
    for entry in document.mapping ?? [] where !settled.contains(entry.name) { readRest(entry) }
    let stem = file.split(separator: "/").last.map(String.init) ?? file
    text.name = Self.name(stem.split(separator: ".").first.map(String.init) ?? stem)
    text.stages = rows.stages
    text.stages.append(
      AxolotlPipelineText.Stage(
        name: kind, kind: kind,
        inputs: [("model", model)] + [("train", rows.train)]
          + (rows.validation.map { [("validation", $0)] } ?? []),
        parameters: parameters.sorted { ($0.line, $0.key) < ($1.line, $1.key) }
          .map { ($0.key, $0.value) }))
    if hasAdapter, kind != "reward_model" {
      text.stages.append(
        AxolotlPipelineText.Stage(
          name: "merged", kind: "merge", inputs: [("model", kind)], parameters: []))
    }
    return text
  }

  /// Lower case letters, digits and dashes, as names of pipelines are.
  private static func name(_ text: String) -> String {
    let words = text.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
    return words.isEmpty ? "axolotl" : words.joined(separator: "-")
  }

  // MARK: - What the file says

  /// The value of a key that is there and not null; the key counts as looked at.
  mutating func take(_ key: String) -> Node? {
    guard let node = document[key] else { return nil }
    if node.isNull {
      settle(key, .empty, "no value")
      return nil
    }
    return node
  }

  func text(_ key: String) -> String? {
    guard let node = document[key], !node.isNull else { return nil }
    return node.scalar?.text
  }

  func flag(_ key: String) -> Bool {
    document[key].flatMap { CoreSchema.bool($0) ?? Self.yamlFlag($0) } ?? false
  }

  /// PyYAML also reads yes, no, on and off as truth values.
  static func yamlFlag(_ node: Node) -> Bool? {
    guard let scalar = node.scalar, scalar.isPlain else { return nil }
    return ["yes": true, "on": true, "no": false, "off": false][scalar.text.lowercased()]
  }

  func span(_ key: String) -> SourceSpan {
    document.mapping?.first { $0.name == key }?.key.span ?? document.span
  }

  // MARK: - Findings

  mutating func settle(_ key: String, _ verdict: AxolotlFinding.Verdict, _ text: String) {
    note(key, span(key), verdict, text)
    settled.insert(key)
  }

  mutating func note(
    _ key: String, _ span: SourceSpan, _ verdict: AxolotlFinding.Verdict, _ text: String
  ) {
    findings.append(AxolotlFinding(key: key, span: span, verdict: verdict, text: text))
  }

  func isSettled(_ key: String) -> Bool { settled.contains(key) }

  mutating func problem(_ message: String, at key: String?, fix: String) {
    problems.append(
      Diagnostic(
        "import.axolotl", message, at: key.map { span($0) } ?? document.span, fix: fix))
  }

  mutating func expect(_ path: String, _ what: String) {
    if !expected.contains(where: { $0.path == path }) { expected.append((path, what)) }
  }

  /// Sets a parameter of the stage that trains, from `key`.
  mutating func carry(
    _ key: String, as parameter: String? = nil, _ value: String,
    _ verdict: AxolotlFinding.Verdict = .carried, _ note: String? = nil
  ) {
    let name = parameter ?? key
    parameters.append((span(key).line, name, value))
    let place = "\(kind).\(name)" + (name == key && verdict == .carried ? "" : " \(value)")
    settle(key, verdict, note.map { "\(place): \($0)" } ?? place)
  }

  /// Sets a parameter that the file leaves to a default of Axolotl's which is another here.
  mutating func preset(_ parameter: String, _ value: String) {
    if parameters.contains(where: { $0.key == parameter }) { return }
    parameters.append((0, parameter, value))
  }

  /// Names of the parameters of the stage that trains.
  var stageParameters: Set<String> {
    Set(StageCatalogue.builtin[StageKind(kind)]?.declarations.map(\.key) ?? [])
  }

  // MARK: - The rest

  /// A key that nothing above has read.
  private mutating func readRest(_ entry: Node.Entry) {
    let key = entry.name
    guard !entry.value.isNull else { return settle(key, .empty, "no value") }
    if AxolotlKeys.carried.contains(key), stageParameters.contains(key) {
      return carryAsIs(entry)
    }
    let isOff =
      (CoreSchema.bool(entry.value) ?? Self.yamlFlag(entry.value)) == false
      || entry.value.sequence?.isEmpty == true || entry.value.mapping?.isEmpty == true
    if let reason = AxolotlKeys.notNeeded(key) { return settle(key, .notNeeded, reason) }
    if let reason = AxolotlKeys.notSupported(key) {
      return isOff
        ? settle(key, .empty, "it is off") : settle(key, .notSupported, reason)
    }
    if AxolotlKeys.known.contains(key) || AxolotlKeys.carried.contains(key) {
      let reason =
        AxolotlKeys.carried.contains(key)
        ? "the stage '\(kind)' has no such parameter" : "there is nothing of the kind here"
      return isOff ? settle(key, .empty, "it is off") : settle(key, .notSupported, reason)
    }
    let nearest = NearestName.suggestion(
      for: key, among: AxolotlKeys.known.union(AxolotlKeys.carried).sorted())
    settle(
      key, .unknown,
      "Axolotl has no such key" + (nearest.map { "; did you mean '\($0)'?" } ?? ""))
  }

  private mutating func carryAsIs(_ entry: Node.Entry) {
    let isSimple: Bool
    switch entry.value.content {
    case .scalar: isSimple = true
    case .sequence(let items): isSimple = items.allSatisfy { $0.scalar != nil }
    case .mapping(let entries): isSimple = entries.allSatisfy { $0.value.scalar != nil }
    }
    guard isSimple else {
      return settle(entry.name, .notSupported, "its value has a form that is not known here")
    }
    carry(entry.name, AxolotlPipelineText.flow(entry.value))
  }
}
