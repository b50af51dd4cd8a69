import ModelFiles
package import Models
import Tensors

/// Log-probabilities of given texts, what they begin with alike computed once.
package struct CompletionScorer {
  private let model: LanguageModel
  private let scorer: LikelihoodScorer

  /// - Parameter tokensPerBatch: sequences are packed until a batch has this many tokens.
  package init(model: LanguageModel, tokensPerBatch: Int = 2048) {
    self.model = model
    scorer = LikelihoodScorer(model: model, tokensPerPass: tokensPerBatch)
  }

  /// What a model is asked about: how likely `completion` is after `prompt`.
  package struct Item: Sendable {
    package var prompt: [Int32]
    package var completion: [Int32]

    package init(prompt: [Int32], completion: [Int32]) {
      self.prompt = prompt
      self.completion = completion
    }

    /// The first token of an item without a prompt is not asked about.
    package var text: LabelledText {
      let ids = prompt + completion
      let first = max(1, prompt.count)
      return LabelledText(
        ids: ids,
        labels: ids.indices.map { t in
          t + 1 < ids.count && t + 1 >= first ? ids[t + 1] : TokenBatch.ignored
        })
    }
  }

  /// The log-probability of each token of each completion. The first token of an item without a
  /// prompt has none and is left out.
  package func logProbabilities(_ items: [Item]) -> [[Float]] {
    scorer.measure(items.map(\.text)).map { $0.map(\.logProbability) }
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
