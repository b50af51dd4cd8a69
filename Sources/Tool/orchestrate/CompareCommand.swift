import ArgumentParser
import Diagnostics
import Documents
import Evaluation
import Foundation
import Generation
import ModelFiles
import Records
import Reproducibility
import Tokenization

/// `orchestrate compare MODEL DATA.jsonl --baseline BASE`: both models' answers next to each other.
struct CompareCommand: ParsableCommand {
  enum Format: String, CaseIterable, ExpressibleByArgument { case markdown, csv, json }

  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Shows a model's answers to held-out rows beside those of its baseline.",
    discussion: """
      Rows are conversations that end with an assistant turn, or prompts with completions. Who wins \
      a row is told by a metric (token_f1 unless another is asked for); the win rate and the Elo \
      difference that it amounts to come with a 95 % interval. Texts of rows are shown: that is \
      what the command is for.

        orchestrate compare ./tuned test.jsonl --baseline ./base --limit 50
        orchestrate compare tuned-Q4_K_M.gguf test.jsonl --baseline ./tuned --format csv --output a.csv
      """)

  @OptionGroup var options: ModelOptions
  @OptionGroup var device: DeviceOptions

  @Argument(help: "A .jsonl file; the shape of its rows is found as 'ingest' finds it.")
  var data: String

  @Option(help: "The folder or GGUF file that the model is compared with.")
  var baseline: String

  @Option(help: "The folder or GGUF file of the model that the baseline's adapter was trained on.")
  var baselineBase: String?

  @Option(help: "The metric of an answer that tells who wins a row.")
  var metric = RowMetric.tokenF1

  @Option(help: "The longest answer, in tokens.")
  var maxNewTokens = 256

  @Option(help: "A built-in chat template instead of the models' own.")
  var chatTemplate: String?

  @Option(help: "An answer ends before this text; may be given several times.")
  var until: [String] = []

  @Option(help: "Rows at most, chosen by identity.")
  var limit = 50

  @Option(help: "markdown, csv or json.")
  var format = Format.markdown

  @Option(help: "A file to write instead of the terminal.")
  var output: String?

  func validate() throws {
    if maxNewTokens < 1 {
      throw ValidationError("--max-new-tokens is \(maxNewTokens), expected at least 1")
    }
    if limit < 1 { throw ValidationError("--limit is \(limit), expected at least 1") }
    if metric.kind != .generation || metric == .macroF1 {
      let names = RowMetric.all(of: .generation).filter { $0 != .macroF1 }.map(\.rawValue)
      throw ValidationError(
        "--metric \(metric.rawValue) is no metric of a single answer, expected one of "
          + names.joined(separator: ", "))
    }
  }

  func run() throws {
    let rows = try RowsFile.rows(data)
    let task = try RowTask(
      RowTaskSettings(
        name: "compare", metric: metric,
        completion: CompletionSettings(maxNewTokens: maxNewTokens, stops: until), limit: limit),
      rows)
    let folders = [
      try EvalCommand.folder(options.model, base: options.base),
      try EvalCommand.folder(baseline, base: baselineBase),
    ]
    let given = try chatTemplate.map { try BuiltinTemplate.template($0) }
    let own = try folders.map { try ModelText.template(of: $0) }
    let models = try zip(folders, own).map { folder, template in
      try LanguageModelUnderTest(
        folder, template: given ?? template ?? own.lazy.compactMap(\.self).first,
        pool: options.pool, backend: device.backend(options.pool))
    }
    let shown = try SideBySide(task, candidate: models[0], baseline: models[1])
    let text =
      switch format {
      case .markdown: shown.markdown
      case .csv: shown.csv
      case .json: JSONWriter.compact(shown.json) + "\n"
      }
    guard let output else { return Console.output.write(text) }
    try DurableFile.write(Array(text.utf8), to: output)
    Console.output.line(shown.summary)
  }
}
