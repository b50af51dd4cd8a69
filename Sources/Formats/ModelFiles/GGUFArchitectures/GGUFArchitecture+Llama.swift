import Documents

extension GGUFArchitecture {
  /// Llama and Mistral, and Mixtral by its experts.
  static let llama: GGUFArchitecture = {
    var llama = GGUFArchitecture("llama", "llama", "mistral", "mixtral")
    llama.interleavesHeads = true
    llama.loadsOutputBiases = true
    llama.scalings = [.linear, .yarn, .llama3]
    llama.write = { model, keys in
      // transformers works the head size out for llama and mistral, not for mixtral.
      keys.addCommon(model, saysHeadSize: model.modelType != "mixtral")
      keys.addLlama(model)
    }
    return llama
  }()

  /// Llama where every fourth layer does not rotate: the loader counts them.
  static let smollm3: GGUFArchitecture = {
    var smollm3 = GGUFArchitecture("smollm3", "smollm3")
    smollm3.interleavesHeads = true
    smollm3.scalings = [.linear, .yarn, .llama3]
    smollm3.rotates = { ($0 + 1) % 4 != 0 }
    smollm3.write = { model, keys in
      keys.addCommon(model)
      keys.addLlama(model)
    }
    return smollm3
  }()

  /// Llama with four factors; the head size cannot be said.
  static let granite: GGUFArchitecture = {
    var granite = GGUFArchitecture("granite", "granite")
    granite.interleavesHeads = true
    granite.loadsOutputBiases = true
    granite.headsFillWidth = true
    granite.scalings = [.linear, .yarn, .llama3]
    granite.write = { model, keys in
      keys.addCommon(model, omitsHeadSize: true)
      keys.addLlama(model)
      let flags = model.flags
      let attention = flags.attentionScale ?? 1 / Double(model.headSize).squareRoot()
      keys.add("attention.scale", .float32(attention))
      keys.add("embedding_scale", .float32(flags.embeddingScale))
      keys.add("residual_scale", .float32(flags.residualScale))
      keys.add(
        "logit_scale",
        .float32(model.json["logits_scaling"]?.doubleValue ?? 1 / flags.logitScale))
    }
    granite.read = { keys in
      func factor(_ key: String, _ name: String, default fallback: Double) throws -> JSONMember {
        JSONMember(name, .number(try keys.number(key, default: fallback)))
      }
      let headSize = Double(try keys.headSize)
      return [
        try factor(
          "attention.scale", "attention_multiplier", default: 1 / headSize.squareRoot()),
        try factor("embedding_scale", "embedding_multiplier", default: 1),
        try factor("residual_scale", "residual_multiplier", default: 1),
        try factor("logit_scale", "logits_scaling", default: 1),
      ]
    }
    return granite
  }()
}

extension GGUFKeys {
  /// What follows the common keys in all of Llama's kind.
  fileprivate mutating func addLlama(_ model: ModelConfiguration) {
    add("vocab_size", .uint32(model.vocabularySize))
    add("rope.dimension_count", .uint32(model.headSize))
  }
}
