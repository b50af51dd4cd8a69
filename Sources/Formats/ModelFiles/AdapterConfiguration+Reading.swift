import Diagnostics
package import Documents

extension AdapterConfiguration {
  /// Reads an `adapter_config.json`.
  ///
  /// - Throws: ``Failure`` of class `badInput` with every problem of the file.
  package init(json: JSONValue, file: String) throws {
    var read = ConfigurationReader(json, file: file)
    try read.finish()
    let kind = read.string("peft_type")
    if kind != "LORA" {
      read.problem(
        "adapter.type",
        "'peft_type' is \(kind.map { "'\(SafeText.escaped($0))'" } ?? "missing"), expected 'LORA'",
        fix: "merge the adapter into its base with the library that made it")
      try read.finish()
    }
    self.init(
      rank: read.integer("r", in: 1...Self.rankMax),
      alpha: read.number("lora_alpha", in: -1e9...1e9),
      dropout: read.number("lora_dropout", in: 0...1, default: 0), targetModules: [],
      usesRSLoRA: read.flag("use_rslora", default: false),
      usesDoRA: read.flag("use_dora", default: false), baseName: Self.readBase(&read))
    if let targets = Self.readTargets("target_modules", &read) {
      targetModules = targets
    } else if read.value("target_modules") == nil {
      read.problem("config.missing", "'target_modules' is missing")
    }
    excludedModules = Self.readTargets("exclude_modules", &read)
    readLayers(&read)
    modulesToSave = read.strings("modules_to_save") ?? []
    ensuresWeightTying = read.flag("ensure_weight_tying", default: false)
    taskType = read.string("task_type") ?? "CAUSAL_LM"
    rankPattern = Self.readPattern("rank_pattern", &read) { value in
      value.integerValue.flatMap { (1...Self.rankMax).contains($0) ? $0 : nil }
    }
    alphaPattern = Self.readPattern("alpha_pattern", &read) { $0.doubleValue }
    Self.refuseUnsupported(&read)
    ignoredCodeFields = ["auto_mapping", "custom_code"].filter { read.value($0) != nil }
    try read.finish()
  }

  private static func readTargets(_ key: String, _ read: inout ConfigurationReader)
    -> TargetModules?
  {
    if let text = read.value(key)?.stringValue {
      return text.lowercased() == "all-linear" ? .allLinear : .pattern(text)
    }
    return read.strings(key).map { .names($0) }
  }

  private mutating func readLayers(_ read: inout ConfigurationReader) {
    if let one = read.value("layers_to_transform")?.integerValue {
      layersToTransform = [one]
    } else if let several = read.integers("layers_to_transform"), !several.isEmpty {
      layersToTransform = several
    }
    if let one = read.value("layers_pattern")?.stringValue {
      layersPattern = one.isEmpty ? [] : [one]
    } else {
      layersPattern = read.strings("layers_pattern") ?? []
    }
  }

  /// The rules in the order of the file.
  private static func readPattern<Value: Sendable & Hashable>(
    _ key: String, _ read: inout ConfigurationReader, _ convert: (JSONValue) -> Value?
  ) -> [PatternRule<Value>] {
    guard let value = read.value(key) else { return [] }
    guard let members = value.objectValue else {
      read.problem("config.wrong-type", "'\(key)' is \(value.kindName), expected an object")
      return []
    }
    var rules: [PatternRule<Value>] = []
    for member in members {
      guard let number = convert(member.value) else {
        let expected =
          Value.self == Int.self ? "a whole number from 1 to \(rankMax)" : "a number"
        let found = member.value.integerValue.map(String.init) ?? member.value.kindName
        read.problem(
          "config.out-of-range",
          "'\(key)' holds \(found) for '\(SafeText.escaped(member.key))', expected \(expected)")
        continue
      }
      do {
        rules.append(try PatternRule(member.key, number))
      } catch let failure as Failure {
        for diagnostic in failure.diagnostics {
          read.problem(diagnostic.code, diagnostic.message, fix: diagnostic.fix)
        }
      } catch {
        preconditionFailure("a rule throws failures only")
      }
    }
    return rules
  }

  private static func refuseUnsupported(_ read: inout ConfigurationReader) {
    let fix = "merge the adapter into its base with the library that made it"
    for key in ["fan_in_fan_out", "lora_bias", "use_qalora"]
    where read.flag(key, default: false) {
      read.problem("adapter.unsupported", "'\(key)' is true, which is not supported", fix: fix)
    }
    if let bias = read.string("bias"), bias != "none" {
      read.problem(
        "adapter.unsupported", "'bias' is '\(SafeText.escaped(bias))', expected 'none'")
    }
    for key in [
      "trainable_token_indices", "layer_replication", "target_parameters", "use_bdlora",
      "alora_invocation_tokens", "arrow_config", "kasa_config", "velora_config",
      "monteclora_config",
    ] {
      guard let value = read.value(key), value != false else { continue }
      if value.arrayValue?.isEmpty == true || value.objectValue?.isEmpty == true { continue }
      read.problem("adapter.unsupported", "'\(key)' is set, which is not supported")
    }
    // These begin by changing the base: their A and B mean nothing beside the untouched one.
    let changing = ["pissa", "olora", "corda", "loftq", "lora_ga"]
    if let name = read.value("init_lora_weights")?.stringValue?.lowercased(),
      changing.contains(where: name.hasPrefix)
    {
      read.problem(
        "adapter.unsupported",
        "'init_lora_weights' is '\(SafeText.escaped(name))', which changes the base's weights",
        fix: "save the adapter with PEFT's path_initial_model_for_weight_conversion")
    }
  }

  /// A base is a name or a path near the adapter. It is never opened, yet a file that points out of
  /// its project or to the network is refused, so that nothing downstream is led there.
  private static func readBase(_ read: inout ConfigurationReader) -> String {
    guard let name = read.string("base_model_name_or_path") else { return "" }
    let shown = SafeText.escaped(name)
    func refuse(_ why: String) {
      read.problem(
        "adapter.base", "the base model '\(shown)' \(why)",
        fix: "give the base model's folder or stage in the pipeline")
    }
    if name.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) {
      refuse("holds control characters")
    } else if name.contains("://") {
      refuse("is an address; nothing is downloaded")
    } else if name.split(separator: "/").filter({ $0 == ".." }).count > parentsMax {
      refuse("leaves the project: more than \(parentsMax) folders up")
    }
    return name
  }

  /// PEFT writes `../../../models/x` for an adapter in `runs/y/adapter`.
  private static let parentsMax = 3
}
