internal import Documents

/// Science questions of two levels (Clark et al. 2018).
enum Arc {
  static let easy = task("arc_easy", "ARC-Easy")
  static let challenge = task("arc_challenge", "ARC-Challenge")

  private static func task(_ name: String, _ part: String) -> HarnessConfiguration {
    var task = HarnessConfiguration.builtin(
      name, .multipleChoice, "allenai/ai2_arc", part, test: "test",
      fields: ["question", "choices", "answerKey"])
    task.tags = ["ai2_arc"]
    task.process = { try flat($0) }
    task.text = .builtin("Question: {{question}}\nAnswer:")
    task.target = .builtin("{{choices.label.index(answerKey)}}")
    task.choices = .builtin("{{choices.text}}")
    task.measure("acc", "acc_norm")
    return task
  }

  /// `choices` as `{text: […], label: […]}`, which Hugging Face has, from `[{text, label}, …]`, alone
  /// or below `question` as the original files have it.
  static func flat(_ document: JSONValue) throws -> JSONValue {
    var document = document
    for key in ["question", "question_stem"] {
      if let inner = document[key], let stem = inner["stem"] {
        document = document.with([
          JSONMember(key, stem), JSONMember("choices", inner["choices"] ?? .null),
        ])
      }
    }
    guard let items = document["choices"]?.arrayValue else { return document }
    return document.with([
      JSONMember(
        "choices",
        [
          "text": .array(try items.map { .string(try $0.text("text")) }),
          "label": .array(try items.map { .string(try $0.text("label")) }),
        ])
    ])
  }
}
