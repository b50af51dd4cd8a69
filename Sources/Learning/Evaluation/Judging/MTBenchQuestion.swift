internal import Diagnostics
internal import Documents

/// A question of MT-Bench, or of any set of its form: `question_id`, `category`, `turns`, perhaps
/// `reference`.
package struct MTBenchQuestion: Sendable, Hashable {
  package var id: Int
  package var category: String
  /// What the user says, turn by turn; the model answers after each.
  package var turns: [String]
  /// A right answer for each turn, or none.
  package var references: [String]

  package init(id: Int, category: String, turns: [String], references: [String] = []) {
    self.id = id
    self.category = category
    self.turns = turns
    self.references = references
  }

  /// FastChat's temperatures of answers by category; 0.7 for one it does not name.
  package var temperature: Double {
    switch category {
    case "writing", "roleplay": 0.7
    case "extraction", "math", "coding", "reasoning", "arena-hard-200": 0
    case "stem", "humanities": 0.1
    default: 0.7
    }
  }

  /// Reads `question.jsonl`.
  ///
  /// - Throws: ``Failure`` of class `badInput` with file, line and column.
  package static func read(_ bytes: [UInt8], file: String) throws -> [MTBenchQuestion] {
    var seen: Set<Int> = []
    let questions = try MTBenchLines.read(bytes, file: file) { json, line in
      let question = MTBenchQuestion(
        id: try MTBenchLines.integer(json, "question_id", file, line),
        category: json["category"]?.stringValue ?? "",
        turns: try MTBenchLines.texts(json, "turns", file, line),
        references: json["reference"] == nil || json["reference"]?.isNull == true
          ? [] : try MTBenchLines.texts(json, "reference", file, line))
      guard seen.insert(question.id).inserted else {
        throw MTBenchLines.problem("question \(question.id) is there twice", file, line)
      }
      return question
    }
    guard !questions.isEmpty else {
      throw Diagnostic(
        "judge.no-questions", "'\(SafeText.escaped(file))' holds no question",
        fix: "give a file of lines such as {\"question_id\": 1, \"category\": \"math\", \"turns\": "
          + "[\"…\"]}"
      ).failure(.badInput)
    }
    return questions
  }
}

/// Lines of MT-Bench's files.
enum MTBenchLines {
  static func read<Item>(
    _ bytes: [UInt8], file: String, _ make: (JSONValue, Int) throws -> Item
  ) throws -> [Item] {
    var items: [Item] = []
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated()
    where !line.allSatisfy({ [0x20, 0x09, 0x0D].contains($0) }) {
      items.append(
        try make(try JSONReader.parse(Array(line), file: file, line: index + 1), index + 1))
    }
    return items
  }

  static func integer(_ json: JSONValue, _ key: String, _ file: String, _ line: Int) throws -> Int {
    guard let value = json[key]?.integerValue else {
      throw problem(
        "'\(key)' is \(json[key]?.kindName ?? "missing"), expected a whole number", file, line)
    }
    return value
  }

  static func string(_ json: JSONValue, _ key: String, _ file: String, _ line: Int) throws
    -> String
  {
    guard let value = json[key]?.stringValue else {
      throw problem("'\(key)' is \(json[key]?.kindName ?? "missing"), expected a text", file, line)
    }
    return value
  }

  /// At least one text.
  static func texts(_ json: JSONValue, _ key: String, _ file: String, _ line: Int) throws
    -> [String]
  {
    let items = json[key]?.arrayValue
    guard let items, !items.isEmpty, items.allSatisfy({ $0.stringValue != nil }) else {
      let found = items == nil ? json[key]?.kindName ?? "missing" : "a list of something else"
      throw problem("'\(key)' is \(found), expected a list of texts", file, line)
    }
    return items.compactMap(\.stringValue)
  }

  static func problem(_ what: String, _ file: String, _ line: Int) -> Failure {
    Diagnostic("judge.question", what, at: SourceSpan(file: file, line: line, column: 1))
      .failure(.badInput)
  }
}
