internal import Diagnostics
internal import Documents
internal import Tokenization

/// The tasks that are known by name, and the groups they stand in.
package enum BuiltinTasks {
  static let configurations: [HarnessConfiguration] =
    [
      Arc.easy, Arc.challenge, BoolQ.task, GSM8K.task, GSM8K.chainOfThought, Hellaswag.task,
      HumanEval.task, OpenBookQA.task, PIQA.task, TruthfulQA.mc1, TruthfulQA.mc2, Wikitext.task,
      Winogrande.task,
    ] + MMLU.tasks

  static let groups: [HarnessGroup] = MMLU.groups

  /// Names of tasks and groups, sorted; subjects of mmlu are left out. Written down: every command
  /// names them in its help, and to make the tasks for that takes 2 ms.
  package static let names = [
    "arc_challenge", "arc_easy", "boolq", "gsm8k", "gsm8k_cot", "hellaswag", "humaneval", "mmlu",
    "mmlu_humanities", "mmlu_other", "mmlu_social_sciences", "mmlu_stem", "openbookqa", "piqa",
    "truthfulqa_mc1", "truthfulqa_mc2", "wikitext", "winogrande",
  ]

  /// All of them, subjects of mmlu too.
  package static let allNames: [String] = (configurations.map(\.task) + groups.map(\.name)).sorted()

  /// Whether one of these tasks runs programs that the model writes.
  package static func runCode(_ names: [String]) -> Bool {
    configurations.contains { task in
      guard names.contains(task.task), case .codeTests = task.scoring else { return false }
      return true
    }
  }

  /// A task's name on Hugging Face.
  static func dataset(of task: String) -> String? {
    configurations.first { $0.task == task }?.dataset.path
  }
}

extension HarnessConfiguration {
  /// A built-in task: where its documents are and what they must have.
  static func builtin(
    _ task: String, _ output: HarnessOutput, _ path: String, _ name: String? = nil,
    training: String? = "train", validation: String? = "validation", test: String? = nil,
    fields: [String], version: Double = 1
  ) -> HarnessConfiguration {
    var configuration = HarnessConfiguration(task: task)
    configuration.output = output
    configuration.version = .number(version)
    configuration.dataset.path = path
    configuration.dataset.name = name
    configuration.dataset.trainingSplit = training
    configuration.dataset.validationSplit = validation
    configuration.dataset.testSplit = test
    configuration.dataset.fields = fields
    configuration.filters = [.none]
    return configuration
  }

  mutating func measure(_ names: String...) {
    metrics = names.map { name in
      guard let metric = HarnessMetric(name) else { preconditionFailure("no metric '\(name)'") }
      return metric
    }
  }
}

extension DocumentField {
  /// A template or column of a built-in task.
  static func builtin(_ source: String) -> DocumentField {
    do {
      return .written(try PlainTemplate(source, at: SourceSpan(file: "built-in task", line: 1)))
    } catch {
      preconditionFailure("a built-in template is wrong: \(error)")
    }
  }

  static func builtin(_ items: [String]) -> DocumentField {
    .constant(.array(items.map { .string($0) }))
  }
}

extension JSONValue {
  /// The members of this object with `more`, which replace those of their keys.
  func with(_ more: [JSONMember]) -> JSONValue {
    let keys = Set(more.map(\.key))
    return .object((objectValue ?? []).filter { !keys.contains($0.key) } + more)
  }

  /// A text that must be there.
  func text(_ key: String) throws -> String {
    guard let text = self[key]?.stringValue else { throw MissingField(key) }
    return text
  }

  func texts(_ key: String) throws -> [String] {
    guard let items = self[key]?.arrayValue else { throw MissingField(key) }
    return try items.map { item in
      guard let text = item.stringValue else { throw MissingField(key) }
      return text
    }
  }
}
