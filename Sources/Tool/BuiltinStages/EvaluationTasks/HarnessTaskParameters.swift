internal import Diagnostics
internal import Evaluation
private import Foundation
internal import StageKit

/// What an entry under `tasks:` says of a task of lm-evaluation-harness.
struct HarnessTaskParameters: Sendable {
  let task: String
  private let taskFiles: FilePattern
  private let exampleFiles: FilePattern
  private let exampleCount: Int?
  private let isChat: Bool
  private let isMultiturn: Bool
  private let allowsUnsafe: Bool

  /// Nil where the entry names no such task.
  init?(_ read: inout ParameterReader) {
    let task = read.optionalString(
      "task",
      help: "A task or group of lm-evaluation-harness: built in (hellaswag, arc_easy, mmlu, gsm8k, "
        + "…) or of 'task_files'. Its prompts and metrics are the harness'.")
    taskFiles = read.files(
      "task_files", optional: true, help: "Task files of the harness: './tasks/*.yaml'.")
    exampleFiles = read.files(
      "fewshot_data", optional: true,
      help: "The documents that a harness task takes its examples from, where these are of another "
        + "split.")
    exampleCount = read.optionalInteger(
      "num_fewshot", in: 0...10_000, help: "Examples in a harness task's prompts.")
    isChat = read.flag(
      "apply_chat_template", default: false,
      help: "Whether a harness task's prompts are conversations.")
    isMultiturn = read.flag(
      "fewshot_as_multiturn", default: false, help: "Whether its examples are turns of their own.")
    allowsUnsafe = read.flag(
      "unsafe_exec", default: false,
      help: "Whether programs that the model writes run even where no sandbox can be made.")
    guard let task else {
      if taskFiles.pattern != nil || exampleFiles.pattern != nil || exampleCount != nil {
        read.problem(
          "task", "settings of a harness task, and no task", fix: "add 'task: NAME'")
      }
      return nil
    }
    self.task = task
    if taskFiles.pattern == nil, !Self.builtin.contains(task) {
      read.problem(
        "task", "there is no built-in task '\(SafeText.escaped(task))'",
        fix: NearestName.suggestion(for: task, among: Self.builtin.sorted())
          .map { "did you mean '\($0)'?" }
          ?? "name its file under 'task_files', or one of \(BuiltinTasks.names.joined(separator: ", "))"
      )
    }
  }

  private static let builtin = Set(BuiltinTasks.allNames)

  var isBuiltin: Bool { Self.builtin.contains(task) }

  func measured(
    name: String, documents: [InputFile], files: (String) -> [InputFile], limit: Int?,
    threads: Int
  ) throws -> any MeasuredTask {
    var data = HarnessDataFiles()
    for file in documents { data.add(file.path, task: task) }
    if exampleFiles.pattern != nil {
      for file in files(exampleFiles.parameter) {
        for split in ["train", "dev"] { data.add(file.path, task: task, split: split) }
      }
    }
    var options = HarnessOptions()
    options.exampleCount = exampleCount
    options.limit = limit.map(Double.init)
    options.isChat = isChat
    options.isMultiturn = isMultiturn
    if BuiltinTasks.runCode([task]) {
      options.tester = try SandboxedCodeTester(
        CodeTestSettings(threads: threads, allowsUnsafe: allowsUnsafe))
    }
    let folders =
      taskFiles.pattern == nil
      ? [] : Set(files(taskFiles.parameter).map { ($0.path as NSString).deletingLastPathComponent })
    let suite = try HarnessSuite(
      [task], folders: folders.sorted(), data: data, options: options)
    if suite.tasks.count == 1, name == suite.tasks[0].name { return suite.tasks[0] }
    return try JoinedTask(name, suite.tasks)
  }
}
