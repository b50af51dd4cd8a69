internal import Diagnostics
internal import Documents

extension AxolotlReader {
  /// Whether an adapter is trained.
  var hasAdapter: Bool { ["lora", "qlora"].contains(text("adapter") ?? "") }

  /// The kind of the stage that trains, from `rl` and its like.
  mutating func readKind() {
    if let rl = take("rl"), let name = rl.scalar?.text {
      let kinds = [
        "dpo": "dpo", "ipo": "dpo", "orpo": "orpo", "kto": "kto", "simpo": "simpo",
      ]
      if let kind = kinds[name] {
        self.kind = kind
        settle("rl", .carried, "a stage '\(kind)'")
        if name == "ipo" {
          parameters.append((span("rl").line, "dpo_loss_type", "[ipo]"))
        }
      } else if ["grpo", "gdpo"].contains(name) {
        problem(
          "'rl' is '\(name)', whose rewards are Python functions", at: "rl",
          fix: "write a stage 'grpo' with 'reward_funcs'; 'orchestrate explain grpo' lists them")
        settle("rl", .notSupported, "rewards are verifiers here, not Python functions")
      } else {
        problem(
          "'rl' is '\(SafeText.escaped(name, limit: 40))', which is not supported", at: "rl",
          fix: "known: dpo, ipo, orpo, kto, simpo")
        settle("rl", .notSupported, "known are dpo, ipo, orpo, kto and simpo")
      }
    } else if flag("reward_model") {
      kind = "reward_model"
      settle(
        "reward_model", hasAdapter ? .carried : .notSupported,
        hasAdapter
          ? "a stage 'reward_model'"
          : "a stage 'reward_model' that trains a LoRA adapter: scores of all weights are not "
            + "supported")
    } else if flag("process_reward_model") {
      problem(
        "'process_reward_model' scores single steps, which is not supported",
        at: "process_reward_model", fix: "train a reward model of whole answers: reward_model: true"
      )
      settle("process_reward_model", .notSupported, "there are reward models of whole answers only")
    } else if let pretraining = document["pretraining_dataset"], !pretraining.isNull, !hasAdapter {
      kind = "pretrain"
    }
    for key in ["reward_model", "process_reward_model"] where document[key] != nil {
      if !isSettled(key) { settle(key, .empty, "it is off") }
    }
    if let processor = take("processor_type") {
      problem(
        "'processor_type' is \(processor.kindName): images and sounds are not supported",
        at: "processor_type", fix: "train on texts only: take the key out")
      settle("processor_type", .notSupported, "rows are texts here")
    }
  }

  /// The source of the input `model`.
  mutating func readModel() -> String {
    guard let name = take("base_model")?.scalar?.text, !name.isEmpty else {
      problem("'base_model' is missing", at: nil, fix: "add 'base_model: ./models/NAME'")
      return "./models/base"
    }
    let path = modelPath(name, key: "base_model")
    if let config = take("base_model_config") {
      let isSame = config.scalar?.text == name
      settle(
        "base_model_config", isSame ? .notNeeded : .notSupported,
        isSame
          ? "config.json of the model's folder is read"
          : "a model's folder holds its own config.json; put it there")
    }
    for key in ["tokenizer_config"] {
      guard let other = take(key)?.scalar?.text else { continue }
      settle(
        key, other == name ? .notNeeded : .notSupported,
        other == name
          ? "the tokenizer of the model's folder is read"
          : "put tokenizer.json and tokenizer_config.json of that model into \(path)")
    }
    if let adapter = take("lora_model_dir") {
      settle(
        "lora_model_dir", .notSupported,
        "a new adapter is trained; to continue that one, give it as a stage's 'model'"
          + (adapter.scalar.map { " (\(SafeText.escaped($0.text, limit: 60)))" } ?? ""))
    }
    return path
  }

  private mutating func modelPath(_ name: String, key: String) -> String {
    if let path = localPath(name) {
      settle(key, .carried, "\(kind).model \(path)")
      return path
    }
    let last = name.split(separator: "/").last.map(String.init) ?? name
    let path = "./models/" + last
    settle(key, .changed, "\(kind).model \(path): put the model's folder there")
    expect(path, "the Hugging Face folder of \(SafeText.escaped(name, limit: 100))")
    return path
  }

  /// A path as pipelines write it; nil for an id of the Hub.
  func localPath(_ name: String) -> String? {
    if ["./", "../", "/"].contains(where: name.hasPrefix) { return name }
    if name.hasPrefix("~") || exists(name) { return name.hasPrefix("~") ? nil : "./" + name }
    // An id of the Hub has one '/' at most.
    let isURL = name.contains("://")
    return !isURL && name.split(separator: "/").count > 2 ? "./" + name : nil
  }

  // MARK: - Adapter

  mutating func readAdapter() {
    readAdapterKind()
    readTargets()
    for (key, name) in [
      ("lora_rank_pattern", "rank_pattern"), ("lora_alpha_pattern", "alpha_pattern"),
    ] {
      guard let node = take(key) else { continue }
      carry(key, as: name, AxolotlPipelineText.flow(node))
    }
    if let settings = take("bnb_config_kwargs") {
      let entries = settings.mapping ?? []
      for entry in entries {
        let name = "bnb_config_kwargs.\(entry.name)"
        if ["bnb_4bit_use_double_quant", "bnb_4bit_quant_type"].contains(entry.name) {
          parameters.append(
            (entry.key.span.line, entry.name, AxolotlPipelineText.flow(entry.value)))
          note(name, entry.key.span, .carried, "\(kind).\(entry.name)")
        } else {
          note(name, entry.key.span, .notSupported, "there is nothing of the kind here")
        }
      }
      settle("bnb_config_kwargs", .changed, "its members one by one")
    }
    if flag("load_in_8bit") {
      settle(
        "load_in_8bit", .notSupported,
        "frozen weights keep their 16 bits; set 'load_in_4bit: true' to save memory")
    }
  }

  private mutating func readAdapterKind() {
    guard stageParameters.contains("adapter") else { return }
    guard let node = take("adapter"), let name = node.scalar?.text else {
      return preset("adapter", kind == "reward_model" ? "lora" : "none")
    }
    guard ["lora", "qlora"].contains(name) else {
      problem(
        "'adapter' is \(node.kindName), which is not supported", at: "adapter",
        fix: "use lora or qlora, or leave it out to train all weights")
      return settle("adapter", .notSupported, "known are lora and qlora")
    }
    carry("adapter", name)
  }

  private static let linears = [
    "q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj", "qkv_proj",
    "gate_up_proj", "w1", "w2", "w3",
  ]

  /// Padding needs no token here; the other roles are the tokenizer's own.
  mutating func readSpecialTokens() {
    guard let tokens = take("special_tokens") else { return }
    for entry in tokens.mapping ?? [] {
      let key = "special_tokens.\(entry.name)"
      if entry.value.isNull {
        note(key, entry.key.span, .empty, "no value")
      } else if entry.name == "pad_token" {
        note(key, entry.key.span, .notNeeded, "padding needs no token here")
      } else {
        note(
          key, entry.key.span, .notSupported,
          "set it in tokenizer_config.json of the model's folder")
      }
    }
    let areNeeded = (tokens.mapping ?? []).contains {
      !$0.value.isNull && $0.name != "pad_token"
    }
    settle("special_tokens", areNeeded ? .changed : .notNeeded, "its members one by one")
  }

  private mutating func readTargets() {
    guard hasAdapter else { return }
    let modules = take("lora_target_modules")
    if flag("lora_target_linear") {
      carry("lora_target_linear", "true")
      if let modules {
        let names = (modules.sequence ?? [modules]).compactMap { $0.scalar?.text }
        let areLinears = names.allSatisfy { name in
          Self.linears.contains { name == $0 || name.hasSuffix("." + $0) }
        }
        settle(
          "lora_target_modules", areLinears ? .notNeeded : .notSupported,
          areLinears
            ? "'lora_target_linear' names them too"
            : "'lora_target_linear' is there too and is used: every linear but the head")
      }
    } else if let modules {
      if document["lora_target_linear"] != nil, !isSettled("lora_target_linear") {
        settle("lora_target_linear", .empty, "it is off")
      }
      carry("lora_target_modules", AxolotlPipelineText.flow(modules))
    } else {
      // PEFT's targets of Llama, Qwen, Mistral and Gemma where a configuration names none.
      preset("lora_target_modules", "[q_proj, v_proj]")
    }
  }
}
