import Reproducibility
import Tensors

/// What each token of a text is drawn by: a function of (seed, key of the text, position) alone.
struct Sampler {
  private let settings: SamplingSettings
  private let random: CounterRandom

  /// - Parameter key: which text this is; part of what randomness is keyed by.
  init(_ settings: SamplingSettings, key: UInt64) {
    self.settings = settings
    random = CounterRandom(seed: settings.seed, stream: "sample", key)
  }

  func draw(position: Int) -> TokenDraw {
    TokenDraw(
      temperature: settings.temperature, topK: settings.topK, topP: settings.topP,
      uniform: settings.temperature == 0 ? 0 : random.uniform(UInt64(position)))
  }
}
