internal import Diagnostics
package import Documents
package import Generation
package import Models
internal import Parallelism
internal import Reproducibility
package import Scoring
internal import Tensors
package import Tokenization

/// Completions by the model's own sampler, scored by verifiers.
///
/// A completion depends on the weights, the seed, the step and its place among the prompts of the
/// round and their samples: never on threads or on what was sampled before.
package final class SampledRollouts: RolloutSource {
  /// What is completed, and what verifiers see of it.
  package struct Prompt: Sendable {
    package var ids: [Int32]
    package var text: String
    package var fields: JSONValue

    package init(ids: [Int32], text: String, fields: JSONValue) {
      self.ids = ids
      self.text = text
      self.fields = fields
    }
  }

  package let rewardNames: [String]
  private let prompts: [Prompt]
  private let verifiers: [any Verifier]
  private let model: LanguageModel
  private let generator: Generator
  private let sampling: SamplingSettings

  /// - Parameters:
  ///   - verifiers: with the names they are reported by.
  ///   - sampling: its seed is that of the run.
  package init(
    _ prompts: [Prompt], verifiers: [(name: String, verifier: any Verifier)],
    model: LanguageModel, tokenizer: Tokenizer, _ sampling: SamplingSettings
  ) {
    self.prompts = prompts
    rewardNames = verifiers.map(\.name)
    self.verifiers = verifiers.map(\.verifier)
    self.model = model
    generator = Generator(model: model, tokenizer: tokenizer)
    self.sampling = sampling
  }

  package func completions(
    _ request: RolloutRequest,
    _ progress: (_ done: Int, _ total: Int, _ what: String) throws -> Void
  ) throws -> RolloutBatch {
    let rows = request.prompts.flatMap {
      [Int](repeating: $0, count: request.completionsPerPrompt)
    }
    var settings = sampling
    settings.seed = CounterRandom(seed: sampling.seed, stream: "rollout").bits(
      UInt64(request.step))
    let texts = try withoutActuallyEscaping(progress) { progress in
      try generator.generate(rows.map { prompts[$0].ids }, settings) {
        try progress($0.finished, $0.total, "completions")
      }
    }
    try progress(rows.count, rows.count, "completions")
    return RolloutBatch(
      completions: texts.map { $0.ids + ($0.stopTokenID.map { [$0] } ?? []) },
      isFinished: texts.map { $0.finish == .stop }, rewards: try rewards(rows, texts))
  }

  /// Of each function and completion; NaN where a row lacks what the score needs.
  private func rewards(_ rows: [Int], _ texts: [Generated]) throws -> [[Double]] {
    try verifiers.map { verifier in
      try model.backend.pool.map(Array(zip(rows, texts))) { [prompts] row, text in
        let attempt = Attempt(
          prompt: prompts[row].text, completion: text.text, fields: prompts[row].fields)
        return try verifier.verify(attempt).score ?? .nan
      }
    }
  }
}
