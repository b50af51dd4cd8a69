package import Documents

extension ModelConfiguration {
  /// The `config.json` of a model whose weights are stored as F32.
  package var configJSON: JSONValue { configJSON(storing: .F32) }

  /// The `config.json` to write: the file the model came from, kept as it is but for the storage
  /// type and whether the head is tied; or, for a model made here, the form of transformers 4, which
  /// 5 and every converter read.
  package func configJSON(storing type: TensorType) -> JSONValue {
    let typeName = JSONValue.string(type.torchName ?? "float32")
    if case .object(var members) = json, !members.isEmpty {
      let key = json["dtype"] != nil ? "dtype" : "torch_dtype"
      members.removeAll { $0.key == "dtype" || $0.key == "torch_dtype" }
      members.append(JSONMember(key, typeName))
      let said =
        json["tie_word_embeddings"]?.boolValue
        ?? ModelFamily.named(modelType)?.tiesWordEmbeddings
      if said != tiesWordEmbeddings {
        members.removeAll { $0.key == "tie_word_embeddings" }
        members.append(JSONMember("tie_word_embeddings", .bool(tiesWordEmbeddings)))
      }
      return .object(members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) })
    }
    var members = commonMembers
    members.append(JSONMember("torch_dtype", typeName))
    members += ModelFamily.named(modelType)?.members(self) ?? []
    return .object(members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) })
  }

  /// What every family's file holds.
  private var commonMembers: [JSONMember] {
    func count(_ value: Int) -> JSONValue { .integer(Int64(value)) }
    let family = ModelFamily.named(modelType)
    let activation: JSONValue = flags.activation == .silu ? "silu" : "gelu_pytorch_tanh"
    var members: [JSONMember] = [
      JSONMember("architectures", .array([.string(family?.architecture ?? "LlamaForCausalLM")])),
      JSONMember("attention_bias", .bool(hasQueryKeyValueBias)),
      JSONMember("bos_token_id", bosTokenID.map(count) ?? .null),
      JSONMember(
        "eos_token_id",
        eosTokenIDs.count == 1
          ? count(eosTokenIDs[0])
          : eosTokenIDs.isEmpty ? .null : .array(eosTokenIDs.map(count))),
      JSONMember("head_dim", count(headSize)),
      JSONMember(family?.activationKey ?? "hidden_act", activation),
      JSONMember("hidden_size", count(hiddenSize)),
      JSONMember("initializer_range", 0.02),
      JSONMember("intermediate_size", count(intermediateSize)),
      JSONMember("max_position_embeddings", count(contextLength)),
      JSONMember("mlp_bias", .bool(hasFeedForwardBias)),
      JSONMember("model_type", .string(modelType)),
      JSONMember("num_attention_heads", count(headCount)),
      JSONMember("num_hidden_layers", count(layerCount)),
      JSONMember("num_key_value_heads", count(keyValueHeadCount)),
      JSONMember("rms_norm_eps", .number(rmsNormEpsilon)),
      JSONMember("rope_scaling", ropeScaling?.json ?? .null),
      JSONMember("rope_theta", .number(ropeTheta)),
      JSONMember("tie_word_embeddings", .bool(tiesWordEmbeddings)),
      JSONMember("use_cache", true),
      JSONMember("vocab_size", count(vocabularySize)),
    ]
    if ropes[0].dimensions != headSize {
      let part = Double(ropes[0].dimensions) / Double(headSize)
      members.append(JSONMember("partial_rotary_factor", .number(part)))
    }
    return members
  }

  /// The `generation_config.json` beside it.
  package var generationConfigJSON: JSONValue {
    var members: [JSONMember] = []
    if let bosTokenID { members.append(JSONMember("bos_token_id", .integer(Int64(bosTokenID)))) }
    if eosTokenIDs.count == 1 {
      members.append(JSONMember("eos_token_id", .integer(Int64(eosTokenIDs[0]))))
    } else if !eosTokenIDs.isEmpty {
      members.append(
        JSONMember("eos_token_id", .array(eosTokenIDs.map { .integer(Int64($0)) })))
    }
    return .object(members)
  }
}

extension RopeScaling {
  fileprivate var json: JSONValue {
    switch self {
    case .linear(let factor): .object(["factor": .number(factor), "rope_type": "linear"])
    case .llama3(let factor, let low, let high, let original):
      .object([
        "factor": .number(factor), "high_freq_factor": .number(high),
        "low_freq_factor": .number(low),
        "original_max_position_embeddings": .integer(Int64(original)), "rope_type": "llama3",
      ])
    case .dynamic(let factor, _):
      .object(["factor": .number(factor), "rope_type": "dynamic"])
    case .yarn(let yarn):
      .object([
        "attention_factor": .number(yarn.attentionFactor), "beta_fast": .number(yarn.betaFast),
        "beta_slow": .number(yarn.betaSlow), "factor": .number(yarn.factor),
        "original_max_position_embeddings": .integer(Int64(yarn.originalContextLength)),
        "rope_type": "yarn", "truncate": .bool(yarn.truncates),
      ])
    case .longrope(let short, let long, let attentionFactor, let original):
      .object([
        "attention_factor": .number(attentionFactor),
        "long_factor": .array(long.map { .number($0) }),
        "original_max_position_embeddings": .integer(Int64(original)), "rope_type": "longrope",
        "short_factor": .array(short.map { .number($0) }),
      ])
    }
  }
}
