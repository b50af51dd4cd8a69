internal import Diagnostics
internal import Documents
internal import Reproducibility

/// A model's answer to a question: a line of FastChat's `model_answer/NAME.jsonl`.
package struct MTBenchAnswer: Sendable, Hashable {
  package var question: Int
  package var model: String
  /// One text for each turn of the question.
  package var turns: [String]

  package init(question: Int, model: String, turns: [String]) {
    self.question = question
    self.model = model
    self.turns = turns
  }

  /// Reads a file of answers; of several choices the first counts.
  ///
  /// - Throws: ``Failure`` of class `badInput` with file and line.
  package static func read(_ bytes: [UInt8], file: String) throws -> [MTBenchAnswer] {
    try MTBenchLines.read(bytes, file: file) { json, line in
      guard let choice = json["choices"]?.arrayValue?.first else {
        throw MTBenchLines.problem("'choices' is no list that holds one", file, line)
      }
      return MTBenchAnswer(
        question: try MTBenchLines.integer(json, "question_id", file, line),
        model: json["model_id"]?.stringValue ?? "",
        turns: try MTBenchLines.texts(choice, "turns", file, line))
    }
  }

  /// A line, without a clock: `tstamp` is 0, and the identity is a digest of the answer.
  package var line: String {
    let body = JSONValue.object([
      "question_id": .integer(Int64(question)), "model_id": .string(model),
      "choices": [["index": 0, "turns": .array(turns.map { .string($0) })]],
    ])
    let id = String(Digest(canonical: body).hex.prefix(22))
    return JSONWriter.compact(
      .object([
        "question_id": .integer(Int64(question)), "answer_id": .string(id),
        "model_id": .string(model), "choices": body["choices"] ?? .null, "tstamp": 0,
      ])) + "\n"
  }
}
