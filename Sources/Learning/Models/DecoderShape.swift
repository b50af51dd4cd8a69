import ModelFiles
import Tensors

/// The sizes of a decoder, in the letters of the comments.
struct DecoderShape: Sendable {
  let vocabulary: Int
  let hidden: Int
  let feedForward: Int
  let layers: Int
  let attention: CPUBackend.AttentionShape
  let epsilon: Float

  init(_ configuration: ModelConfiguration) {
    vocabulary = configuration.vocabularySize
    hidden = configuration.hiddenSize
    feedForward = configuration.intermediateSize
    layers = configuration.layerCount
    attention = CPUBackend.AttentionShape(
      headCount: configuration.headCount, keyValueHeadCount: configuration.keyValueHeadCount,
      headSize: configuration.headSize,
      scale: Float(1 / Double(configuration.headSize).squareRoot()),
      window: configuration.slidingWindow ?? .max)
    epsilon = Float(configuration.rmsNormEpsilon)
  }
}
