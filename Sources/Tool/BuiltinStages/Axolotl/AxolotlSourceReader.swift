internal import Diagnostics
internal import Documents

/// Reads one entry of `datasets`.
struct AxolotlSourceReader {
  let node: Node
  /// `datasets[0]`
  let path: String
  /// Of the stage that trains.
  let kind: String
  let isPretraining: Bool
  private(set) var findings: [AxolotlFinding] = []
  private(set) var expected: [(path: String, what: String)] = []
  private var settled: Set<String> = []
  private var source = AxolotlSource()

  init(node: Node, path: String, kind: String, isPretraining: Bool) {
    self.node = node
    self.path = path
    self.kind = kind
    self.isPretraining = isPretraining
  }

  mutating func read(localPath: (String) -> String?, exists: (String) -> Bool) -> AxolotlSource? {
    guard let entries = node.mapping else {
      guard let name = node.scalar?.text else {
        note(path, node.span, .notSupported, "it is \(node.kindName), expected a mapping")
        return nil
      }
      readFiles(name, localPath)
      source.members.append(("type", isPretraining ? "completion" : "auto"))
      return source
    }
    if let name = take("path")?.scalar?.text {
      readFiles(name, localPath)
    } else {
      note(path, node.span, .notSupported, "it has no 'path'")
      return nil
    }
    readType()
    readColumns()
    readRoles()
    readShared()
    for entry in entries where !settled.contains(entry.name) { readRest(entry) }
    return source
  }

  // MARK: - Findings

  private mutating func note(
    _ key: String, _ span: SourceSpan, _ verdict: AxolotlFinding.Verdict, _ text: String
  ) {
    findings.append(AxolotlFinding(key: key, span: span, verdict: verdict, text: text))
  }

  private mutating func settle(
    _ key: String, _ verdict: AxolotlFinding.Verdict, _ text: String
  ) {
    note("\(path).\(key)", span(key), verdict, text)
    settled.insert(key)
  }

  private func span(_ key: String) -> SourceSpan {
    node.mapping?.first { $0.name == key }?.key.span ?? node.span
  }

  private mutating func take(_ key: String) -> Node? {
    guard let value = node[key] else { return nil }
    if value.isNull {
      settle(key, .empty, "no value")
      return nil
    }
    return value
  }

  private mutating func add(_ key: String, as member: String? = nil, _ value: String) {
    source.members.append((member ?? key, value))
    settle(key, .carried, "sources.\(member ?? key) \(value)")
  }

  // MARK: - Files

  private static let builders = ["json", "csv", "text", "parquet", "arrow"]
  private static let endings = [".json", ".jsonl", ".csv", ".tsv", ".txt", ".parquet", ".arrow"]

  private mutating func readFiles(_ name: String, _ localPath: (String) -> String?) {
    let split = take("split")?.scalar?.text
    let configuration = take("name")?.scalar?.text
    let files = take("data_files").map { ($0.sequence ?? [$0]).compactMap { $0.scalar?.text } }
    if node["data_files"] != nil, files != nil { settle("data_files", .carried, "sources.path") }
    let isEnding = Self.endings.contains { name.lowercased().hasSuffix($0) }
    let local = localPath(name) ?? (isEnding && !name.contains("://") ? "./" + name : nil)
    if let files, Self.builders.contains(name) || local != nil {
      source.paths = files.map { file in
        let path = local.map { isEnding ? $0 : $0 + "/" + file } ?? file
        return Self.rooted(Self.readable(path))
      }
      for path in source.paths { expected.append((path, "rows as JSON Lines, JSON, CSV or text")) }
      settleIfNew("path", .carried, "sources.path")
    } else if let local {
      source.paths = [isEnding ? Self.readable(local) : local + "/*.jsonl"]
      expected.append((source.paths[0], "rows as JSON Lines, JSON, CSV or text"))
      settleIfNew(
        "path", local.hasSuffix(source.paths[0]) ? .carried : .changed,
        "sources.path \(source.paths[0])")
    } else {
      let last = name.split(separator: "/").last.map(String.init) ?? name
      let stem = last.split(separator: ".").first.map(String.init) ?? last
      source.paths = ["./data/\(stem).jsonl"]
      var what = "the rows of \(SafeText.escaped(name, limit: 100))"
      if let configuration {
        what += ", configuration \(SafeText.escaped(configuration, limit: 40))"
      }
      if let split { what += ", split \(SafeText.escaped(split, limit: 40))" }
      if let files {
        what += ", of \(files.map { SafeText.escaped($0, limit: 60) }.joined(separator: ", "))"
      }
      expected.append((source.paths[0], what + ", as JSON Lines"))
      settleIfNew("path", .changed, "sources.path \(source.paths[0]): put the rows there")
    }
    if let split {
      let isWhole = split == "train"
      settle(
        "split", isWhole ? .carried : .changed,
        isWhole
          ? "all rows of the file" : "put this split only into \(source.paths.first ?? "the file")")
    }
    if configuration != nil {
      settle(
        "name", .changed, "put this configuration only into \(source.paths.first ?? "the file")")
    }
    if let type = take("ds_type")?.scalar?.text { readFormat(type) }
  }

  private mutating func settleIfNew(
    _ key: String, _ verdict: AxolotlFinding.Verdict, _ text: String
  ) {
    if node.mapping != nil {
      settle(key, verdict, text)
    } else {
      note(path, node.span, verdict, text)
    }
  }

  private mutating func readFormat(_ type: String) {
    switch type {
    case "json", "jsonl", "csv", "text": settle("ds_type", .carried, "by the file's ending")
    default:
      settle(
        "ds_type", .notSupported,
        "\(SafeText.escaped(type, limit: 20)) files are not read; write the rows as JSON Lines")
    }
  }

  private static func rooted(_ path: String) -> String {
    ["./", "../", "/"].contains(where: path.hasPrefix) ? path : "./" + path
  }

  /// Parquet and Arrow files have to be written anew.
  private static func readable(_ path: String) -> String {
    for ending in [".parquet", ".arrow"] where path.hasSuffix(ending) {
      return path.dropLast(ending.count) + ".jsonl"
    }
    return path
  }

  // MARK: - Type

  private mutating func readType() {
    guard let type = take("type") else {
      if !isPretraining { source.members.append(("type", "auto")) }
      if isPretraining { source.members.append(("type", "completion")) }
      return
    }
    guard let name = type.scalar?.text else { return readOwnType(type) }
    guard let meaning = AxolotlRowType(name, stage: kind) else {
      source.members.append(("type", "auto"))
      return settle(
        "type", .notSupported,
        "'\(SafeText.escaped(name, limit: 60))' is not known; write the rows in a form of "
          + "'orchestrate explain ingest'")
    }
    source.members.append(("type", meaning.type))
    source.members += meaning.columns
    source.isAlpaca = meaning.isAlpaca
    if let template = meaning.template {
      source.shared["chat_template"] = .init(
        path: "\(path).type", span: span("type"), value: template)
    }
    settle(
      "type", meaning.note == nil ? .carried : .changed,
      "sources.type \(meaning.type)" + (meaning.note.map { "; \($0)" } ?? ""))
  }

  /// A mapping of columns and formats.
  private mutating func readOwnType(_ type: Node) {
    let isKTO = kind == "kto"
    let isPreference = ["dpo", "orpo", "simpo", "reward_model"].contains(kind)
    source.members.append(("type", isKTO ? "kto" : isPreference ? "preference" : "alpaca"))
    for entry in type.mapping ?? [] {
      let key = "\(path).type.\(entry.name)"
      let columns = [
        "field_system", "field_instruction", "field_input", "field_output", "field_prompt",
        "field_chosen", "field_rejected", "field_completion", "field_label",
      ]
      if entry.value.isNull {
        note(key, entry.key.span, .empty, "no value")
      } else if columns.contains(entry.name) {
        source.members.append((entry.name, AxolotlPipelineText.flow(entry.value)))
        note(key, entry.key.span, .carried, "sources.\(entry.name)")
      } else {
        note(
          key, entry.key.span, .notSupported,
          "how a row is written is the chat template's; set chat_template: jinja")
      }
    }
    settle("type", .changed, "its members one by one")
  }

  // MARK: - Columns and roles

  private mutating func readColumns() {
    for key in [
      "field", "field_messages", "field_tools", "field_chosen", "field_rejected", "field_system",
      "field_instruction", "field_input", "field_output", "field_prompt", "field_completion",
    ] {
      guard let value = take(key) else { continue }
      add(key, AxolotlPipelineText.flow(value))
    }
    if let column = take("text_column") {
      if column.scalar?.text == "text" {
        settle("text_column", .carried, "the column 'text' is read")
      } else {
        add("text_column", as: "field", AxolotlPipelineText.flow(column))
      }
    }
    var names: [(String, String)] = []
    for (key, name) in [("message_field_role", "role"), ("message_field_content", "content")] {
      guard let value = take(key) else { continue }
      names.append((name, AxolotlPipelineText.flow(value)))
      settle(key, .carried, "sources.message_property_mappings")
    }
    if let mappings = take("message_property_mappings") {
      for entry in mappings.mapping ?? [] {
        let key = "\(path).message_property_mappings.\(entry.name)"
        if ["role", "content"].contains(entry.name) {
          names.append((entry.name, AxolotlPipelineText.flow(entry.value)))
        } else {
          note(
            key, entry.key.span,
            entry.value.scalar?.text == entry.name ? .carried : .notSupported,
            entry.value.scalar?.text == entry.name
              ? "other members of a message keep their names"
              : "other members of a message keep their names; rename it in the rows")
        }
      }
      settle("message_property_mappings", .carried, "sources.message_property_mappings")
    }
    if !names.isEmpty {
      let text = names.map { "\($0.0): \($0.1)" }.joined(separator: ", ")
      source.members.append(("message_property_mappings", "{ \(text) }"))
    }
  }

  /// Axolotl writes our role → names, ingest takes name → our role.
  private mutating func readRoles() {
    guard let roles = take("roles") else { return }
    var pairs: [(String, String)] = []
    for entry in roles.mapping ?? [] {
      let key = "\(path).roles.\(entry.name)"
      guard ["system", "user", "assistant", "tool"].contains(entry.name) else {
        note(
          key, entry.key.span, .notSupported,
          "roles are system, user, assistant and tool")
        continue
      }
      for item in entry.value.sequence ?? [entry.value] {
        guard let name = item.scalar?.text else { continue }
        pairs.append((AxolotlPipelineText.scalar(name), entry.name))
      }
    }
    if !pairs.isEmpty {
      let text = pairs.map { "\($0.0): \($0.1)" }.joined(separator: ", ")
      source.members.append(("roles", "{ \(text) }"))
    }
    settle("roles", .carried, "sources.roles")
  }

  /// What holds for the whole stage here.
  private mutating func readShared() {
    if let roles = take("roles_to_train") {
      let value = AxolotlPipelineText.flow(roles)
      source.shared["roles_to_train"] = .init(
        path: "\(path).roles_to_train", span: span("roles_to_train"), value: value)
      settled.insert("roles_to_train")
    }
    if let name = take("chat_template")?.scalar?.text, name != "jinja" {
      let value = AxolotlKeys.templates[name] ?? "tokenizer_default"
      source.shared["chat_template"] = .init(
        path: "\(path).chat_template", span: span("chat_template"), value: value)
      settled.insert("chat_template")
    }
    if let text = take("chat_template_jinja")?.scalar?.text {
      if text.contains("{") {
        source.shared["chat_template"] = .init(
          path: "\(path).chat_template", span: span("chat_template_jinja"), value: "jinja")
        source.shared["chat_template_jinja"] = .init(
          path: "\(path).chat_template_jinja", span: span("chat_template_jinja"),
          value: JSONWriter.compact(.string(text)))
        settled.formUnion(["chat_template", "chat_template_jinja"])
      } else {
        settle("chat_template_jinja", .notSupported, "a path is not read; put the text here")
      }
    }
    for key in ["train_on_eos", "train_on_eot"] {
      guard let value = take(key)?.scalar?.text else { continue }
      settle(
        key, value == "turn" ? .carried : .notSupported,
        value == "turn"
          ? "the end of each trained turn is trained"
          : "the end of each trained turn is trained here")
    }
  }

  private mutating func readRest(_ entry: Node.Entry) {
    if entry.value.isNull { return settle(entry.name, .empty, "no value") }
    if let reason = AxolotlKeys.sourceNotNeeded[entry.name] {
      return settle(entry.name, .notNeeded, reason)
    }
    let isOff = (CoreSchema.bool(entry.value) ?? AxolotlReader.yamlFlag(entry.value)) == false
    if AxolotlKeys.sourceNotSupported.keys.contains(entry.name) {
      return isOff
        ? settle(entry.name, .empty, "it is off")
        : settle(
          entry.name, .notSupported, AxolotlKeys.sourceNotSupported[entry.name] ?? "")
    }
    let known = AxolotlKeys.sourceKeys
    let nearest = NearestName.suggestion(for: entry.name, among: known.sorted())
    settle(
      entry.name, .unknown,
      "a dataset of Axolotl has no such key" + (nearest.map { "; did you mean '\($0)'?" } ?? ""))
  }
}
