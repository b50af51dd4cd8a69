internal import Diagnostics
internal import Documents
internal import Tokenization

extension HarnessConfiguration {
  /// Keys that mean something here, and those that change no score.
  static let keys = [
    "task", "task_alias", "tag", "dataset_path", "dataset_name", "dataset_kwargs", "training_split",
    "validation_split", "test_split", "fewshot_split", "process_docs", "doc_to_text",
    "doc_to_target", "doc_to_choice", "process_results", "description", "target_delimiter",
    "fewshot_delimiter", "fewshot_config", "num_fewshot", "metric_list", "output_type",
    "generation_kwargs", "repeats", "filter_list", "should_decontaminate",
    "doc_to_decontamination_query", "gen_prefix", "metadata", "unsafe_code", "group", "task_list",
    "use_prompt", "doc_to_image", "doc_to_audio", "custom_dataset", "class",
  ]

  private static let unsupported = [
    "use_prompt", "doc_to_image", "doc_to_audio", "custom_dataset", "class", "task_list",
  ]

  /// Reads a task from a file's entries.
  ///
  /// - Throws: ``Failure`` with every problem and its place.
  init(_ file: HarnessFile) throws {
    let span = SourceSpan(file: file.path, line: 1)
    var fields = HarnessFields(file.entries, at: span)
    self.init(task: fields.string("task") ?? "")
    self.span = fields.node("task")?.span ?? span
    fields.refuseOthers(than: Self.keys, in: "a task")
    for key in Self.unsupported {
      guard let node = fields.node(key) else { continue }
      fields.add([
        Diagnostic(
          "task.unsupported", "'\(key)' is not read here", at: node.span,
          fix: "write the task with doc_to_text, doc_to_target and doc_to_choice")
      ])
    }
    if task.isEmpty {
      fields.add([
        Diagnostic("task.missing-key", "the task has no name", at: span, fix: "add 'task: NAME'")
      ])
    }
    readFrame(&fields, file)
    readPrompt(&fields, file)
    generation = Self.generation(&fields, delimiter: exampleDelimiter)
    readMetrics(&fields, file)
    readFilters(&fields)
    guard fields.problems.isEmpty else { throw Failure(fields.problems, .badInput) }
  }

  private mutating func readFrame(_ fields: inout HarnessFields, _ file: HarnessFile) {
    alias = fields.string("task_alias")
    tags = fields.strings("tag") ?? []
    version = fields.node("metadata")?["version"]?.pythonValue ?? .null
    output = fields.choice("output_type", HarnessOutput.self) ?? .generation
    exampleCount = fields.integer("num_fewshot", in: 0...10_000)
    dataset.path = fields.string("dataset_path")
    dataset.name = fields.string("dataset_name")
    dataset.folder = file.folder
    dataset.trainingSplit = fields.string("training_split")
    dataset.validationSplit = fields.string("validation_split")
    dataset.testSplit = fields.string("test_split")
    if let files = fields.node("dataset_kwargs")?["data_files"] {
      dataset.files = Self.files(files, &fields)
    }
    if dataset.evaluatedSplit == nil {
      fields.add([
        Diagnostic(
          "task.missing-key", "the task names no split to measure",
          at: fields.node("task")?.span ?? fields.span,
          fix: "add 'test_split: test' or 'validation_split: validation'")
      ])
    }
  }

  /// A path, a list of paths, or either by split; without splits all is `train`, as in `datasets`.
  private static func files(_ node: Node, _ fields: inout HarnessFields) -> [String: [String]] {
    func paths(_ node: Node) -> [String] {
      (node.sequence ?? [node]).compactMap { fields.text($0, "data_files") }
    }
    guard let splits = node.mapping else { return ["train": paths(node)] }
    return Dictionary(
      splits.map { ($0.name, paths($0.value)) }, uniquingKeysWith: { _, last in last })
  }

  private mutating func readPrompt(_ fields: inout HarnessFields, _ file: HarnessFile) {
    targetDelimiter = fields.string("target_delimiter") ?? targetDelimiter
    exampleDelimiter = fields.string("fewshot_delimiter") ?? exampleDelimiter
    for key in ["process_docs", "process_results", "doc_to_text", "doc_to_target", "doc_to_choice"]
    {
      guard let node = fields.node(key) else { continue }
      if node.scalar?.tag == HarnessFile.functionTag {
        NativeFunctions.apply(node, key, file, to: &self, &fields)
        continue
      }
      switch key {
      case "doc_to_text": text = Self.field(node, key, &fields) ?? text
      case "doc_to_target": target = Self.field(node, key, &fields) ?? target
      case "doc_to_choice": choices = Self.field(node, key, &fields)
      default:
        fields.problem(node, "'\(key)' is \(node.kindName), expected '!function NAME'")
      }
    }
    description = fields.node("description").flatMap { Self.field($0, "description", &fields) }
    prefix = fields.node("gen_prefix").flatMap { Self.field($0, "gen_prefix", &fields) }
    if output == .multipleChoice, choices == nil, fields.node("doc_to_choice") == nil {
      fields.add([
        Diagnostic(
          "task.missing-key", "a task of multiple choice has no 'doc_to_choice'", at: span,
          fix: "add 'doc_to_choice: COLUMN' or a list of texts")
      ])
    }
    examples.split = fields.string("fewshot_split")
    if let node = fields.node("fewshot_config") { examples.read(node, &fields) }
  }

  /// A column, a template, a number, a list, or the values of a mapping.
  static func field(_ node: Node, _ key: String, _ fields: inout HarnessFields) -> DocumentField? {
    if node.sequence != nil { return .constant(node.pythonValue) }
    if let entries = node.mapping {
      return .constant(.array(entries.map(\.value.pythonValue)))
    }
    if case .integer(let value) = node.pythonValue { return .constant(.integer(value)) }
    guard let text = fields.text(node, key) else { return nil }
    do {
      return .written(try PlainTemplate(text, at: node.span))
    } catch let failure as Failure {
      fields.add(failure.diagnostics)
    } catch {
      fields.problem(node, "'\(key)' is no template")
    }
    return nil
  }
}

extension HarnessExamples {
  private static let keys = [
    "sampler", "split", "samples", "process_docs", "fewshot_indices", "doc_to_text",
    "doc_to_target", "doc_to_choice", "gen_prefix", "fewshot_delimiter", "target_delimiter",
  ]

  mutating func read(_ node: Node, _ outer: inout HarnessFields) {
    guard node.mapping != nil else {
      return outer.problem(
        node, "'fewshot_config' is \(node.kindName), expected keys and values")
    }
    var fields = HarnessFields(node)
    fields.refuseOthers(than: Self.keys, in: "'fewshot_config'")
    sampler = fields.choice("sampler", Sampler.self) ?? sampler
    split = fields.string("split") ?? split
    func field(_ key: String) -> DocumentField? {
      fields.node(key).flatMap { HarnessConfiguration.field($0, key, &fields) }
    }
    text = field("doc_to_text")
    target = field("doc_to_target")
    choices = field("doc_to_choice")
    prefix = field("gen_prefix")
    targetDelimiter = fields.string("target_delimiter")
    exampleDelimiter = fields.string("fewshot_delimiter")
    for key in ["process_docs", "fewshot_indices"] {
      guard let node = fields.node(key) else { continue }
      fields.problem(node, "'\(key)' of 'fewshot_config' is not read here")
    }
    if let node = fields.node("samples") {
      if node.scalar?.tag == HarnessFile.functionTag {
        _ = fields.text(node, "samples")
      } else {
        samples = fields.mappings("samples")?.map(\.pythonValue)
      }
    }
    outer.add(fields.problems)
  }
}
