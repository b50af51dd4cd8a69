import Diagnostics
package import Documents

extension ModelConfiguration {
  /// The values of `model_type` that are understood.
  package static let supportedModelTypes = ModelFamily.all.map(\.modelType)

  /// Reads a `config.json` in the form of transformers 4 (`rope_theta`, `rope_scaling`,
  /// `torch_dtype`) or 5 (`rope_parameters`, `dtype`).
  ///
  /// Keys that only change training elsewhere (`attention_dropout`, `resid_pdrop`,
  /// `router_jitter_noise`) are kept and not followed.
  ///
  /// - Parameter file: named in errors.
  /// - Throws: ``Failure`` of class `badInput` with every problem of the file.
  package init(config json: JSONValue, file: String) throws {
    var read = ConfigurationReader(json, file: file)
    try read.finish()
    guard let family = Self.readFamily(&read) else {
      try read.finish()
      preconditionFailure("a file without a family has a problem")
    }

    let hiddenSize = read.integer("hidden_size", in: 1...Self.sizeMax)
    let heads = Self.readHeads(&read, family, hiddenSize: hiddenSize)
    let contextLength = read.integer(
      "max_position_embeddings", in: 1...Int(Int32.max), default: family.contextLength)
    let ropes = RopeReader(family: family, headSize: heads.size, contextLength: contextLength)
      .ropes(&read)
    let attentionBias =
      family.attentionBias == .asSaid && read.flag("attention_bias", default: false)

    self.init(
      modelType: family.modelType,
      vocabularySize: read.integer("vocab_size", in: 1...Self.sizeMax), hiddenSize: hiddenSize,
      intermediateSize: read.integer("intermediate_size", in: 1...Self.sizeMax),
      layerCount: read.integer("num_hidden_layers", in: 1...65536), headCount: heads.count,
      keyValueHeadCount: heads.keyValueCount, headSize: heads.size, contextLength: contextLength,
      rmsNormEpsilon: read.number("rms_norm_eps", in: 0...1, default: family.rmsNormEpsilon),
      tiesWordEmbeddings: read.flag("tie_word_embeddings", default: family.tiesWordEmbeddings),
      hasQueryKeyValueBias: attentionBias || family.attentionBias == .queryKeyValue,
      hasOutputBias: attentionBias,
      hasFeedForwardBias: family.hasFeedForwardBiasKey && read.flag("mlp_bias", default: false),
      bosTokenID: read.value("bos_token_id")?.integerValue,
      eosTokenIDs: Self.tokenIDs(read.value("eos_token_id")), json: json)
    self.ropes = ropes
    flags.activation = Self.readActivation(&read, family)
    family.read(&self, &read)
    if read.flag("use_bidirectional_attention", default: false) {
      read.problem(
        "config.attention", "'use_bidirectional_attention' is true, expected a causal decoder")
    }
    try read.finish()
  }

  /// Far above any published model, and products of two fit 63 bits.
  private static var sizeMax: Int { 1 << 24 }

  private static func readFamily(_ read: inout ConfigurationReader) -> ModelFamily? {
    let supported = supportedModelTypes.joined(separator: ", ")
    if read.value("quantization_config") != nil {
      read.problem(
        "config.quantized", "the weights are quantized ('quantization_config' is set)",
        fix: "use the model in its original precision")
    }
    guard let name = read.string("model_type") else {
      if read.value("model_type") == nil {
        read.problem(
          "config.missing", "'model_type' is missing", fix: "supported model types: \(supported)")
      }
      return nil
    }
    guard let family = ModelFamily.named(name), read.diagnostics.isEmpty else {
      if ModelFamily.named(name) == nil {
        let nearest = NearestName.suggestion(for: name, among: supportedModelTypes)
        read.problem(
          "config.model-type", "the model type '\(SafeText.escaped(name))' is not supported",
          fix: (nearest.map { "did you mean '\($0)'? " } ?? "")
            + "supported model types: \(supported)")
      }
      return nil
    }
    return family
  }

  private static func readHeads(
    _ read: inout ConfigurationReader, _ family: ModelFamily, hiddenSize: Int
  ) -> (count: Int, keyValueCount: Int, size: Int) {
    let range = 1...65536
    let count = read.integer("num_attention_heads", in: range)
    // Absent is the family's number, null as many as query heads.
    let isAbsent = read.json["num_key_value_heads"] == nil
    let keyValueCount = read.integer(
      "num_key_value_heads", in: range,
      default: isAbsent ? family.keyValueHeadCount ?? count : count)
    let isDerived = family.headSize == nil && read.value("head_dim") == nil
    let size = read.integer(
      "head_dim", in: range, default: family.headSize ?? max(1, hiddenSize / max(1, count)))
    if isDerived, hiddenSize % count != 0 {
      read.problem(
        "config.heads", "'hidden_size' \(hiddenSize) is no multiple of \(count) heads")
    }
    if count % keyValueCount != 0 {
      read.problem(
        "config.heads",
        "\(count) query heads cannot share \(keyValueCount) key/value heads evenly")
    }
    if size % 2 != 0 {
      read.problem("config.heads", "the head size is \(size), expected an even number")
    }
    return (count, keyValueCount, size)
  }

  private static func readActivation(
    _ read: inout ConfigurationReader, _ family: ModelFamily
  ) -> DecoderFlags.Activation {
    guard let name = read.string(family.activationKey) else { return family.activation }
    switch name {
    case "silu", "swish": return .silu
    // The same formula under two names.
    case "gelu_pytorch_tanh", "gelu_new": return .geluTanh
    // The first files of gemma say `gelu` and mean this (transformers' GemmaConfig).
    case "gelu" where family.modelType == "gemma": return .geluTanh
    default:
      read.problem(
        "config.activation",
        "'\(family.activationKey)' is '\(SafeText.escaped(name))', expected 'silu' or "
          + "'gelu_pytorch_tanh'")
      return family.activation
    }
  }

  private static func tokenIDs(_ value: JSONValue?) -> [Int] {
    value?.arrayValue?.compactMap(\.integerValue) ?? value?.integerValue.map { [$0] } ?? []
  }

  /// The type that weights are stored in by `dtype` or `torch_dtype`; nil when not said.
  package var storedType: TensorType? {
    (json["dtype"]?.stringValue ?? json["torch_dtype"]?.stringValue).flatMap {
      TensorType(torchName: $0)
    }
  }
}
