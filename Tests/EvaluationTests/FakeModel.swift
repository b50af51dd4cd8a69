import Documents
import Evaluation
import Records

/// Answers from a table; log-probabilities from the length of texts.
struct FakeModel: RequestModel {
  /// Last user turn or prompt → answer.
  var answers: [String: String] = [:]
  /// Log-probability of every token; a token is a byte.
  var perToken = -1.0
  /// Mean log-probability of an answer by its text.
  var answerScores: [String: Double] = [:]

  /// Answers that do not end by themselves.
  var unended: Set<String> = []

  func answers(to requests: [ModelRequest], progress: (Int) throws -> Void) throws
    -> [ModelAnswer]
  {
    var found: [ModelAnswer] = []
    for request in requests {
      found.append(answer(request))
      try progress(found.count)
    }
    return found
  }

  private func answer(_ request: ModelRequest) -> ModelAnswer {
    switch request {
    case .completion(let prompt, _):
      let asked =
        switch prompt {
        case .conversation(let turns, _): turns.last?.content ?? ""
        case .text(let text): text
        }
      let text = answers[asked] ?? ""
      return .completion([
        CompletionAnswer(text: text, tokens: text.utf8.count, ended: !unended.contains(asked))
      ])
    case .row(let row): return .likelihood(likelihood(row))
    case .preference(let row): return .preference(preference(row))
    case .text(let text):
      return .likelihood(
        Likelihood(
          logProbability: perToken * Double(text.utf8.count), tokens: text.utf8.count,
          bytes: text.utf8.count))
    case .continuation(_, let continuation), .reply(_, let continuation):
      let count = continuation.utf8.count
      return .continuation(
        ContinuationMeasure(
          logProbability: perToken * Double(count), tokens: count, isGreedy: false))
    }
  }

  func likelihood(_ row: Row) -> Likelihood {
    let bytes = row.content.texts.reduce(0) { $0 + $1.utf8.count }
    return Likelihood(logProbability: perToken * Double(bytes), tokens: bytes, bytes: 2 * bytes)
  }

  private func preference(_ row: Row) -> PreferenceMeasure {
    guard case .preference(_, let chosen, let rejected) = row.content else {
      return PreferenceMeasure(chosen: 0, rejected: 0)
    }
    return PreferenceMeasure(
      chosen: answerScores[chosen[0].content] ?? 0,
      rejected: answerScores[rejected[0].content] ?? 0)
  }
}

extension FakeModel: ComparableModel {
  /// Of n tokens all but one have the baseline's best token; KL is the difference of the models'
  /// log-probabilities.
  func comparisons(of rows: [Row], with baseline: FakeModel) -> [(
    candidate: Likelihood, baseline: Likelihood
  )] {
    rows.map { row in
      var own = likelihood(row)
      let other = baseline.likelihood(row)
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

  static func question(_ question: String, _ answer: String, _ fields: [JSONMember] = []) -> Row {
    let content = RowContent.conversation(
      [Message(.user, question), Message(.assistant, answer)], tools: nil)
    return Row(
      id: RowID(hash: RowIdentity.hash(content, fields), ordinal: 0), content: content,
      fields: fields)
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
