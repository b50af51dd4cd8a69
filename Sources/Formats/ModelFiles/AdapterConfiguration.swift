import Diagnostics
package import Documents

/// The `adapter_config.json` of PEFT for a LoRA adapter.
///
/// y = W x + s · B (A x), with s = alpha / r, or alpha / √r with `use_rslora` (Hu et al. 2021;
/// Kalajdzievski 2023).
package struct AdapterConfiguration: Sendable, Hashable {
  /// Which linear layers the adapter changes.
  package enum TargetModules: Sendable, Hashable {
    /// Last names (`q_proj`) or whole paths.
    case names([String])
    /// PEFT's regular expression over paths; kept, never run: the tensors say what is there.
    case pattern(String)
  }

  /// R
  package var rank: Int
  /// `lora_alpha`
  package var alpha: Double
  /// `lora_dropout`
  package var dropout: Double
  package var targetModules: TargetModules
  package var usesRSLoRA: Bool
  /// `rank_pattern` and `alpha_pattern`: exceptions by the end of a module's path.
  package var rankPattern: [String: Int]
  package var alphaPattern: [String: Double]
  /// `modules_to_save`: layers that the adapter replaces as a whole (`lm_head`, `embed_tokens`).
  package var modulesToSave: [String]
  /// `base_model_name_or_path`: for people and PEFT; never opened or fetched.
  package var baseName: String
  /// Fields that name code to load, ignored.
  package var ignoredCodeFields: [String]

  package init(
    rank: Int, alpha: Double, dropout: Double = 0, targetModules: [String],
    usesRSLoRA: Bool = false, baseName: String = ""
  ) {
    self.rank = rank
    self.alpha = alpha
    self.dropout = dropout
    self.targetModules = .names(targetModules)
    self.usesRSLoRA = usesRSLoRA
    self.baseName = baseName
    rankPattern = [:]
    alphaPattern = [:]
    modulesToSave = []
    ignoredCodeFields = []
  }

  /// s of the module at `path`.
  package func scaling(of path: String) -> Double {
    let (rank, alpha) = (Double(rank(of: path)), exception(alphaPattern, path) ?? alpha)
    return usesRSLoRA ? alpha / rank.squareRoot() : alpha / rank
  }

  /// R of the module at `path`.
  package func rank(of path: String) -> Int { exception(rankPattern, path) ?? rank }

  /// The longest key that is the module's path or its end after a dot; ties go to the first in
  /// order of bytes.
  private func exception<Value>(_ pattern: [String: Value], _ path: String) -> Value? {
    let fitting = pattern.keys.filter { path == $0 || path.hasSuffix("." + $0) }
    let best = fitting.sorted { a, b in
      a.utf8.count != b.utf8.count ? a.utf8.count > b.utf8.count : a < b
    }.first
    return best.flatMap { pattern[$0] }
  }

  /// Ranks beyond this are refused: no layer of a published model has so many rows.
  static let rankMax = 65536
}

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
      baseName: Self.readBase(&read))
    if let pattern = read.value("target_modules")?.stringValue {
      targetModules = .pattern(pattern)
    } else {
      targetModules = .names(read.strings("target_modules") ?? [])
      if read.value("target_modules") == nil {
        read.problem("config.missing", "'target_modules' is missing")
      }
    }
    modulesToSave = read.strings("modules_to_save") ?? []
    readPatterns(&read)
    Self.refuseUnsupported(&read)
    ignoredCodeFields = ["auto_mapping", "custom_code"].filter { read.value($0) != nil }
    try read.finish()
  }

  private mutating func readPatterns(_ read: inout ConfigurationReader) {
    for member in read.value("rank_pattern")?.objectValue ?? [] {
      guard let rank = member.value.integerValue, (1...Self.rankMax).contains(rank) else {
        read.problem(
          "config.out-of-range",
          "'rank_pattern' holds \(member.value.kindName) for '\(SafeText.escaped(member.key))', "
            + "expected a whole number from 1 to \(Self.rankMax)")
        continue
      }
      rankPattern[member.key] = rank
    }
    for member in read.value("alpha_pattern")?.objectValue ?? [] {
      guard let alpha = member.value.doubleValue else {
        read.problem(
          "config.wrong-type",
          "'alpha_pattern' holds \(member.value.kindName) for '\(SafeText.escaped(member.key))', "
            + "expected a number")
        continue
      }
      alphaPattern[member.key] = alpha
    }
  }

  private static func refuseUnsupported(_ read: inout ConfigurationReader) {
    for key in ["use_dora", "fan_in_fan_out", "lora_bias", "use_qalora", "use_bdlora"]
    where read.flag(key, default: false) {
      read.problem(
        "adapter.unsupported", "'\(key)' is true, which is not supported",
        fix: "merge the adapter into its base with the library that made it")
    }
    if let bias = read.string("bias"), bias != "none" {
      read.problem(
        "adapter.unsupported", "'bias' is '\(SafeText.escaped(bias))', expected 'none'")
    }
    for key in ["trainable_token_indices", "layer_replication", "target_parameters"] {
      guard let value = read.value(key) else { continue }
      if value.arrayValue?.isEmpty == true || value.objectValue?.isEmpty == true { continue }
      read.problem("adapter.unsupported", "'\(key)' is set, which is not supported")
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

  /// PEFT writes `../../models/x` for an adapter in `adapters/y`: two folders up is a neighbour.
  private static let parentsMax = 2

  /// The file PEFT, vLLM and transformers read.
  package var json: JSONValue {
    func table<Value>(_ pattern: [String: Value], _ wrap: (Value) -> JSONValue) -> JSONValue {
      .object(
        pattern.sorted { $0.key < $1.key }.map { JSONMember($0.key, wrap($0.value)) })
    }
    let targets: JSONValue =
      switch targetModules {
      case .names(let names): .array(names.sorted().map { .string($0) })
      case .pattern(let pattern): .string(pattern)
      }
    let alphaValue: JSONValue = Int64(exactly: alpha).map { .integer($0) } ?? .number(alpha)
    return .object([
      "alpha_pattern": table(alphaPattern) { .number($0) },
      "base_model_name_or_path": .string(baseName),
      "bias": "none", "fan_in_fan_out": false, "inference_mode": true,
      "init_lora_weights": true, "lora_alpha": alphaValue, "lora_bias": false,
      "lora_dropout": .number(dropout),
      "modules_to_save": modulesToSave.isEmpty
        ? .null : .array(modulesToSave.map { .string($0) }),
      "peft_type": "LORA", "r": .integer(Int64(rank)),
      "rank_pattern": table(rankPattern) { .integer(Int64($0)) },
      "target_modules": targets, "task_type": "CAUSAL_LM", "use_dora": false,
      "use_rslora": .bool(usesRSLoRA),
    ])
  }
}
