internal import Documents

/// Elementary science with a book of facts (Mihaylov et al. 2018).
enum OpenBookQA {
  static let task: HarnessConfiguration = {
    var task = HarnessConfiguration.builtin(
      "openbookqa", .multipleChoice, "allenai/openbookqa", "main", test: "test",
      fields: ["question_stem", "choices", "answerKey"])
    task.process = { document in
      // The original files have the stem below 'question'.
      if document["question_stem"] == nil, let question = document["question"] {
        return try Arc.flat(document.with([JSONMember("question_stem", question)]))
      }
      return try Arc.flat(document)
    }
    task.text = .builtin("question_stem")
    task.target = .builtin("{{choices.label.index(answerKey.lstrip())}}")
    task.choices = .builtin("{{choices.text}}")
    task.measure("acc", "acc_norm")
    return task
  }()
}
