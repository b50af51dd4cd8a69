internal import Diagnostics
package import Documents
internal import Records
internal import Reproducibility

/// A task of lm-evaluation-harness with its documents: the same prompts, the same answers counted
/// right, the same numbers.
///
/// ```swift
/// let suite = try HarnessSuite(["hellaswag"], data: HarnessDataFiles(["hellaswag=val.jsonl"]))
/// let answers = try model.answers(to: suite.tasks[0].requests(for: 0)) { _ in }
/// ```
package struct HarnessTask: MeasuredTask {
  package let configuration: HarnessConfiguration
  package let items: [MeasuredItem]
  package let metrics: [TaskMetric]
  package let notes: [String]
  package let fingerprint: JSONValue
  /// Examples in every prompt: `n-shot`.
  package let exampleCount: Int
  /// Documents of the split, measured or not.
  package let documentCount: Int
  let entries: [HarnessItem]
  /// Classes of the correlation.
  let classes: Int
  private let tester: (any CodeTester)?

  package var name: String { configuration.task }

  init(_ configuration: HarnessConfiguration, _ data: HarnessData, _ options: HarnessOptions) throws
  {
    self.configuration = configuration
    tester = options.tester
    if case .codeTests = configuration.scoring, tester == nil {
      throw Diagnostic(
        "task.no-sandbox",
        "task '\(configuration.task)' runs programs that the model wrote, and nothing here can run "
          + "them apart from this machine",
        at: configuration.span
      ).failure(.badInput)
    }
    guard let split = configuration.dataset.evaluatedSplit else {
      preconditionFailure("a task without a split to measure")
    }
    let documents = try data.documents(split: split)
    documentCount = documents.count
    exampleCount =
      configuration.exampleCount == 0
      ? 0 : options.exampleCount ?? configuration.exampleCount ?? 0
    let reader = DocumentReader(
      configuration: configuration,
      columns: Set((documents[0].json.objectValue ?? []).map(\.key)))
    var builder = try HarnessItemBuilder(
      reader, options, exampleCount: exampleCount, first: documents[0],
      pool: exampleCount == 0 ? [] : Self.pool(data, exampleCount))
    let count = options.count(of: documents.count)
    entries = try documents.prefix(count).map { try builder.item($0) }
    classes = builder.classes
    items = entries.indices.map { MeasuredItem(id: String($0)) }
    metrics = Self.metrics(configuration, classes)
    notes = Self.notes(builder, measured: count, of: documents.count)
    fingerprint = Self.fingerprint(configuration, entries, exampleCount, options)
  }

  package func requests(for item: Int) -> [ModelRequest] { entries[item].requests }

  package func values(for item: Int, _ answers: [ModelAnswer]) throws -> [ItemValue] {
    try configuration.filters.flatMap { filter in
      let outcome = try outcome(of: item, answers, filter)
      return try configuration.metrics.map { try $0.kind.value(outcome, $0) }
    }
  }

  // MARK: - Examples

  /// Where examples come from: their own split, those in the task, else training, validation, test.
  private static func pool(_ data: HarnessData, _ count: Int) throws -> [HarnessDocument] {
    let configuration = data.configuration
    let examples = configuration.examples
    func documents(_ split: String) throws -> [HarnessDocument] {
      try data.documents(split: split, purpose: "for the \(count) examples in a prompt")
    }
    if let split = examples.split { return try documents(split) }
    if let samples = examples.samples {
      let place = configuration.span ?? SourceSpan(file: "task \(configuration.task)", line: 1)
      return samples.map { HarnessDocument($0, at: place) }
    }
    let dataset = configuration.dataset
    let split = dataset.trainingSplit ?? dataset.validationSplit ?? dataset.testSplit
    return try split.map(documents) ?? []
  }

  // MARK: - What reports are told

  private static func metrics(_ configuration: HarnessConfiguration, _ classes: Int)
    -> [TaskMetric]
  {
    configuration.filters.flatMap { filter in
      configuration.metrics.map {
        TaskMetric(
          $0.name, filter: filter.name, higherIsBetter: $0.higherIsBetter,
          $0.aggregation.metricAggregation(classes: classes))
      }
    }
  }

  private static func notes(_ builder: HarnessItemBuilder, measured: Int, of all: Int) -> [String] {
    let task = builder.reader.configuration.task
    var notes: [String] = []
    if measured < all { notes.append("\(task): the first \(measured) of \(all) documents") }
    if builder.withoutGold > 0 {
      notes.append(
        "\(task): \(builder.withoutGold) of \(measured) documents have a label that is none of "
          + "their choices, and count as wrong")
    }
    return notes
  }

  private static func fingerprint(
    _ configuration: HarnessConfiguration, _ entries: [HarnessItem], _ exampleCount: Int,
    _ options: HarnessOptions
  ) -> JSONValue {
    var hasher = Digest.Hasher()
    for entry in entries {
      let asked = JSONValue.array(entry.requests.map(\.json) + [entry.target])
      hasher.update(Array((JSONWriter.compact(asked) + "\n").utf8))
    }
    return .object([
      "kind": "lm-evaluation-harness", "task": .string(configuration.task),
      "version": configuration.version, "num_fewshot": .integer(Int64(exampleCount)),
      "fewshot_seed": .integer(Int64(options.seed)), "chat_template": .bool(options.isChat),
      "requests": .string(hasher.finish().description),
    ])
  }

  // MARK: - Outcomes

  /// What a filter leaves of the answers to an item.
  func outcome(of item: Int, _ answers: [ModelAnswer], _ filter: HarnessFilterList) throws
    -> HarnessOutcome
  {
    let entry = entries[item]
    switch entry.expected {
    case .choices(let choices, let gold):
      let measures = answers.map(Self.measure)
      return .choice(
        ChoiceOutcome(
          logProbabilities: measures.prefix(choices.count).map(\.logProbability),
          unconditional: measures.dropFirst(choices.count).map(\.logProbability),
          isGreedy: measures.map(\.isGreedy), choices: choices, gold: gold, classes: classes))
    case .truths(let truths):
      return .truths(answers.map { Self.measure($0).logProbability }, truths)
    case .continuation:
      let measure = Self.measure(answers[0])
      return .likelihood(logProbability: measure.logProbability, isGreedy: measure.isGreedy)
    case .words(let words, let bytes):
      guard case .likelihood(let likelihood) = answers[0] else {
        preconditionFailure("an answer of another kind")
      }
      return .rolling(logProbability: likelihood.logProbability, words: words, bytes: bytes)
    case .answers(let references):
      return .answer(
        AnswerOutcome(text: filter.answer(of: Self.texts(answers[0])), references: references))
    case .tests(let before, let after):
      let programs = Self.texts(answers[0]).map {
        CodeProgram(code: before + $0, test: after, entryPoint: Self.entryPoint(after))
      }
      let verdicts = try tester?.verdicts(of: programs) ?? []
      return .tests(passed: verdicts.count { $0 == .passed }, of: programs.count)
    }
  }

  /// `name` of a test that ends with `check(name)`.
  private static func entryPoint(_ test: String) -> String? {
    guard let last = test.split(separator: "\n").last, last.hasPrefix("check("),
      last.hasSuffix(")")
    else { return nil }
    return String(last.dropFirst(6).dropLast())
  }

  static func measure(_ answer: ModelAnswer) -> ContinuationMeasure {
    guard case .continuation(let measure) = answer else {
      preconditionFailure("an answer of another kind")
    }
    return measure
  }

  static func texts(_ answer: ModelAnswer) -> [String] {
    guard case .completion(let answers) = answer else {
      preconditionFailure("an answer of another kind")
    }
    return answers.map(\.text)
  }
}
