internal import Documents

/// Lines of FastChat's `model_judgment` files, without a clock.
package enum MTBenchJudgment {
  /// Who judged what: question, turn, models and judge.
  package struct Place: Sendable, Hashable {
    /// A number where the questions have numbers, else the row id.
    package var question: String
    package var turn: Int
    package var candidate: String
    package var baseline: String
    package var judge: String

    package init(
      question: String, turn: Int, candidate: String, baseline: String, judge: String
    ) {
      self.question = question
      self.turn = turn
      self.candidate = candidate
      self.baseline = baseline
      self.judge = judge
    }

    var questionValue: JSONValue {
      Int64(question).map { .integer($0) } ?? .string(question)
    }
  }

  /// A line of `…_pair.jsonl`: `g1_winner` is that of the order with the candidate first.
  package static func pair(_ place: Place, _ comparison: Judge.Comparison) -> String {
    func winner(_ verdict: JudgeReply.Preference?, first: String, second: String) -> JSONValue {
      switch verdict {
      case .first: .string(first)
      case .second: .string(second)
      case .tie: "tie"
      case nil: "error"
      }
    }
    return JSONWriter.compact(
      .object([
        "question_id": place.questionValue, "model_1": .string(place.candidate),
        "model_2": .string(place.baseline),
        "g1_winner": winner(comparison.forwardVerdict, first: "model_1", second: "model_2"),
        "g2_winner": winner(comparison.backwardVerdict, first: "model_2", second: "model_1"),
        "judge": [.string(place.judge), "pair"],
        "g1_user_prompt": .string(comparison.forward.prompt),
        "g1_judgment": .string(comparison.forward.text),
        "g2_user_prompt": .string(comparison.backward.prompt),
        "g2_judgment": .string(comparison.backward.text),
        "turn": .integer(Int64(place.turn)), "tstamp": 0,
      ])) + "\n"
  }

  /// A line of `…_single.jsonl`; a grade that is none is -1.
  package static func single(_ place: Place, model: String, _ grade: Judge.Grade) -> String {
    JSONWriter.compact(
      .object([
        "question_id": place.questionValue, "model": .string(model),
        "judge": [.string(place.judge), "single"], "user_prompt": .string(grade.reply.prompt),
        "judgment": .string(grade.reply.text), "score": grade.grade.map { .number($0) } ?? -1,
        "turn": .integer(Int64(place.turn)), "tstamp": 0,
      ])) + "\n"
  }
}
