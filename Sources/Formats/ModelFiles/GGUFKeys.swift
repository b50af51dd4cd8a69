import Documents

/// The keys of a file in their order, as they are put together.
struct GGUFKeys {
  let architecture: String
  let fileType: Int
  private(set) var pairs: [GGUFPair] = []

  init(_ architecture: String, fileType: Int) {
    self.architecture = architecture
    self.fileType = fileType
  }

  /// Appends `<architecture>.<key>`.
  mutating func add(_ key: String, _ value: GGUFValue) {
    pairs.append(GGUFPair("\(architecture).\(key)", value))
  }

  mutating func addFileType() {
    pairs.append(GGUFPair("general.file_type", .uint32(fileType)))
  }

  /// What the converter writes for most architectures (`TextModel.set_gguf_parameters`).
  ///
  /// - Parameter saysHeadSize: whether the head size is written although config.json is silent.
  mutating func addCommon(
    _ model: ModelConfiguration, saysHeadSize: Bool? = nil, omitsHeadSize: Bool = false
  ) {
    add("block_count", .uint32(model.layerCount))
    add("context_length", .uint32(model.contextLength))
    add("embedding_length", .uint32(model.hiddenSize))
    add("feed_forward_length", .uint32(model.intermediateSize))
    add("attention.head_count", .uint32(model.headCount))
    add("attention.head_count_kv", .uint32(model.keyValueHeadCount))
    addScaling(model)
    add("rope.freq_base", .float32(model.ropeTheta))
    if model.ropes.count > 1 || GGUFArchitecture.named(architecture)?.hasWindows == true {
      add("rope.freq_base_swa", .float32((model.ropes.last ?? model.ropes[0]).theta))
    }
    add("attention.layer_norm_rms_epsilon", .float32(model.rmsNormEpsilon))
    if let experts = model.flags.experts {
      add("expert_count", .uint32(experts.count))
      add("expert_used_count", .uint32(experts.perToken))
    }
    // A model that was made here has no config.json and names everything.
    let isSaid = model.json["head_dim"].map { $0.integerValue != nil } ?? false
    let isMade = model.json.objectValue?.isEmpty != false
    let isSurprising = model.headSize * model.headCount != model.hiddenSize
    let says =
      saysHeadSize ?? GGUFArchitecture.named(architecture)?.saysHeadSize ?? false
    if !omitsHeadSize, says || isSaid || isMade || isSurprising {
      add("attention.key_length", .uint32(model.headSize))
      add("attention.value_length", .uint32(model.headSize))
    }
    addFileType()
  }

  /// llama3's and longrope's factors are tensors, see ``GGUFRope``.
  private mutating func addScaling(_ model: ModelConfiguration) {
    switch model.ropeScaling {
    case .linear(let factor)?:
      add("rope.scaling.type", .string("linear"))
      add("rope.scaling.factor", .float32(factor))
    case .yarn(let yarn)?:
      add("rope.scaling.type", .string("yarn"))
      add("rope.scaling.factor", .float32(yarn.factor))
      add("rope.scaling.original_context_length", .uint32(yarn.originalContextLength))
      let table = model.json["rope_parameters"] ?? model.json["rope_scaling"] ?? .null
      let said = table["full_attention"] ?? table
      if said["attention_factor"]?.doubleValue != nil {
        add("rope.scaling.yarn_attn_factor", .float32(yarn.attentionFactor))
      }
      if said["beta_fast"]?.doubleValue != nil || yarn.betaFast != 32 {
        add("rope.scaling.yarn_beta_fast", .float32(yarn.betaFast))
      }
      if said["beta_slow"]?.doubleValue != nil || yarn.betaSlow != 1 {
        add("rope.scaling.yarn_beta_slow", .float32(yarn.betaSlow))
      }
      // The loader works the factor out and multiplies it by this one only.
      let ratio = yarn.attentionFactor / GGUFRope.yarnAttentionFactor(yarn.factor)
      if abs(ratio - 1) > 1e-6 { add("rope.scaling.attn_factor", .float32(ratio)) }
    case .llama3?, .longrope?, .dynamic?, nil: break
    }
  }
}
