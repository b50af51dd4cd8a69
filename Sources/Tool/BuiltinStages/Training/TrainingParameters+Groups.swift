internal import Diagnostics
internal import StageKit
internal import Training

extension TrainingParameters {
  /// Which parameters learn at a rate of their own, by Axolotl's names.
  static func groups(_ read: inout ParameterReader) -> ParameterGroupRules {
    var rules = ParameterGroupRules()
    rules.loraPlusRatio = read.optionalNumber(
      "loraplus_lr_ratio", in: 1e-3...1e3,
      help: "LoRA+: B matrices learn at this multiple of learning_rate.")
    rules.loraPlusEmbeddingRate = read.number(
      "loraplus_lr_embedding", default: 1e-6, in: 0...1,
      help: "LoRA+: the learning rate of adapters on embeddings.")
    rules.embeddingRate = read.optionalNumber(
      "embedding_lr", in: 0...10,
      help: "The learning rate of embeddings, the head and modules saved whole.")
    rules.embeddingScale = read.optionalNumber(
      "embedding_lr_scale", in: 1e-6...1e6, help: "The same as a multiple of learning_rate.")
    if rules.embeddingRate != nil && rules.embeddingScale != nil {
      read.problem(
        "embedding_lr_scale", "embedding_lr and embedding_lr_scale are both set",
        fix: "keep one of them")
    }
    if rules.loraPlusRatio != nil, rules.embeddingRate != nil || rules.embeddingScale != nil {
      read.problem(
        "loraplus_lr_ratio", "LoRA+ sets the rate of embeddings by loraplus_lr_embedding",
        fix: "leave out embedding_lr and embedding_lr_scale")
    }
    return rules
  }
}
