internal import Documents

/// Yes-or-no questions about a passage (Clark et al. 2019), as SuperGLUE has them.
enum BoolQ {
  static let task: HarnessConfiguration = {
    var task = HarnessConfiguration.builtin(
      "boolq", .multipleChoice, "aps/super_glue", "boolq",
      fields: ["passage", "question", "label"], version: 2)
    task.tags = ["super-glue-lm-eval-v1"]
    task.process = { document in
      // google/boolq has 'answer: true' in place of 'label: 1'.
      guard document["label"] == nil, let answer = document["answer"]?.boolValue else {
        return document
      }
      return document.with([JSONMember("label", .integer(answer ? 1 : 0))])
    }
    task.text = .builtin("{{passage}}\nQuestion: {{question}}?\nAnswer:")
    task.target = .builtin("label")
    task.choices = .builtin(["no", "yes"])
    task.measure("acc")
    return task
  }()
}
