/// Functions to be written from their description, judged by tests (Chen et al. 2021).
enum HumanEval {
  static let task: HarnessConfiguration = {
    var task = HarnessConfiguration.builtin(
      "humaneval", .generation, "openai/openai_humaneval", training: nil, validation: nil,
      test: "test", fields: ["prompt", "test", "entry_point"])
    task.text = .builtin("{{prompt}}")
    task.target = .builtin("{{test}}\ncheck({{entry_point}})")
    task.exampleCount = 0
    task.generation = CompletionSettings(
      maxNewTokens: 1024, stops: ["\nclass", "\ndef", "\n#", "\nif", "\nprint"])
    task.scoring = .codeTests(k: [1])
    task.metrics = [.passAtK(1)]
    task.filters = [HarnessFilterList("create_test", [])]
    return task
  }()
}
