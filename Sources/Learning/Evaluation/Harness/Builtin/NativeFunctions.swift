internal import Diagnostics
internal import Documents

/// Python functions that tasks of the harness name (`!function utils.process_docs`) and that are
/// written here.
enum NativeFunctions {
  struct Row: Sendable {
    /// The built-in task it belongs to; a file whose name or task begins so may use it.
    var owner: String
    var key: String
    var function: String
    var apply: @Sendable (inout HarnessConfiguration) -> Void

    init(
      _ owner: String, _ key: String, _ function: String,
      _ apply: @escaping @Sendable (inout HarnessConfiguration) -> Void
    ) {
      (self.owner, self.key, self.function, self.apply) = (owner, key, function, apply)
    }
  }

  static let all: [Row] = [
    Row("hellaswag", "process_docs", "utils.process_docs") { $0.process = Hellaswag.process },
    Row("truthfulqa_mc2", "process_results", "utils.process_results_mc2") {
      $0.scoring = .trueMass
    },
    Row("winogrande", "doc_to_text", "preprocess_winogrande.doc_to_text") {
      $0.text = .native(Winogrande.answer)
    },
    Row("winogrande", "doc_to_target", "preprocess_winogrande.doc_to_target") {
      $0.target = .native(Winogrande.ending)
    },
    Row("winogrande", "doc_to_choice", "preprocess_winogrande.doc_to_choice") {
      $0.choices = .native(Winogrande.beginnings)
    },
    Row("wikitext", "doc_to_target", "preprocess_wikitext.wikitext_detokenizer") {
      $0.target = .native(Wikitext.readable)
    },
    Row("wikitext", "process_results", "preprocess_wikitext.process_results") {
      $0.scoring = .wikitextPage
    },
    Row("humaneval", "metric", "utils.pass_at_k") { $0.scoring = .codeTests(k: [1]) },
    Row("humaneval", "filter_fn", "utils.build_predictions") { _ in },
  ]

  private static func row(
    _ function: String, _ key: String, _ configuration: HarnessConfiguration, _ files: [String]
  ) -> Row? {
    let names =
      [configuration.task] + files.compactMap { $0.split(separator: "/").last.map(String.init) }
    return all.first { row in
      row.key == key && row.function == function
        && (names.contains { $0.hasPrefix(row.owner) }
          || configuration.dataset.path == BuiltinTasks.dataset(of: row.owner))
    }
  }

  /// Applies the function that `node` names, or complains.
  static func apply(
    _ node: Node, _ key: String, _ file: HarnessFile, to configuration: inout HarnessConfiguration,
    _ fields: inout HarnessFields
  ) {
    let function = node.scalar?.text ?? ""
    guard let row = row(function, key, configuration, file.chain) else {
      return fields.add([refusal(of: function, at: node.span)])
    }
    row.apply(&configuration)
  }

  /// `metric: !function utils.pass_at_k` with its `k`.
  static func metric(
    _ node: Node, _ file: HarnessFile, to configuration: inout HarnessConfiguration,
    _ fields: inout HarnessFields
  ) -> HarnessMetric? {
    apply(node, "metric", file, to: &configuration, &fields)
    guard fields.problems.isEmpty else { return nil }
    let list = fields.node("k")
    let k = (list?.sequence ?? list.map { [$0] } ?? []).compactMap { CoreSchema.integer($0) }
    guard k.count == 1, k[0] >= 1 else {
      fields.problem(node, "'k' of pass_at_k is one whole number from 1", fix: "add 'k: [1]'")
      return nil
    }
    configuration.scoring = .codeTests(k: k)
    return .passAtK(k[0])
  }

  static func checkFilter(
    _ node: Node, _ configuration: HarnessConfiguration, _ fields: inout HarnessFields
  ) {
    if case .codeTests = configuration.scoring, node.scalar?.text == "utils.build_predictions" {
      return
    }
    fields.add([refusal(of: node.scalar?.text ?? "", at: node.span)])
  }

  static func refusal(of function: String, at span: SourceSpan) -> Diagnostic {
    let known = all.map { "\($0.function) of \($0.owner)" }.joined(separator: ", ")
    return Diagnostic(
      "task.python", "'\(SafeText.escaped(function, limit: 80))' is Python, which is not run",
      at: span, fix: "write it as a template; known are only \(known)")
  }
}
