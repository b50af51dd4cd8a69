internal import Documents
internal import Records
internal import Scoring

/// What a teacher's reply holds: rows, or reasons why not.
enum TeacherReply {
  struct Made: Sendable {
    var turns: [Message]
    var answer: String
    /// Members of the object beside the texts.
    var fields: [JSONMember]
  }

  /// Why a reply, or an object in it, makes no row.
  enum Problem: String, Sendable {
    case noJSON = "synthesize.no-json"
    case noObject = "synthesize.no-object"
    case noTexts = "synthesize.no-prompt-or-answer"
    case schema = "synthesize.schema"
    case refused = "synthesize.refused"
    case empty = "synthesize.empty"
  }

  /// An object, or a list of objects, each with texts under `prompt` (or `instruction`, `question`)
  /// and `answer` (or `output`, `response`, `completion`); a ``` fence around them is taken off.
  static func rows(_ reply: String, _ schema: JSONSchema?) -> [Result<Made, Refusal>] {
    guard let json = try? JSONReader.parse(Array(unfenced(reply).utf8), file: "reply") else {
      return [.failure(Refusal(.noJSON))]
    }
    let items = json.arrayValue ?? [json]
    if items.isEmpty { return [.failure(Refusal(.empty))] }
    return items.map { item in
      guard let members = item.objectValue else { return .failure(Refusal(.noObject)) }
      if let schema, let violation = schema.violation(in: item) {
        return .failure(Refusal(.schema, detail: violation.keyword))
      }
      guard let (prompt, promptKey) = text(item, promptKeys),
        let (answer, answerKey) = text(item, answerKeys)
      else { return .failure(Refusal(.noTexts)) }
      return .success(
        Made(
          turns: [Message(.user, prompt)], answer: answer,
          fields: members.filter { $0.key != promptKey && $0.key != answerKey }))
    }
  }

  struct Refusal: Error, Hashable {
    var reason: String

    init(_ problem: Problem, detail: String? = nil) {
      reason = problem.rawValue + (detail.map { ".\($0)" } ?? "")
    }

    init(reason: String) { self.reason = reason }
  }

  private static let promptKeys = ["prompt", "instruction", "question"]
  private static let answerKeys = ["answer", "output", "response", "completion"]

  private static func text(_ item: JSONValue, _ keys: [String]) -> (String, String)? {
    for key in keys {
      if let text = item[key]?.stringValue, !isBlank(text) { return (text, key) }
    }
    return nil
  }

  static func isBlank(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy(\.properties.isWhitespace)
  }

  private static func unfenced(_ reply: String) -> String {
    guard let open = reply.firstRange(of: "```") else { return reply }
    let rest = reply[open.upperBound...]
    guard let line = rest.firstIndex(of: "\n"), let close = rest[line...].firstRange(of: "```")
    else { return reply }
    return String(rest[line..<close.lowerBound])
  }
}
