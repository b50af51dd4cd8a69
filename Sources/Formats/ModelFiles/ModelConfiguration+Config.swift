import Diagnostics
package import Documents

extension ModelConfiguration {
  /// The values of `model_type` that are understood: decoders of Llama's shape.
  package static let supportedModelTypes = ["llama", "mistral", "qwen2"]

  /// Reads a `config.json` in the form of transformers 4 (`rope_theta`, `rope_scaling`,
  /// `torch_dtype`) or 5 (`rope_parameters`, `dtype`).
  ///
  /// - Parameter file: named in errors.
  /// - Throws: ``Failure`` of class `badInput` with every problem of the file.
  package init(config json: JSONValue, file: String) throws {
    var read = ConfigurationReader(json, file: file)
    try read.finish()
    let modelType = Self.readModelType(&read)
    try read.finish()

    let sizeMax = 1 << 24  // far above any published model, and products of two fit 63 bits
    let hiddenSize = read.integer("hidden_size", in: 1...sizeMax)
    let headCount = read.integer("num_attention_heads", in: 1...65536)
    let keyValueHeadCount = read.integer(
      "num_key_value_heads", in: 1...65536, default: headCount)
    let headSize = read.integer(
      "head_dim", in: 1...65536, default: max(1, hiddenSize / max(1, headCount)))
    if read.value("head_dim") == nil, hiddenSize % headCount != 0 {
      read.problem(
        "config.heads", "'hidden_size' \(hiddenSize) is no multiple of \(headCount) heads")
    }
    if headCount % keyValueHeadCount != 0 {
      read.problem(
        "config.heads",
        "\(headCount) query heads cannot share \(keyValueHeadCount) key/value heads evenly")
    }
    if headSize % 2 != 0 {
      read.problem("config.heads", "the head size is \(headSize), expected an even number")
    }
    let rope = Self.readRope(&read)
    let attentionBias =
      modelType == "llama" ? read.flag("attention_bias", default: false) : modelType == "qwen2"

    self.init(
      modelType: modelType,
      vocabularySize: read.integer("vocab_size", in: 1...sizeMax),
      hiddenSize: hiddenSize,
      intermediateSize: read.integer("intermediate_size", in: 1...sizeMax),
      layerCount: read.integer("num_hidden_layers", in: 1...65536),
      headCount: headCount, keyValueHeadCount: keyValueHeadCount, headSize: headSize,
      contextLength: read.integer(
        "max_position_embeddings", in: 1...Int(Int32.max),
        default: modelType == "mistral" ? 131_072 : modelType == "qwen2" ? 32768 : 2048),
      ropeTheta: rope.theta, ropeScaling: rope.scaling,
      rmsNormEpsilon: read.number("rms_norm_eps", in: 0...1, default: 1e-6),
      tiesWordEmbeddings: read.flag("tie_word_embeddings", default: false),
      hasQueryKeyValueBias: attentionBias,
      hasOutputBias: attentionBias && modelType == "llama",
      hasFeedForwardBias: modelType == "llama" && read.flag("mlp_bias", default: false),
      bosTokenID: read.value("bos_token_id")?.integerValue,
      eosTokenIDs: Self.tokenIDs(read.value("eos_token_id")), json: json)
    if modelType == "mistral"
      || modelType == "qwen2" && read.flag("use_sliding_window", default: false)
    {
      let window = read.value("sliding_window").map { _ in
        read.integer("sliding_window", in: 1...Int(Int32.max))
      }
      for index in layers.indices { layers[index].window = window }
    }
    try read.finish()
  }

  private static func readModelType(_ read: inout ConfigurationReader) -> String {
    let supported = supportedModelTypes.joined(separator: ", ")
    guard let name = read.string("model_type") else {
      read.problem(
        "config.missing", "'model_type' is missing", fix: "supported model types: \(supported)")
      return ""
    }
    if !supportedModelTypes.contains(name) {
      let nearest = NearestName.suggestion(for: name, among: supportedModelTypes)
      read.problem(
        "config.model-type", "the model type '\(SafeText.escaped(name))' is not supported",
        fix: (nearest.map { "did you mean '\($0)'? " } ?? "")
          + "supported model types: \(supported)")
    }
    if let activation = read.string("hidden_act"), !["silu", "swish"].contains(activation) {
      read.problem(
        "config.activation",
        "'hidden_act' is '\(SafeText.escaped(activation))', expected 'silu'")
    }
    if read.value("quantization_config") != nil {
      read.problem(
        "config.quantized", "the weights are quantized ('quantization_config' is set)",
        fix: "use the model in its original precision")
    }
    return name
  }

  private static func readRope(_ read: inout ConfigurationReader)
    -> (theta: Double, scaling: RopeScaling?)
  {
    // transformers 5 puts both in `rope_parameters`; 4 keeps `rope_theta` outside.
    let parameters = read.value("rope_parameters")
    let source = parameters ?? read.value("rope_scaling") ?? .object([])
    var inner = ConfigurationReader(source, file: read.file)
    let thetaRange = 1e-3...1e15
    let theta =
      inner.value("rope_theta") != nil
      ? inner.number("rope_theta", in: thetaRange)
      : read.number("rope_theta", in: thetaRange, default: 10_000)
    if let part = (inner.value("partial_rotary_factor") ?? read.value("partial_rotary_factor"))?
      .doubleValue, part != 1
    {
      inner.problem("config.rope", "'partial_rotary_factor' is \(part), expected 1")
    }
    let kind = inner.string("rope_type") ?? inner.string("type") ?? "default"
    var scaling: RopeScaling?
    let factors = 1e-6...1e9
    switch kind {
    case "default": break
    case "linear": scaling = .linear(factor: inner.number("factor", in: factors))
    case "llama3":
      scaling = .llama3(
        factor: inner.number("factor", in: factors),
        lowFrequencyFactor: inner.number("low_freq_factor", in: factors),
        highFrequencyFactor: inner.number("high_freq_factor", in: factors),
        originalContextLength: inner.integer(
          "original_max_position_embeddings", in: 1...Int(Int32.max)))
    default:
      inner.problem(
        "config.rope", "the rope type '\(SafeText.escaped(kind))' is not supported",
        fix: "supported rope types: default, linear, llama3")
    }
    if case .llama3(_, let low, let high, _)? = scaling, low >= high, inner.diagnostics.isEmpty {
      inner.problem(
        "config.rope", "'low_freq_factor' \(low) is not below 'high_freq_factor' \(high)")
    }
    for diagnostic in inner.diagnostics { read.adopt(diagnostic) }
    return (theta, scaling)
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
