internal import Documents
internal import Patterns

/// How a scene goes on (Zellers et al. 2019).
enum Hellaswag {
  static let task: HarnessConfiguration = {
    var task = HarnessConfiguration.builtin(
      "hellaswag", .multipleChoice, "Rowan/hellaswag", fields: ["query", "choices", "label"])
    task.dataset.fieldsInWords = "activity_label, ctx_a, ctx_b (or ctx), endings, label"
    task.tags = ["multiple_choice"]
    task.process = process
    task.text = .builtin("{{query}}")
    task.target = .builtin("{{label}}")
    task.choices = .builtin("choices")
    task.measure("acc", "acc_norm")
    return task
  }()

  /// Adds `query`, `choices` and `gold`, from the columns of Hugging Face (`activity_label`, `ctx_a`,
  /// `ctx_b`, `endings`, `label`) or from a scene that is whole already (`ctx`, `endings`, `label`).
  @Sendable static func process(_ document: JSONValue) throws -> JSONValue {
    let scene: String
    if document["activity_label"] == nil, document["ctx_a"] == nil,
      let whole = document["ctx"]?.stringValue
    {
      scene = whole
    } else {
      scene =
        try document.text("activity_label") + ": " + document.text("ctx_a") + " "
        + PythonText.capitalized(document.text("ctx_b"))
    }
    let label = document["label"]
    guard let gold = label?.integerValue ?? label?.stringValue.flatMap({ Int($0) }) else {
      throw MissingField("label")
    }
    return document.with([
      JSONMember("query", .string(readable(scene))),
      JSONMember("choices", .array(try document.texts("endings").map { .string(readable($0)) })),
      JSONMember("gold", .integer(Int64(gold))),
    ])
  }

  /// Without what is left of WikiHow's markup.
  static func readable(_ text: String) -> String {
    var text = PythonText.replacing(PythonText.stripped(text), " [title]", ". ")
    if text.utf8.contains(UInt8(ascii: "[")) { text = brackets.replacing(in: text) { _ in "" } }
    return PythonText.replacing(text, "  ", " ")
  }

  private static let brackets = Pattern.builtin(#"\[.*?\]"#)
}

extension Pattern {
  /// A regular expression of a built-in task.
  static func builtin(_ source: String) -> Pattern {
    do {
      return try Pattern(source)
    } catch {
      preconditionFailure("a built-in regular expression is wrong: \(error)")
    }
  }
}
