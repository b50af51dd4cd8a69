import ModelFiles
import Tensors

/// The sizes and rules of a decoder, in the letters of the comments.
struct DecoderShape: Sendable {
  let vocabulary: Int
  let hidden: Int
  let feedForward: Int
  /// One per layer: their windows may differ.
  let attention: [AttentionShape]
  let kinds: [LayerKind]
  let ropes: [Rope]
  let flags: DecoderFlags
  let epsilon: Float

  init(_ configuration: ModelConfiguration) {
    vocabulary = configuration.vocabularySize
    hidden = configuration.hiddenSize
    feedForward = configuration.intermediateSize
    kinds = configuration.layers
    ropes = configuration.ropes
    flags = configuration.flags
    epsilon = Float(configuration.rmsNormEpsilon)
    let scale =
      configuration.flags.attentionScale ?? 1 / Double(configuration.headSize).squareRoot()
    attention = configuration.layers.map { layer in
      AttentionShape(
        headCount: configuration.headCount, keyValueHeadCount: configuration.keyValueHeadCount,
        headSize: configuration.headSize, scale: Float(scale), window: layer.window ?? .max,
        softcap: Float(configuration.flags.attentionSoftcap ?? 0))
    }
  }

  var layers: Int { kinds.count }
  /// The widest attention is any: layers differ in windows only.
  var heads: AttentionShape { attention[0] }

  /// A norm over the hidden width.
  var norm: NormShape { NormShape(epsilon: epsilon, addsOne: flags.normAddsOne) }

  /// A norm over queries or keys of `heads` heads.
  func headNorm(_ heads: Int) -> NormShape {
    NormShape(
      groups: flags.queryKeyNorm == .perHead ? heads : 1, epsilon: epsilon,
      addsOne: flags.normAddsOne)
  }

  var activation: GateActivation {
    switch flags.activation {
    case .silu: .silu
    case .geluTanh: .geluTanh
    }
  }
}
