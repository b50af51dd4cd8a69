internal import Diagnostics
internal import Documents

/// Whom a pronoun means (Sakaguchi et al. 2020): both names are put in, and the rest of the sentence
/// is scored.
enum Winogrande {
  static let task: HarnessConfiguration = {
    var task = HarnessConfiguration.builtin(
      "winogrande", .multipleChoice, "allenai/winogrande", "winogrande_xl",
      fields: ["sentence", "option1", "option2", "answer"])
    task.text = .native(answer)
    task.target = .native(ending)
    task.choices = .native(beginnings)
    task.measure("acc")
    return task
  }()

  @Sendable static func answer(_ document: JSONValue) throws -> JSONValue {
    switch try text(document, "answer") {
    case "1": return 0
    case "2": return 1
    default: throw wrong("'answer' is neither 1 nor 2")
    }
  }

  @Sendable static func ending(_ document: JSONValue) throws -> JSONValue {
    .string(PythonText.stripped(try parts(document).after))
  }

  @Sendable static func beginnings(_ document: JSONValue) throws -> JSONValue {
    let before = try parts(document).before
    return .array(
      try ["option1", "option2"].map { .string(before + (try text(document, $0))) })
  }

  private static func parts(_ document: JSONValue) throws -> (before: String, after: String) {
    let sentence = try text(document, "sentence").unicodeScalars
    guard let blank = sentence.firstIndex(of: "_") else {
      throw wrong("'sentence' has no blank '_'")
    }
    return (String(sentence[..<blank]), String(sentence[sentence.index(after: blank)...]))
  }

  private static func text(_ document: JSONValue, _ key: String) throws -> String {
    guard let value = document[key] else { throw wrong("the document has no field '\(key)'") }
    return PythonText.string(value)
  }

  private static func wrong(_ message: String) -> Failure {
    Diagnostic("task.wrong-document", "task 'winogrande': \(message)").failure(.badInput)
  }
}
