import ModelFiles
package import Models

/// Log-probabilities of given texts, in packed batches.
package struct CompletionScorer {
  private let model: LanguageModel
  private let tokensPerBatch: Int

  /// - Parameter tokensPerBatch: sequences are packed until a batch has this many tokens.
  package init(model: LanguageModel, tokensPerBatch: Int = 4096) {
    self.model = model
    self.tokensPerBatch = tokensPerBatch
  }

  /// What a model is asked about: how likely `completion` is after `prompt`.
  package struct Item: Sendable {
    package var prompt: [Int32]
    package var completion: [Int32]

    package init(prompt: [Int32], completion: [Int32]) {
      self.prompt = prompt
      self.completion = completion
    }
  }

  /// The log-probability of each token of each completion. The first token of an item without a
  /// prompt has none and is left out.
  package func logProbabilities(_ items: [Item]) -> [[Float]] {
    var results: [[Float]] = []
    var batch = TokenBatch(ids: [], starts: [0], labels: [])
    var counts: [Int] = []
    func flush() {
      var values = model.logProbabilities(batch)[...]
      for count in counts {
        results.append(Array(values.prefix(count)))
        values = values.dropFirst(count)
      }
      batch = TokenBatch(ids: [], starts: [0], labels: [])
      counts = []
    }
    for item in items {
      let ids = item.prompt + item.completion
      if !counts.isEmpty, batch.ids.count + ids.count > tokensPerBatch { flush() }
      let first = max(1, item.prompt.count)
      batch.ids += ids
      batch.labels += ids.indices.map { t in
        t + 1 < ids.count && t + 1 >= first ? ids[t + 1] : TokenBatch.ignored
      }
      batch.starts.append(batch.ids.count)
      counts.append(max(0, ids.count - first))
    }
    flush()
    return results
  }

  /// The log-probabilities of a long text: windows of the model's context, each scored by itself,
  /// every token but the first of a window predicted once.
  package func logProbabilities(ofText ids: [Int32]) -> [Float] {
    let window = model.configuration.contextLength
    let items = stride(from: 0, to: ids.count, by: window).map { start in
      Item(prompt: [], completion: Array(ids[start..<min(ids.count, start + window)]))
    }
    return logProbabilities(items).flatMap(\.self)
  }
}
