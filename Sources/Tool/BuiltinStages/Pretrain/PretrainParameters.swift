internal import Diagnostics
internal import ModelFiles
package import StageKit
internal import Tokenization

/// Parameters of ``Pretrain``: the architecture by the names of `config.json`, the rest by
/// Axolotl's.
package struct PretrainParameters: StageParameters {
  package let training: TrainingParameters
  package let mask: MaskParameters
  package let architecture: Architecture
  package let device: DeviceClass

  /// A small Llama; not read when a model with weights is trained further.
  package struct Architecture: Sendable, Hashable {
    package let hiddenSize: Int
    package let intermediateSize: Int
    package let layerCount: Int
    package let headCount: Int
    package let keyValueHeadCount: Int
    package let contextLength: Int
    package let ropeTheta: Double
    package let rmsNormEpsilon: Double
    package let tiesWordEmbeddings: Bool
  }

  package init(_ read: inout ParameterReader) {
    architecture = Self.architecture(&read)
    mask = MaskParameters(everythingWith: &read)
    training = TrainingParameters(
      &read, .init(learningRate: 1e-3, microBatchSize: 8, packs: true))
    device = read.device()
  }

  private static func architecture(_ read: inout ParameterReader) -> Architecture {
    let hidden = read.integer(
      "hidden_size", default: 256, in: 8...65_536, help: "C: width of the residual stream.")
    let feedForward = read.optionalInteger(
      "intermediate_size", in: 8...262_144,
      help: "F: width of the feed-forward layers; 8/3 of hidden_size, in multiples of 32.")
    let layers = read.integer(
      "num_hidden_layers", default: 4, in: 1...512, help: "L: decoder layers.")
    let heads = read.integer(
      "num_attention_heads", default: 4, in: 1...1024, help: "H: query heads.")
    let keys = read.optionalInteger(
      "num_key_value_heads", in: 1...1024, help: "K: key and value heads; as many as H.")
    let positions = read.integer(
      "max_position_embeddings", default: 512, in: 8...1_048_576,
      help: "The longest text the model is made for, in tokens.")
    let theta = read.number(
      "rope_theta", default: 10_000, in: 1...1e9, help: "Base of the rotary position angles.")
    let epsilon = read.number(
      "rms_norm_eps", default: 1e-5, in: 1e-12...1e-2, help: "Inside the root of the norms.")
    let ties = read.flag(
      "tie_word_embeddings", default: true, help: "The head is the embedding's transpose.")
    if hidden % heads != 0 || hidden / heads % 2 != 0 {
      read.problem(
        "num_attention_heads",
        "hidden_size \(hidden) over \(heads) heads is no even whole number",
        fix: "choose num_attention_heads so that hidden_size / num_attention_heads is even")
    }
    if let keys, heads % keys != 0 {
      read.problem(
        "num_key_value_heads", "\(keys) does not divide num_attention_heads, \(heads)",
        fix: "choose a divisor of \(heads)")
    }
    return Architecture(
      hiddenSize: hidden, intermediateSize: feedForward ?? (hidden * 8 / 3 + 31) / 32 * 32,
      layerCount: layers, headCount: heads, keyValueHeadCount: keys ?? heads,
      contextLength: positions, ropeTheta: theta, rmsNormEpsilon: epsilon,
      tiesWordEmbeddings: ties)
  }
}

extension PretrainParameters.Architecture {
  /// The configuration of a fresh model over a tokenizer.
  func configuration(_ tokenizer: Tokenizer, stopTokenIDs: [Int32]) -> ModelConfiguration {
    let end = tokenizer.eos.map { [$0.id] } ?? []
    return ModelConfiguration(
      modelType: "llama", vocabularySize: tokenizer.vocabularySize, hiddenSize: hiddenSize,
      intermediateSize: intermediateSize, layerCount: layerCount, headCount: headCount,
      keyValueHeadCount: keyValueHeadCount, headSize: hiddenSize / headCount,
      contextLength: contextLength, ropeTheta: ropeTheta, rmsNormEpsilon: rmsNormEpsilon,
      tiesWordEmbeddings: tiesWordEmbeddings,
      bosTokenID: tokenizer.bos.map { Int($0.id) },
      eosTokenIDs: (end + stopTokenIDs.filter { !end.contains($0) }).map(Int.init))
  }
}
