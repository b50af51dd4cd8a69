import ArgumentParser
import Diagnostics
import Documents
import Evaluation
import Foundation
import Generation
import ModelFiles

/// `orchestrate eval-tasks MODEL --tasks …`: tasks of lm-evaluation-harness.
struct EvalTasksCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval-tasks",
    abstract: "Measures a model on tasks of lm-evaluation-harness, with its prompts and numbers.",
    discussion: """
      Tasks are built in (\(BuiltinTasks.names.joined(separator: ", "))) or files of the harness' \
      form. Nothing is downloaded: --data names the documents.

        orchestrate eval-tasks ./model --tasks hellaswag --data hellaswag=validation.jsonl
        orchestrate eval-tasks ./model --tasks gsm8k --data gsm8k=test.jsonl --data gsm8k:train=train.jsonl
        orchestrate eval-tasks ./model --tasks mine --include-path ./tasks --output results
      """)

  @OptionGroup var options: ModelOptions

  @Option(help: "Tasks, groups and task files, with commas between them.")
  var tasks: String

  @Option(help: "TASK=FILE or TASK:SPLIT=FILE; may be given several times.")
  var data: [String] = []

  @Option(help: "A folder of task files; may be given several times.")
  var includePath: [String] = []

  @Option(help: "Examples in a prompt, where a task does not say none.")
  var numFewshot: Int?

  @Option(help: "Documents of a task, from the first; below 1 a share of them.")
  var limit: Double?

  @Flag(help: "Prompts are conversations, rendered with the model's chat template.")
  var applyChatTemplate = false

  @Flag(help: "Examples are turns of the conversation.")
  var fewshotAsMultiturn = false

  @Option(help: "What stands before a task's description.")
  var systemInstruction: String?

  @Option(help: "A folder for results.json and samples_TASK.jsonl; it holds documents and answers.")
  var output: String?

  @Flag(help: "Prints JSON.")
  var json = false

  func validate() throws {
    if let limit, !(limit > 0) {
      throw ValidationError("--limit is \(limit), expected more than 0")
    }
    if let numFewshot, numFewshot < 0 {
      throw ValidationError("--num-fewshot is \(numFewshot), expected at least 0")
    }
    if fewshotAsMultiturn, !applyChatTemplate {
      throw ValidationError("--fewshot-as-multiturn needs --apply-chat-template")
    }
  }

  func run() throws {
    var settings = HarnessOptions()
    settings.exampleCount = numFewshot
    settings.limit = limit
    settings.isChat = applyChatTemplate
    settings.isMultiturn = fewshotAsMultiturn
    settings.system = systemInstruction
    let names = tasks.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    let suite = try HarnessSuite(
      names, folders: includePath, data: HarnessDataFiles(data), options: settings)
    let base = try options.base.map(ModelOptions.tree)
    let folder = try ModelFolder(ModelOptions.tree(options.model)) { _ in base }
    let model = try ReferenceModel(
      folder, template: ModelText.template(of: folder), pool: options.pool)
    let results = try HarnessRun(suite).results(of: model, pool: options.pool)
    if let output { try write(results, to: output) }
    if json {
      Console.output.line(JSONWriter.compact(results.json))
    } else {
      for line in results.table { Console.output.line(line) }
    }
  }

  private func write(_ results: HarnessResults, to folder: String) throws {
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true)
    func write(_ text: String, _ name: String) throws {
      try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/" + name))
    }
    try write(JSONWriter.pretty(results.json) + "\n", "results.json")
    for task in results.tasks {
      let lines = task.samples.map { JSONWriter.compact($0) + "\n" }.joined()
      try write(lines, "samples_\(task.task.name).jsonl")
    }
  }
}
