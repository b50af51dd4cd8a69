import ArgumentParser
import Diagnostics
import Documents
import Evaluation
import Foundation
import Generation
import ModelFiles
import Parallelism

/// `orchestrate eval MODEL --tasks …`: tasks of lm-evaluation-harness.
struct EvalTasks: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Tasks and groups of lm-evaluation-harness, and task files, with commas between them.",
      valueName: "names"))
  var tasks: String?

  @Option(
    name: .customLong("data"),
    help: ArgumentHelp(
      "With --tasks: TASK=FILE or TASK:SPLIT=FILE; may be given several times.",
      valueName: "task=file"))
  var documents: [String] = []

  @Option(help: "With --tasks: a folder of task files; may be given several times.")
  var includePath: [String] = []

  @Option(help: "With --tasks: examples in a prompt, where a task does not say none.")
  var numFewshot: Int?

  @Flag(help: "With --tasks: prompts are conversations, rendered with the model's chat template.")
  var applyChatTemplate = false

  @Flag(help: "With --apply-chat-template: examples are turns of the conversation.")
  var fewshotAsMultiturn = false

  @Option(help: "With --tasks: what stands before a task's description.")
  var systemInstruction: String?

  @Flag(
    help: "With --tasks: runs programs that the model writes without walls where none can be made.")
  var unsafeExec = false

  @Option(
    help: "With --tasks: a folder for results.json and samples_TASK.jsonl; it holds documents.")
  var output: String?

  func validate() throws {
    if let numFewshot, numFewshot < 0 {
      throw ValidationError("--num-fewshot is \(numFewshot), expected at least 0")
    }
    if fewshotAsMultiturn, !applyChatTemplate {
      throw ValidationError("--fewshot-as-multiturn needs --apply-chat-template")
    }
    guard tasks == nil else { return }
    let given =
      !documents.isEmpty || !includePath.isEmpty || numFewshot != nil
      || applyChatTemplate || systemInstruction != nil || unsafeExec || output != nil
    if given { throw ValidationError("settings of tasks need --tasks") }
  }

  /// Measures the tasks, prints their table or JSON, and writes what was asked for.
  func run(
    _ names: String, _ options: ModelOptions, _ device: DeviceOptions, limit: Double?,
    json: Bool
  ) throws {
    var settings = HarnessOptions()
    settings.exampleCount = numFewshot
    settings.limit = limit
    settings.isChat = applyChatTemplate
    settings.isMultiturn = fewshotAsMultiturn
    settings.system = systemInstruction
    let asked = names.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    if BuiltinTasks.runCode(asked) {
      settings.tester = try SandboxedCodeTester(
        CodeTestSettings(threads: options.pool.threads, allowsUnsafe: unsafeExec))
    }
    let suite = try HarnessSuite(
      asked, folders: includePath, data: HarnessDataFiles(documents), options: settings)
    let base = try options.base.map(ModelOptions.tree)
    let folder = try ModelFolder(ModelOptions.tree(options.model)) { _ in base }
    let model = try LanguageModelUnderTest(
      folder, template: ModelText.template(of: folder), pool: options.pool,
      backend: device.backend(options.pool))
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
