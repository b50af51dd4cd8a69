import Diagnostics
import Documents

extension GGUFModel {
  /// The configuration of the model in a file: its keys in the words of a `config.json`, read as
  /// one.
  static func configuration(
    of file: GGUFReader, _ architecture: GGUFArchitecture, _ vocabulary: GGUFVocabulary
  ) throws -> ModelConfiguration {
    let keys = GGUFKeyReader(file: file, architecture: architecture.name)
    let members = try members(keys, architecture, vocabulary)
    var model = try ModelConfiguration(config: .object(members), file: file.path)
    guard
      model.layers.indices.allSatisfy({ architecture.rotates($0) == (model.layers[$0].rope != nil) }
      )
    else { throw keys.problem("the layers rotate in another pattern") }
    // Files say by their tensors which biases there are.
    func has(_ tensor: String) -> Bool { file.tensor("blk.0.\(tensor).bias") != nil }
    model.hasQueryKeyValueBias = has("attn_q") || has("attn_qkv")
    model.hasOutputBias = has("attn_output")
    model.hasFeedForwardBias = has("ffn_up")
    return model
  }

  private static func members(
    _ keys: GGUFKeyReader, _ architecture: GGUFArchitecture, _ vocabulary: GGUFVocabulary
  ) throws -> [JSONMember] {
    let (layerCount, hiddenSize) = (try keys.layerCount, try keys.hiddenSize)
    let (headCount, headSize) = (try keys.headCount, try keys.headSize)
    let keyValueHeads = try keys.integer(
      "attention.head_count_kv", in: 1...65536, default: headCount)
    guard headCount % keyValueHeads == 0 else {
      throw keys.problem(
        "\(headCount) heads of \(headSize) over \(keyValueHeads) do not fit together")
    }
    let valueSize = try keys.integer(
      "attention.value_length", in: 1...65536, default: headSize)
    guard valueSize == headSize else {
      throw keys.problem("heads of \(headSize) have values of \(valueSize): not supported")
    }
    let experts = try keys.integer("expert_count", in: 0...65536, default: 0)
    let hasExperts = architecture.name == "llama" && experts > 0
    let modelType = hasExperts ? "mixtral" : architecture.modelTypes[0]
    func count(_ value: Int) -> JSONValue { .integer(Int64(value)) }
    var members: [JSONMember] = [
      JSONMember("model_type", .string(modelType)),
      JSONMember(
        "architectures", .array([.string(ModelFamily.named(modelType)?.architecture ?? "")])),
      JSONMember("vocab_size", count(vocabulary.tokens.count)),
      JSONMember("hidden_size", count(hiddenSize)),
      JSONMember("intermediate_size", count(try keys.integer("feed_forward_length"))),
      JSONMember("num_hidden_layers", count(layerCount)),
      JSONMember("num_attention_heads", count(headCount)),
      JSONMember("num_key_value_heads", count(keyValueHeads)),
      JSONMember("head_dim", count(headSize)),
      JSONMember(
        "max_position_embeddings",
        count(try keys.integer("context_length", in: 1...Int(Int32.max)))),
      JSONMember(
        "rms_norm_eps",
        .number(try keys.number("attention.layer_norm_rms_epsilon", default: 1e-5))),
      JSONMember("rope_theta", .number(try keys.number("rope.freq_base", default: 10_000))),
      JSONMember("rope_scaling", try scaling(keys, headSize: headSize)),
      JSONMember("tie_word_embeddings", .bool(keys.file.tensor("output.weight") == nil)),
      JSONMember("bos_token_id", vocabulary.id("bos").map(count) ?? .null),
      JSONMember("eos_token_id", .array(stops(vocabulary).map(count))),
      JSONMember("use_cache", true),
    ]
    if experts > 0 {
      members += [
        JSONMember("num_local_experts", count(experts)), JSONMember("num_experts", count(experts)),
        JSONMember(
          "num_experts_per_tok", count(try keys.integer("expert_used_count", in: 1...65536))),
      ]
    }
    if let family = ModelFamily.named(modelType) {
      let name = family.activation == .silu ? "silu" : "gelu_pytorch_tanh"
      members.append(JSONMember(family.activationKey, .string(name)))
    }
    // A head's rotated part is a whole in every architecture but those that say otherwise.
    let own = try architecture.read(keys)
    if !own.contains(where: { $0.key == "partial_rotary_factor" }),
      try keys.ropeDimensions != headSize
    {
      throw keys.problem("only \(try keys.ropeDimensions) of \(headSize) components rotate")
    }
    return (members + own).sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
  }

  private static func stops(_ vocabulary: GGUFVocabulary) -> [Int] {
    let (eos, eot) = (vocabulary.id("eos"), vocabulary.id("eot"))
    return [eos, eot == eos ? nil : eot].compactMap(\.self)
  }

  // MARK: - Rotary scaling

  private static func scaling(_ keys: GGUFKeyReader, headSize: Int) throws -> JSONValue {
    if let factors = try factors(GGUFRope.frequenciesName, keys) {
      return try frequencies(factors, keys, headSize: headSize)
    }
    if let long = try factors(GGUFRope.longName, keys),
      let short = try factors(GGUFRope.shortName, keys)
    {
      return try longrope(short: short, long: long, keys)
    }
    let said = keys["rope.scaling.type"]?.string
    // Files older than the type have a linear factor only.
    let linear = try keys.number("rope.scale_linear", default: 0)
    let factor = try keys.number("rope.scaling.factor", default: linear)
    switch said {
    case "none": return .null
    case nil where factor == 0, "longrope" where factor == 0: return .null
    case "linear", nil:
      guard factor > 0 else { throw keys.problem("the rope scaling factor is \(factor)") }
      return .object(["factor": .number(factor), "rope_type": "linear"])
    case "yarn": return try yarn(factor, keys)
    case let kind?:
      throw keys.problem("the rope scaling '\(SafeText.escaped(kind))' is not supported")
    }
  }

  /// A tensor of factors; nil when it is not there.
  private static func factors(_ name: String, _ keys: GGUFKeyReader) throws -> [Float]? {
    guard let tensor = keys.file.tensor(name) else { return nil }
    let expected = try keys.ropeDimensions / 2
    guard tensor.elementCount == expected, tensor.dimensions.count == 1 else {
      throw keys.problem("'\(name)' has \(tensor.elementCount) factors, expected \(expected)")
    }
    let factors = try keys.file.floats(name)
    guard factors.allSatisfy({ $0 >= 1e-6 && $0 <= 1e9 }) else {
      throw keys.problem("'\(name)' holds a factor that is no positive number")
    }
    return factors
  }

  /// Llama 3's factors by their parameters where those give them exactly; any others as longrope's,
  /// the same below and above the original length.
  private static func frequencies(_ factors: [Float], _ keys: GGUFKeyReader, headSize: Int) throws
    -> JSONValue
  {
    if factors.allSatisfy({ $0 == 1 }) { return .null }
    let theta = try keys.number("rope.freq_base", default: 10_000)
    if let found = GGUFRope.llama3(making: factors, headSize: headSize, theta: theta) {
      return .object([
        "factor": .number(found.factor), "high_freq_factor": 4, "low_freq_factor": 1,
        "original_max_position_embeddings": .integer(Int64(found.original)),
        "rope_type": "llama3",
      ])
    }
    let list = JSONValue.array(factors.map { .number(Double($0)) })
    return .object([
      "attention_factor": .number(1), "long_factor": list,
      "original_max_position_embeddings": .integer(
        Int64(try keys.integer("context_length", in: 1...Int(Int32.max)))),
      "rope_type": "longrope", "short_factor": list,
    ])
  }

  private static func longrope(short: [Float], long: [Float], _ keys: GGUFKeyReader) throws
    -> JSONValue
  {
    let context = try keys.integer("context_length", in: 1...Int(Int32.max))
    let original = try keys.integer(
      "rope.scaling.original_context_length", in: 1...Int(Int32.max), default: context)
    func list(_ factors: [Float]) -> JSONValue {
      .array(factors.map { .number(GGUFKeyReader.decimal(Double($0))) })
    }
    let worked = GGUFRope.longropeAttentionFactor(contextLength: context, originalLength: original)
    var members = [
      JSONMember("long_factor", list(long)),
      JSONMember("original_max_position_embeddings", .integer(Int64(original))),
      JSONMember("rope_type", "longrope"), JSONMember("short_factor", list(short)),
    ]
    let said = try keys.number("rope.scaling.attn_factor", default: 1)
    if abs(said / worked - 1) > 1e-6 {
      members.append(JSONMember("attention_factor", .number(said)))
    }
    return .object(members.sorted { $0.key < $1.key })
  }

  private static func yarn(_ factor: Double, _ keys: GGUFKeyReader) throws -> JSONValue {
    guard factor > 0 else { throw keys.problem("the rope scaling factor is \(factor)") }
    let context = try keys.integer("context_length", in: 1...Int(Int32.max))
    let original = try keys.integer(
      "rope.scaling.original_context_length", in: 1...Int(Int32.max), default: context)
    var members = [
      JSONMember("factor", .number(factor)),
      JSONMember("original_max_position_embeddings", .integer(Int64(original))),
      JSONMember("rope_type", "yarn"),
    ]
    // The loader works the factor out and takes no other from the file but a factor on it.
    let ratio = try keys.number("rope.scaling.attn_factor", default: 1)
    if ratio != 1 {
      let attention = GGUFRope.yarnAttentionFactor(factor) * ratio
      members.append(JSONMember("attention_factor", .number(attention)))
    }
    for (key, name) in [("yarn_beta_fast", "beta_fast"), ("yarn_beta_slow", "beta_slow")]
    where keys["rope.scaling.\(key)"] != nil {
      members.append(
        JSONMember(name, .number(try keys.number("rope.scaling.\(key)", default: 1))))
    }
    return .object(members.sorted { $0.key < $1.key })
  }
}
