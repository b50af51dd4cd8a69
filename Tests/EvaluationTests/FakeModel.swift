import Evaluation
import Records

/// Answers from a table; log-probabilities from the length of texts.
struct FakeModel: EvaluatedModel {
  /// Last user turn or prompt → answer.
  var answers: [String: String] = [:]
  /// Log-probability of every token; a token is a byte.
  var perToken = -1.0
  /// Mean log-probability of an answer by its text.
  var answerScores: [String: Double] = [:]

  func answers(to prompts: [EvaluationPrompt], maxNewTokens: Int, stops: [String]) -> [String] {
    prompts.map { prompt in
      switch prompt {
      case .conversation(let turns, _): answers[turns.last?.content ?? ""] ?? ""
      case .text(let text): answers[text] ?? ""
      }
    }
  }

  func likelihoods(of rows: [Row]) -> [Likelihood] {
    rows.map { row in
      let bytes = row.content.texts.reduce(0) { $0 + $1.utf8.count }
      return Likelihood(logProbability: perToken * Double(bytes), tokens: bytes, bytes: 2 * bytes)
    }
  }

  func preferences(of rows: [Row]) -> [PreferenceMeasure] {
    rows.map { row in
      guard case .preference(_, let chosen, let rejected) = row.content else {
        return PreferenceMeasure(chosen: 0, rejected: 0)
      }
      return PreferenceMeasure(
        chosen: answerScores[chosen[0].content] ?? 0,
        rejected: answerScores[rejected[0].content] ?? 0)
    }
  }
}

extension FakeModel: ComparableModel {
  /// Of n tokens all but one have the baseline's best token; KL is the difference of the models'
  /// log-probabilities.
  func comparisons(of rows: [Row], with baseline: FakeModel) -> [(
    candidate: Likelihood, baseline: Likelihood
  )] {
    zip(likelihoods(of: rows), baseline.likelihoods(of: rows)).map { own, other in
      var own = own
      own.divergence = Divergence(
        kld: abs(perToken - baseline.perToken) * Double(own.tokens), sameTop: own.tokens - 1,
        baselineLogProbability: other.logProbability)
      return (own, other)
    }
  }
}

/// Rows for tests.
enum TestRows {
  static func row(_ content: RowContent) -> Row {
    Row(id: RowID(hash: RowIdentity.hash(content, []), ordinal: 0), content: content)
  }

  static func question(_ question: String, _ answer: String) -> Row {
    row(.conversation([Message(.user, question), Message(.assistant, answer)], tools: nil))
  }

  /// `count` questions q0, q1, …, all answered with `answer`.
  static func questions(_ count: Int, answer: String = "yes") -> [Row] {
    (0..<count).map { question("q\($0)", answer) }
  }

  /// A model that answers the first `right` of them.
  static func model(right: Int, answer: String = "yes") -> FakeModel {
    var answers: [String: String] = [:]
    for k in 0..<right { answers["q\(k)"] = answer }
    return FakeModel(answers: answers)
  }
}
