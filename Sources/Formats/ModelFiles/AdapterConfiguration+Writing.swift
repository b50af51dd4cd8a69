package import Documents

extension AdapterConfiguration {
  /// The version of PEFT whose files are written.
  private static let peftVersion = "0.21.2"

  /// The file PEFT, vLLM and transformers read: every key that PEFT writes, sorted.
  package var json: JSONValue {
    func strings(_ values: [String]) -> JSONValue { .array(values.map { .string($0) }) }
    func optional(_ values: [String]) -> JSONValue { values.isEmpty ? .null : strings(values) }
    func table<Value>(_ rules: [PatternRule<Value>], _ wrap: (Value) -> JSONValue) -> JSONValue {
      .object(rules.map { JSONMember($0.key, wrap($0.value)) })
    }
    let layers: JSONValue =
      layersToTransform.map { .array($0.map { .integer(Int64($0)) }) } ?? .null
    let members: [JSONMember] =
      [
        JSONMember("alpha_pattern", table(alphaPattern, Self.number)),
        JSONMember("base_model_name_or_path", .string(baseName)),
        JSONMember("bias", "none"),
        JSONMember("ensure_weight_tying", .bool(ensuresWeightTying)),
        JSONMember("exclude_modules", excludedModules.map(Self.json) ?? .null),
        JSONMember("fan_in_fan_out", false), JSONMember("inference_mode", true),
        JSONMember("init_lora_weights", true),
        JSONMember("layers_pattern", optional(layersPattern)),
        JSONMember("layers_to_transform", layers), JSONMember("loftq_config", .object([])),
        JSONMember("lora_alpha", Self.number(alpha)), JSONMember("lora_bias", false),
        JSONMember("lora_dropout", .number(dropout)),
        JSONMember("megatron_core", "megatron.core"),
        JSONMember("modules_to_save", optional(modulesToSave)), JSONMember("peft_type", "LORA"),
        JSONMember("peft_version", .string(Self.peftVersion)),
        JSONMember("qalora_group_size", .integer(16)), JSONMember("r", .integer(Int64(rank))),
        JSONMember("rank_pattern", table(rankPattern) { .integer(Int64($0)) }),
        JSONMember("target_modules", Self.json(targetModules)),
        JSONMember("task_type", .string(taskType)), JSONMember("use_dora", .bool(usesDoRA)),
        JSONMember("use_qalora", false), JSONMember("use_rslora", .bool(usesRSLoRA)),
      ] + Self.unused.map { JSONMember($0, .null) }
    return .object(members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) })
  }

  /// Keys of PEFT that stay null.
  private static let unused = [
    "alora_invocation_tokens", "arrow_config", "auto_mapping", "corda_config", "eva_config",
    "kasa_config", "layer_replication", "lora_ga_config", "megatron_config", "monteclora_config",
    "revision", "target_parameters", "trainable_token_indices", "use_bdlora", "velora_config",
  ]

  private static func number(_ value: Double) -> JSONValue {
    Int64(exactly: value).map { .integer($0) } ?? .number(value)
  }

  private static func json(_ targets: TargetModules) -> JSONValue {
    switch targets {
    case .names(let names): .array(names.sorted().map { .string($0) })
    case .pattern(let pattern): .string(pattern)
    case .allLinear: "all-linear"
    }
  }
}
