import ArgumentParser
import Diagnostics
import Documents
import Evaluation
import Generation
import ModelFiles
import Records
import Scoring
import Tokenization

/// `orchestrate eval MODEL DATA.jsonl`: what eval_gate measures, without a pipeline; with `--tasks`
/// the tasks of lm-evaluation-harness.
struct EvalCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval",
    abstract: "Measures a model on rows, with confidence intervals, alone or against a baseline.",
    discussion: """
      Metrics are those of the stage 'eval_gate': of answers (exact_match, token_f1, rougeL, bleu, \
      …), of likelihoods (perplexity, byte_perplexity, bits_per_byte), preference_accuracy, and \
      against a baseline mean_kld, same_top_p and perplexity_ratio. With --tasks a model is measured \
      on tasks of lm-evaluation-harness, built in \
      (\(BuiltinTasks.names.joined(separator: ", "))) or files of the harness' form; nothing is \
      downloaded, --data names the documents. Models are folders, adapters (--base) and \
      GGUF files; answers of a quantized file are generated with rows rounded to 8 bits, as \
      llama.cpp does, likelihoods are computed from its dequantized weights.

        orchestrate eval ./model test.jsonl --metric exact_match --metric token_f1
        orchestrate eval model-Q4_K_M.gguf test.jsonl --baseline ./model
        orchestrate eval ./model --tasks hellaswag --data hellaswag=validation.jsonl
        orchestrate eval ./model --tasks gsm8k --data gsm8k=test.jsonl --data gsm8k:train=train.jsonl
      """)

  @OptionGroup var options: ModelOptions
  @OptionGroup var device: DeviceOptions

  @Argument(help: "A .jsonl file; the shape of its rows is found as 'ingest' finds it.")
  var data: String?

  @OptionGroup(title: "Tasks of lm-evaluation-harness") var harness: EvalTasks

  @Option(help: "A folder or GGUF file that is measured on the same rows.")
  var baseline: String?

  @Option(help: "The folder or GGUF file of the model that the baseline's adapter was trained on.")
  var baselineBase: String?

  @Option(help: "A metric; may be given several times. By default what the rows are scored by.")
  var metric: [RowMetric] = []

  @Option(help: "The longest answer, in tokens.")
  var maxNewTokens = 256

  @Option(help: "A built-in chat template instead of the models' own.")
  var chatTemplate: String?

  @Option(help: "An answer ends before this text; may be given several times.")
  var until: [String] = []

  @Option(
    help: ArgumentHelp(
      "Rows at most, chosen by identity; with --tasks documents of a task, from the first, "
        + "below 1 a share of them."))
  var limit: Double?

  @Option(help: "The confidence of the intervals is 0.95; this is the seed of bootstrap samples.")
  var seed: UInt64 = 1

  @Flag(help: "Prints JSON.")
  var json = false

  func validate() throws {
    if maxNewTokens < 1 {
      throw ValidationError("--max-new-tokens is \(maxNewTokens), expected at least 1")
    }
    if (data == nil) == (harness.tasks == nil) {
      throw ValidationError(
        data == nil ? "expected a file of rows, or --tasks" : "expected rows or --tasks, found both"
      )
    }
    if let limit, limit <= 0 || harness.tasks == nil && limit.rounded() != limit {
      throw ValidationError("--limit is \(limit), expected a whole number of at least 1")
    }
    if harness.tasks != nil, baseline != nil || !metric.isEmpty {
      throw ValidationError("--baseline and --metric are for rows; tasks have metrics of their own")
    }
    if let metric = metric.first(where: \.comparesModels), baseline == nil {
      throw ValidationError("--metric \(metric.rawValue) needs --baseline")
    }
    if baselineBase != nil, baseline == nil {
      throw ValidationError("--baseline-base needs --baseline")
    }
  }

  func run() throws {
    if let tasks = harness.tasks {
      return try harness.run(tasks, options, device, limit: limit, json: json)
    }
    let data = data ?? ""
    let rows = try RowsFile.rows(data)
    guard !rows.isEmpty else {
      throw Diagnostic(
        "source.no-rows", "'\(SafeText.escaped(data, limit: 300))' holds no rows"
      ).failure(.badInput)
    }
    let run = EvaluationRun(
      tasks: try tasks(rows).map { try RowTask($0, rows) }, rules: [])
    let report = try measure(run)
    if json {
      Console.output.line(JSONWriter.compact(report.scoresJSON))
    } else {
      for line in EvalView(report).lines { Console.output.line(line) }
    }
  }

  private func measure(_ run: EvaluationRun) throws -> EvaluationReport {
    let baseFolder = try baseline.map { try Self.folder($0, base: baselineBase) }
    let folder = try Self.folder(options.model, base: options.base)
    let given = try chatTemplate.map { try BuiltinTemplate.template($0) }
    let shared = try ModelText.template(of: folder) ?? baseFolder.flatMap(ModelText.template)
    func load(_ folder: ModelFolder) throws -> LanguageModelUnderTest {
      try LanguageModelUnderTest(
        folder, template: given ?? ModelText.template(of: folder) ?? shared, pool: options.pool,
        backend: device.backend(options.pool))
    }
    var notes: [String] = []
    func note(_ name: String, _ model: LanguageModelUnderTest) {
      if model.shortened == 0 { return }
      notes.append(
        "\(name): \(model.shortened) texts were longer than the model's context and were cut")
    }
    var first: [TaskResult]
    var second: [TaskResult]?
    if run.comparesModels, let baseFolder {
      let (candidate, other) = (try load(folder), try load(baseFolder))
      let measured = try run.measure(candidate, other) { _ in }
      (first, second) = (measured.candidate, measured.baseline)
      note("model", candidate)
      note("baseline", other)
    } else {
      func alone(_ name: String, _ folder: ModelFolder) throws -> [TaskResult] {
        let model = try load(folder)
        defer { note(name, model) }
        return try run.measure(model) { _ in }
      }
      first = try alone("model", folder)
      second = try baseFolder.map { try alone("baseline", $0) }
    }
    return try run.report(
      first, second.map { [Opponent("baseline", $0)] } ?? [],
      ScoreSettings(seed: seed, pool: options.pool), notes: notes)
  }

  static func folder(_ model: String, base: String?) throws -> ModelFolder {
    let baseTree = try base.map(ModelOptions.tree)
    return try ModelFolder(ModelOptions.tree(model)) { _ in baseTree }
  }

  /// A task for each kind of metric.
  private func tasks(_ rows: [Row]) -> [RowTaskSettings] {
    let wanted = metric.isEmpty ? defaults(rows) : metric
    var tasks: [RowTaskSettings] = []
    for metric in wanted {
      if let index = tasks.firstIndex(where: { $0.metric.kind == metric.kind }) {
        tasks[index].others.append(metric)
      } else {
        tasks.append(
          RowTaskSettings(
            name: metric.kind.name, metric: metric,
            completion: CompletionSettings(maxNewTokens: maxNewTokens, stops: until),
            limit: limit.map { Int($0) }))
      }
    }
    return tasks
  }

  private func defaults(_ rows: [Row]) -> [RowMetric] {
    if case .preference? = rows.first?.content { return [.preferenceAccuracy] }
    let comparing: [RowMetric] =
      baseline == nil ? [] : [.perplexityRatio, .meanKLD, .sameTopP]
    return [.perplexity, .bytePerplexity] + comparing
  }
}

extension RowMetric: ExpressibleByArgument {}

extension RowMetric.Kind {
  /// What the table calls its task.
  fileprivate var name: String {
    switch self {
    case .generation: "answers"
    case .likelihood: "likelihood"
    case .preference: "preferences"
    }
  }
}
