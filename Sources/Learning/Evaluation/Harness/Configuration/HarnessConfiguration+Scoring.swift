internal import Diagnostics
internal import Documents
internal import Patterns

extension HarnessConfiguration {
  // MARK: - Generation

  private static let generationKeys = [
    "until", "max_gen_toks", "max_new_tokens", "max_tokens", "max_completion_tokens", "do_sample",
    "temperature", "top_k", "top_p",
  ]

  /// `generation_kwargs` and `repeats`: greedy unless `do_sample` or a temperature says otherwise;
  /// without `until` an answer ends before what stands between examples.
  static func generation(_ outer: inout HarnessFields, delimiter: String) -> CompletionSettings {
    var settings = CompletionSettings(stops: [delimiter])
    settings.samples = outer.integer("repeats", in: 1...100_000) ?? 1
    guard let node = outer.node("generation_kwargs") else { return settings }
    guard node.mapping != nil else {
      outer.problem(node, "'generation_kwargs' is \(node.kindName), expected keys and values")
      return settings
    }
    var fields = HarnessFields(node)
    fields.refuseOthers(than: generationKeys, in: "'generation_kwargs'")
    if let stops = fields.strings("until") { settings.stops = stops }
    for key in generationKeys[1...4].reversed() {
      settings.maxNewTokens = fields.integer(key, in: 1...1_000_000) ?? settings.maxNewTokens
    }
    let temperature = fields.number("temperature") ?? 0
    let samples = fields.flag("do_sample") ?? (temperature > 0)
    settings.temperature = samples ? (temperature > 0 ? temperature : 1) : 0
    settings.topK = fields.integer("top_k", in: 0...1_000_000) ?? 0
    settings.topP = fields.number("top_p") ?? 1
    outer.add(fields.problems)
    return settings
  }

  // MARK: - Metrics

  /// What is measured where a task does not say it.
  private static func metricsByDefault(_ output: HarnessOutput) -> [String] {
    switch output {
    case .multipleChoice: ["acc", "acc_norm"]
    case .likelihood: ["perplexity", "acc"]
    case .rollingLikelihood: ["word_perplexity", "byte_perplexity", "bits_per_byte"]
    case .generation: ["exact_match"]
    }
  }

  mutating func readMetrics(_ fields: inout HarnessFields, _ file: HarnessFile) {
    guard let entries = fields.mappings("metric_list") else {
      metrics = Self.metricsByDefault(output).compactMap { HarnessMetric($0) }
      return
    }
    for entry in entries {
      var inner = HarnessFields(entry)
      if let metric = metric(&inner, file) {
        if metrics.contains(where: { $0.name == metric.name }) {
          inner.problem(entry, "the metric '\(metric.name)' is listed twice")
        } else {
          metrics.append(metric)
        }
      }
      fields.add(inner.problems)
    }
    if metrics.isEmpty, fields.problems.isEmpty {
      fields.add([
        Diagnostic(
          "task.missing-key", "'metric_list' names no metric", at: span,
          fix: "add '- metric: exact_match'")
      ])
    }
  }

  private mutating func metric(_ fields: inout HarnessFields, _ file: HarnessFile) -> HarnessMetric?
  {
    guard let node = fields.node("metric") else {
      fields.add([
        Diagnostic("task.missing-key", "the entry has no key 'metric'", at: fields.span)
      ])
      return nil
    }
    if node.scalar?.tag == HarnessFile.functionTag {
      return NativeFunctions.metric(node, file, to: &self, &fields)
    }
    guard let name = fields.text(node, "metric") else { return nil }
    let known = HarnessMetricKind.all.filter { $0.outputs.contains(output) }.map(\.name)
    guard known.contains(name), var metric = HarnessMetric(name) else {
      fields.problem(
        node,
        "'\(SafeText.escaped(name))' is not measured for '\(output.rawValue)', expected one of "
          + known.joined(separator: ", "),
        fix: NearestName.suggestion(for: name, among: known).map { "did you mean '\($0)'?" })
      return nil
    }
    if let given = fields.string("aggregation"), given != metric.aggregation.rawValue,
      let node = fields.node("aggregation")
    {
      fields.problem(
        node,
        "'\(name)' is aggregated by '\(metric.aggregation.rawValue)' here, not by "
          + "'\(SafeText.escaped(given))'")
    }
    metric.higherIsBetter = fields.flag("higher_is_better") ?? metric.higherIsBetter
    metric.exactMatch = Self.exactMatch(&fields)
    let options = ["metric", "aggregation", "higher_is_better"]
    fields.refuseOthers(
      than: options + (name == "exact_match" ? Self.exactMatchKeys : []), in: "the metric '\(name)'"
    )
    return metric
  }

  private static let exactMatchKeys = [
    "ignore_case", "ignore_punctuation", "ignore_numbers", "regexes_to_ignore",
  ]

  private static func exactMatch(_ fields: inout HarnessFields) -> HarnessExactMatch {
    var patterns: [Pattern] = []
    if let node = fields.node("regexes_to_ignore") {
      patterns = (node.sequence ?? [node]).compactMap { pattern($0, &fields) }
    }
    return HarnessExactMatch(
      patternsToIgnore: patterns, ignoreCase: fields.flag("ignore_case") ?? false,
      ignorePunctuation: fields.flag("ignore_punctuation") ?? false,
      ignoreNumbers: fields.flag("ignore_numbers") ?? false)
  }

  private static func pattern(_ node: Node, _ fields: inout HarnessFields) -> Pattern? {
    guard let source = fields.text(node, "a regular expression") else { return nil }
    do {
      return try Pattern(source)
    } catch let failure as Failure {
      fields.add(failure.diagnostics.map { $0.at(node.span) })
    } catch {
      fields.problem(node, "no regular expression")
    }
    return nil
  }

  // MARK: - Filters

  mutating func readFilters(_ fields: inout HarnessFields) {
    guard let entries = fields.mappings("filter_list") else {
      filters = [.none]
      return
    }
    filters = []
    for entry in entries {
      var inner = HarnessFields(entry)
      inner.refuseOthers(than: ["name", "filter"], in: "an entry of 'filter_list'")
      let name = inner.string("name") ?? ""
      if name.isEmpty || filters.contains(where: { $0.name == name }) {
        inner.problem(
          entry, name.isEmpty ? "the filter has no name" : "two filters are named '\(name)'",
          fix: "add 'name: NAME'")
      }
      var steps: [HarnessFilter] = []
      for node in inner.mappings("filter") ?? [] {
        var step = HarnessFields(node)
        if let filter = filter(&step) { steps.append(filter) }
        inner.add(step.problems)
      }
      if inner.problems.isEmpty { check(steps, entry, &inner) }
      fields.add(inner.problems)
      filters.append(HarnessFilterList(name, steps))
    }
  }

  /// A filter leaves one answer, and nothing reads it letter by letter.
  private func check(_ steps: [HarnessFilter], _ entry: Node, _ fields: inout HarnessFields) {
    if case .codeTests = scoring { return }
    let firsts = steps.indices.filter { if case .takeFirst = steps[$0] { true } else { false } }
    if firsts != [steps.count - 1] {
      fields.problem(
        entry, "a filter ends with 'take_first', and has it once",
        fix: "add '- function: take_first' at the end")
    } else if output != .generation, steps.count > 1 {
      fields.problem(entry, "only written answers go through filters other than 'take_first'")
    }
  }

  private static let filterNames = [
    "regex", "take_first", "take_first_k", "remove_whitespace", "lowercase", "uppercase", "map",
    "majority_vote", "custom",
  ]

  private func filter(_ fields: inout HarnessFields) -> HarnessFilter? {
    guard let name = fields.string("function"), let node = fields.node("function") else {
      fields.add([
        Diagnostic("task.missing-key", "the step has no key 'function'", at: fields.span)
      ])
      return nil
    }
    let options: [String: [String]] = [
      "regex": ["regex_pattern", "group_select", "fallback"], "take_first_k": ["k"],
      "map": ["mapping_dict", "default_value"], "custom": ["filter_fn"],
    ]
    if Self.filterNames.contains(name) {
      fields.refuseOthers(than: ["function"] + (options[name] ?? []), in: "the filter '\(name)'")
    }
    switch name {
    case "regex": return Self.regex(&fields)
    case "take_first": return .takeFirst
    case "take_first_k":
      return .takeFirstOf(fields.integer("k", in: 1...100_000) ?? 1)
    case "remove_whitespace": return .removeWhitespace
    case "lowercase": return .lowercase
    case "uppercase": return .uppercase
    case "majority_vote": return .majorityVote
    case "map": return Self.map(&fields)
    case "custom":
      NativeFunctions.checkFilter(fields.node("filter_fn") ?? node, self, &fields)
      return nil
    default:
      fields.problem(
        node,
        "there is no filter '\(SafeText.escaped(name))' here, expected one of "
          + Self.filterNames.dropLast().joined(separator: ", "),
        fix: NearestName.suggestion(for: name, among: Self.filterNames).map {
          "did you mean '\($0)'?"
        })
      return nil
    }
  }

  private static func regex(_ fields: inout HarnessFields) -> HarnessFilter? {
    var pattern = try? Pattern(HarnessFilter.patternByDefault)
    if let node = fields.node("regex_pattern") { pattern = Self.pattern(node, &fields) }
    let select = fields.integer("group_select", in: -100_000...100_000) ?? 0
    let fallback = fields.string("fallback") ?? "[invalid]"
    return pattern.map { .regex($0, select: select, fallback: fallback) }
  }

  private static func map(_ fields: inout HarnessFields) -> HarnessFilter {
    var table: [String: String] = [:]
    for entry in fields.node("mapping_dict")?.mapping ?? [] {
      table[entry.name] = fields.text(entry.value, "mapping_dict")
    }
    return .map(table, fallback: fields.string("default_value"))
  }
}

extension Diagnostic {
  /// The same at a place.
  func at(_ span: SourceSpan) -> Diagnostic {
    var placed = self
    placed.span = span
    return placed
  }
}
