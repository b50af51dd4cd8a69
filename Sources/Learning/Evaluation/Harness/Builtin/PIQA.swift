/// Physical common sense (Bisk et al. 2020).
enum PIQA {
  static let task: HarnessConfiguration = {
    var task = HarnessConfiguration.builtin(
      "piqa", .multipleChoice, "baber/piqa", fields: ["goal", "sol1", "sol2", "label"])
    task.text = .builtin("Question: {{goal}}\nAnswer:")
    task.target = .builtin("label")
    task.choices = .builtin("{{[sol1, sol2]}}")
    task.measure("acc", "acc_norm")
    return task
  }()
}
