internal import Diagnostics
internal import Documents

extension AxolotlReader {
  /// Stages that make the rows, and what the training stage reads of them.
  struct Rows {
    var stages: [AxolotlPipelineText.Stage] = []
    var train = "data"
    var validation: String?
  }

  mutating func readRows() -> Rows {
    var rows = Rows()
    var sources: [AxolotlSource] = []
    for key in ["datasets", "pretraining_dataset"] {
      guard let node = take(key) else { continue }
      sources += read(node, key)
      settle(key, .carried, "data.sources")
    }
    if sources.isEmpty, problems.isEmpty {
      problem("there are no 'datasets'", at: nil, fix: "add 'datasets: [{ path: …, type: … }]'")
    }
    rows.stages.append(ingest("data", sources))
    if flag("dataset_exact_deduplication") {
      rows.stages.append(
        AxolotlPipelineText.Stage(
          name: "unique", kind: "minhash_dedup", inputs: [("records", "data")],
          parameters: [("threshold", "1")]))
      rows.train = "unique.kept"
      settle("dataset_exact_deduplication", .carried, "a stage 'unique' of minhash_dedup")
    }
    if let node = take("test_datasets") {
      rows.stages.append(ingest("held", read(node, "test_datasets")))
      rows.validation = "held"
      settle("test_datasets", .carried, "held.sources, \(kind).validation")
    }
    readSplit(into: &rows)
    shareTemplates(sources)
    return rows
  }

  /// `val_set_size`: a share, or a number of rows.
  private mutating func readSplit(into rows: inout Rows) {
    guard let node = take("val_set_size") else { return }
    guard let size = CoreSchema.number(node), size >= 0 else {
      return settle("val_set_size", .notSupported, "it is \(node.kindName), expected a number")
    }
    if size == 0 { return settle("val_set_size", .carried, "no rows are held out") }
    if rows.validation != nil {
      return settle("val_set_size", .notNeeded, "'test_datasets' are the validation rows")
    }
    let text = AxolotlPipelineText.flow(node)
    rows.stages.append(
      AxolotlPipelineText.Stage(
        name: "splits", kind: "split", inputs: [("records", rows.train)],
        parameters: [
          ("validation_size", text), ("test_size", "0"), ("seed", self.text("seed") ?? "42"),
        ]))
    rows.train = "splits.train"
    rows.validation = "splits.validation"
    settle("val_set_size", .carried, "splits.validation_size \(text)")
  }

  private func ingest(_ name: String, _ sources: [AxolotlSource]) -> AxolotlPipelineText.Stage {
    let entries = sources.flatMap { source in
      source.paths.map { path -> String in
        let members = [("path", AxolotlPipelineText.scalar(path))] + source.members
        return "\n        - { "
          + members.map { "\($0.0): \($0.1)" }.joined(separator: ", ") + " }"
      }
    }
    return AxolotlPipelineText.Stage(
      name: name, kind: "ingest", inputs: [], parameters: [("sources", entries.joined())])
  }

  private mutating func read(_ node: Node, _ key: String) -> [AxolotlSource] {
    let items = node.sequence ?? [node]
    return items.enumerated().compactMap { index, item in
      var reader = AxolotlSourceReader(
        node: item, path: node.sequence == nil ? key : "\(key)[\(index)]", kind: kind,
        isPretraining: key == "pretraining_dataset")
      let source = reader.read(localPath: localPath, exists: exists)
      for finding in reader.findings {
        note(finding.key, finding.span, finding.verdict, finding.text)
      }
      for item in reader.expected { expect(item.path, item.what) }
      return source
    }
  }

  /// What sources say of masks and templates holds for the whole stage here.
  private mutating func shareTemplates(_ sources: [AxolotlSource]) {
    for key in ["roles_to_train", "chat_template", "chat_template_jinja"] {
      let said = sources.compactMap { $0.shared[key] }
      guard let first = said.first else { continue }
      guard stageParameters.contains(key) else {
        note(first.path, first.span, .notNeeded, "the stage '\(kind)' has no such parameter")
        continue
      }
      let isOne = said.allSatisfy { $0.value == first.value }
      parameters.append((first.span.line, key, first.value))
      for one in said {
        note(
          one.path, one.span, isOne ? .carried : .notSupported,
          isOne
            ? "\(kind).\(key) \(first.value)"
            : "\(kind).\(key) is one for all sources: \(first.value)")
      }
    }
    wantsAlpacaTemplate =
      kind == "sft" && !sources.isEmpty && sources.allSatisfy(\.isAlpaca)
      && !sources.contains { $0.shared["chat_template"] != nil }
  }
}

/// An entry of `sources`, and what it says of the stage that trains.
struct AxolotlSource {
  struct Shared {
    var path: String
    var span: SourceSpan
    var value: String
  }

  var paths: [String] = []
  /// Beside `path`, in YAML.
  var members: [(String, String)] = []
  /// Parameters of the stage that trains, by name.
  var shared: [String: Shared] = [:]
  var isAlpaca = false
}
