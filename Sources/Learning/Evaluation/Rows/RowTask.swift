internal import Diagnostics
package import Documents
package import Patterns
package import Records
package import Scoring

/// What answers are compared by, where a metric leaves a choice.
package struct AnswerRules: Sendable {
  /// What `exact_match` and `pass_at_k` overlook.
  package var exactMatch = ExactMatch()
  /// Of `numeric_match`.
  package var tolerance = NumberTolerance()
  /// Of `regex_match`.
  package var pattern: Pattern?
  /// Of `json_schema`.
  package var schema: JSONSchema?
  /// Whether ROUGE compares stems (Porter).
  package var stems = false
  /// Of `pass_at_k`.
  package var k = 1

  package init() {}
}

/// What is measured on the rows of a test set.
package struct RowTaskSettings: Sendable {
  package var name: String
  /// What the task is for.
  package var metric: RowMetric
  /// Further metrics of the same kind that are told with it.
  package var others: [RowMetric]
  /// Of generation tasks.
  package var completion: CompletionSettings
  package var rules: AnswerRules
  /// Rows measured at most, taken by their identity; nil: all.
  package var limit: Int?
  /// Columns by whose values results are told apart.
  package var by: [String]

  package init(
    name: String, metric: RowMetric, others: [RowMetric] = [],
    completion: CompletionSettings = CompletionSettings(), rules: AnswerRules = AnswerRules(),
    limit: Int? = nil, by: [String] = []
  ) {
    self.name = name
    self.metric = metric
    self.others = others
    self.completion = completion
    self.rules = rules
    self.limit = limit
    self.by = by
  }
}

/// A task on rows: the model answers each and is compared with the last assistant turn, or the
/// trained tokens of each row are scored.
package struct RowTask: MeasuredTask {
  package let settings: RowTaskSettings
  package let items: [MeasuredItem]
  package let metrics: [TaskMetric]
  package let notes: [String]
  package let rows: [Row]
  /// What answers are compared with; of generation tasks.
  let references: [String]
  let rowMetrics: [RowMetric]
  /// Names of the classes of the test set; of `macro_f1`.
  let classes: [String]
  private let requests: [ModelRequest]
  /// By item, of `assertions`.
  let assertions: [AssertionCase]

  package var name: String { settings.name }

  /// - Throws: ``Failure`` of class `badInput` when no row fits.
  package init(_ settings: RowTaskSettings, _ all: [Row]) throws {
    self.settings = settings
    var questions = all.compactMap { Question($0, settings) }
    let unfit = all.count - questions.count
    guard !questions.isEmpty else {
      throw Diagnostic(
        "eval.no-rows",
        "task '\(SafeText.escaped(settings.name))': none of \(all.count) rows has what "
          + "'\(settings.metric.rawValue)' measures (\(Self.needs(settings.metric.kind)))",
        fix: "give the gate a test set of that shape, or choose another metric"
      ).failure(.badInput)
    }
    if let limit = settings.limit, questions.count > limit {
      // A sample that other rows do not change: the lowest identities, back in order.
      let kept = questions.indices.sorted {
        (questions[$0].row.id.bits, $0) < (questions[$1].row.id.bits, $1)
      }.prefix(limit).sorted()
      questions = kept.map { questions[$0] }
    }
    rows = questions.map(\.row)
    requests = questions.map(\.request)
    references = questions.map { $0.reference ?? "" }
    var chosen: [RowMetric] = []
    for metric in [settings.metric] + settings.others where !chosen.contains(metric) {
      precondition(metric.kind == settings.metric.kind, "metrics of a task are of one kind")
      chosen.append(metric)
    }
    rowMetrics = chosen
    assertions =
      chosen.contains(.assertions) ? try questions.map { try Self.assertions($0.row) } : []
    if let missing = Self.missing(chosen, settings.rules) { throw missing }
    let names = chosen.contains(.macroF1) ? references.map { TextNormalization.label($0) } : []
    let classes = Set(names).sorted()
    self.classes = classes
    metrics = chosen.map { $0.taskMetric(classes: classes.count) }
    items = questions.map { MeasuredItem($0.row, by: settings.by) }
    notes =
      unfit == 0
      ? []
      : [
        "\(settings.name): \(unfit) of \(unfit + questions.count) rows have nothing that "
          + "\(settings.metric.rawValue) measures and were left out"
      ]
  }

  package func requests(for item: Int) -> [ModelRequest] { [requests[item]] }

  package var fingerprint: JSONValue {
    .object([
      "kind": "rows", "rows": .array(rows.map { .string($0.id.description) }),
      "metrics": .array(rowMetrics.map { .string($0.rawValue) }),
      "completion": settings.completion.json,
    ])
  }

  private static func assertions(_ row: Row) throws -> AssertionCase {
    do {
      return try AssertionCase(
        row.field("assert")?.arrayValue ?? [], threshold: row.field("threshold")?.doubleValue)
    } catch let failure as Failure {
      throw Failure(
        failure.diagnostics.map {
          Diagnostic($0.code, "row \(row.id): \($0.message)", fix: $0.fix)
        }, .badInput)
    }
  }

  private static func missing(_ metrics: [RowMetric], _ rules: AnswerRules) -> Failure? {
    func missing(_ metric: RowMetric, _ key: String) -> Failure {
      Diagnostic(
        "eval.no-rule", "'\(metric.rawValue)' needs '\(key)'", fix: "add '\(key)' to the task"
      ).failure(.badInput)
    }
    if metrics.contains(.regexMatch), rules.pattern == nil {
      return missing(.regexMatch, "pattern")
    }
    if metrics.contains(.jsonSchema), rules.schema == nil {
      return missing(.jsonSchema, "json_schema")
    }
    return nil
  }

  private static func needs(_ kind: RowMetric.Kind) -> String {
    switch kind {
    case .generation: "a conversation that ends with an assistant turn, or prompt and completion"
    case .likelihood: "text, conversation, completion or tokens"
    case .preference: "prompt, chosen and rejected"
    }
  }

  /// A row with what is asked about it.
  private struct Question {
    let row: Row
    let request: ModelRequest
    var reference: String?

    init?(_ row: Row, _ settings: RowTaskSettings) {
      self.row = row
      let metrics = [settings.metric] + settings.others
      if metrics.contains(.assertions), row.field("assert")?.arrayValue == nil { return nil }
      let needsAnswer = !metrics.allSatisfy(\.needsNoReference)
      switch (settings.metric.kind, row.content) {
      case (.generation, .conversation(let turns, let tools))
      where !needsAnswer && turns.last?.role == .user:
        request = .completion(.conversation(turns, tools: tools), settings.completion)
      case (.generation, .conversation(let turns, let tools)):
        guard let last = turns.last, last.role == .assistant, turns.count > 1 else { return nil }
        request = .completion(
          .conversation(Array(turns.dropLast()), tools: tools), settings.completion)
        reference = last.content
      case (.generation, .text(let prompt)) where !needsAnswer:
        request = .completion(.text(prompt), settings.completion)
      case (.generation, .completion(let prompt, let completion)):
        request = .completion(.text(prompt), settings.completion)
        reference = completion
      case (.likelihood, .text), (.likelihood, .conversation), (.likelihood, .completion),
        (.likelihood, .tokens):
        request = .row(row)
      case (.preference, .preference): request = .preference(row)
      default: return nil
      }
    }
  }
}

extension MeasuredItem {
  /// A row with the values of its columns `by`; a column that it lacks is told as absent.
  package init(_ row: Row, by: [String]) {
    var slices: [String: String] = [:]
    for column in by {
      slices[column] =
        switch row.field(column) {
        case .string(let text)?: text
        case nil, .null?: "(none)"
        case let value?: JSONWriter.compact(value)
        }
    }
    self.init(id: row.id.description, slices: slices)
  }
}

extension CompletionSettings {
  /// What of it changes answers.
  package var json: JSONValue {
    .object([
      "max_new_tokens": .integer(Int64(maxNewTokens)),
      "until": .array(stops.map { .string($0) }), "temperature": .number(temperature),
      "top_k": .integer(Int64(topK)), "top_p": .number(topP),
      "seed": .integer(Int64(bitPattern: seed)), "samples": .integer(Int64(samples)),
      "json": .bool(constraint == .json),
    ])
  }
}
