internal import Models
internal import Tokenization

/// Rows of two answers to one prompt, as they lie in a batch: for each row prompt and chosen
/// answer, then prompt and rejected answer.
struct AnswerPairs {
  let examples: [PreferenceExample]
  /// Whether the prompt before the chosen answer is predicted too.
  let labelsPrompt: Bool
  /// Of every row: the labels of each part.
  let labels: [Labels]

  struct Labels: Sendable, Hashable {
    var prompt: Int
    var chosen: Int
    var rejected: Int

    var total: Int { prompt + chosen + rejected }
  }

  /// The log-probabilities of one row's labels, part by part.
  struct Parts {
    var row: Int
    var prompt: ArraySlice<Float>
    var chosen: ArraySlice<Float>
    var rejected: ArraySlice<Float>
  }

  init(_ examples: [PreferenceExample], labelsPrompt: Bool = false) {
    self.examples = examples
    self.labelsPrompt = labelsPrompt
    labels = examples.map { example in
      Labels(
        prompt: labelsPrompt ? max(0, example.prompt.count - 1) : 0,
        chosen: example.scored(example.chosen), rejected: example.scored(example.rejected))
    }
  }

  /// Of both answers, less what they share.
  var batchTokens: [Int] {
    examples.indices.map { row in
      let both = sequences(row)
      return both[0].ids.count + both[1].ids.count - both[0].sharedPrefix(both[1])
    }
  }

  func batch(_ rows: [Int]) -> TokenBatch {
    TokenBatch(sharingPrefixes: rows.flatMap(sequences))
  }

  private func sequences(_ row: Int) -> [LabelledSequence] {
    let example = examples[row]
    return [
      example.sequence(example.chosen, 0, labelsPrompt: labelsPrompt),
      example.sequence(example.rejected, 1, labelsPrompt: false),
    ]
  }

  /// Splits the log-probabilities of the labels of `batch(rows)`.
  func parts(_ rows: [Int], _ logProbabilities: [Float]) -> [Parts] {
    var next = 0
    func take(_ count: Int) -> ArraySlice<Float> {
      defer { next += count }
      return logProbabilities[next..<(next + count)]
    }
    let parts = rows.map { row in
      Parts(
        row: row, prompt: take(labels[row].prompt), chosen: take(labels[row].chosen),
        rejected: take(labels[row].rejected))
    }
    precondition(next == logProbabilities.count, "one log-probability per label")
    return parts
  }
}

extension Sequence<Float> {
  /// The sum in double, in order.
  var total: Double { reduce(0) { $0 + Double($1) } }
}

extension PreferenceExample {
  /// Tokens of an answer that are predicted: all, unless nothing precedes the first.
  package func scored(_ answer: [Int32]) -> Int {
    prompt.isEmpty ? max(0, answer.count - 1) : answer.count
  }

  fileprivate func sequence(_ answer: [Int32], _ index: Int, labelsPrompt: Bool)
    -> LabelledSequence
  {
    let before =
      labelsPrompt ? prompt : [Int32](repeating: TokenBatch.ignored, count: prompt.count)
    return LabelledSequence(
      ids: prompt + answer, labels: before + answer, key: row.key(sequence: index))
  }
}
