import Documents
import Foundation
import ModelFiles
import Models
import Parallelism
import Records
import Reproducibility
import Tensors
import TestSupport
import Tokenization
import Training

/// One case below `training/`: a run of one of TRL's trainers in double precision.
struct TrainingOracle {
  let folder: String
  let json: JSONValue
  let expected: JSONValue
  let rows: [JSONValue]

  /// What a case holds that this program does not know, or lacks.
  struct Unknown: Error, CustomStringConvertible {
    let description: String
  }

  init(_ folder: String) throws {
    self.folder = folder
    json = try Self.json(folder + "/case.json")
    expected = try Self.json(folder + "/expected.json")
    rows = try SharedMaterial.bytes(folder + "/" + (json["data"]?.stringValue ?? "data.jsonl"))
      .split(separator: 0x0A).map { try JSONReader.parse(Array($0), file: "data.jsonl") }
  }

  static func json(_ path: String) throws -> JSONValue {
    try JSONReader.parse(SharedMaterial.bytes(path), file: path)
  }

  var kind: String { json["kind"]?.stringValue ?? "" }
  var isAdapter: Bool { json["lora"]?.isNull == false }
  var options: [JSONMember] { json["trainer_options"]?.objectValue ?? [] }

  func option(_ name: String) -> JSONValue? {
    let value = json["trainer_options"]?[name]
    return value?.isNull == true ? nil : value
  }

  func number(_ name: String, default value: Double) -> Double {
    option(name)?.doubleValue ?? value
  }

  /// Refuses options of the trainer that change the loss and are not read.
  func expectOptions(_ known: Set<String>) throws {
    let layout: Set<String> = ["max_length", "max_prompt_length", "max_completion_length"]
    let unknown = options.map(\.key).filter { !known.union(layout).contains($0) }
    if !unknown.isEmpty {
      throw Unknown(description: "options of a \(kind) run: \(unknown.joined(separator: ", "))")
    }
  }

  func integer(_ path: String...) throws -> Int {
    let value = path.reduce(json as JSONValue?) { $0?[$1] }
    guard let number = value?.integerValue else {
      throw Unknown(description: "no \(path.joined(separator: "."))")
    }
    return number
  }

  func double(_ path: String...) throws -> Double {
    let value = path.reduce(json as JSONValue?) { $0?[$1] }
    guard let number = value?.doubleValue else {
      throw Unknown(description: "no \(path.joined(separator: "."))")
    }
    return number
  }

  func numbers(_ key: String) throws -> [Double] {
    guard let items = expected[key]?.arrayValue else { throw Unknown(description: "no \(key)") }
    return items.compactMap(\.doubleValue)
  }

  func noise(_ key: String) -> Double { json["observed_f32_vs_f64"]?[key]?.doubleValue ?? 0 }

  static func ids(_ json: JSONValue?) -> [Int32] {
    (json?.arrayValue ?? []).compactMap { $0.integerValue.map(Int32.init) }
  }

  static func row(_ index: Int) -> RowID {
    RowID(hash: String(Digest(of: Array("\(index)".utf8)).hex.prefix(32)), ordinal: 0)
  }

  // MARK: - Models

  private func base() throws -> FileTree {
    guard let base = json["base"]?.stringValue else { throw Unknown(description: "no base") }
    return try FileTree(folder: folder + "/" + base)
  }

  /// The base with the adapter before step 1, or the base itself.
  func model(_ pool: ThreadPool) throws -> LanguageModel {
    let precision =
      json["nf4_base"]?.boolValue == true ? WeightPrecision(linears: .nf4) : .float32
    guard isAdapter else {
      return try LanguageModel.load(
        ModelFolder(base()), trainable: .all, pool: pool, precision: precision)
    }
    let start = try Self.adapter(folder + "/" + (json["init_adapter"]?.stringValue ?? ""), base())
    return try LanguageModel.load(
      start, trainable: .loadedAdapter, pool: pool, precision: precision)
  }

  /// `base` or `base + adapter`.
  func teacher(_ pool: ThreadPool) throws -> LanguageModel {
    let parts = (json["teacher"]?.stringValue ?? "").split(separator: "+").map {
      folder + "/" + $0.trimmingCharacters(in: .whitespaces)
    }
    guard let base = parts.first, parts.count <= 2 else {
      throw Unknown(description: "a teacher '\(json["teacher"]?.stringValue ?? "")'")
    }
    let tree = try FileTree(folder: base)
    let model = try parts.count == 2 ? Self.adapter(parts[1], tree) : ModelFolder(tree)
    return try LanguageModel.load(model, trainable: .nothing, pool: pool)
  }

  /// An adapter on a base that is given here: the path in its file leads out of any project.
  static func adapter(_ path: String, _ base: FileTree) throws -> ModelFolder {
    let digest = Digest(of: Array("base".utf8))
    let scratch = try TemporaryFolder()
    var paths = try FileTree(folder: path).paths
    paths["model.json"] = try scratch.write(
      "model.json", "{\"formatVersion\": 1, \"form\": \"adapter\", \"base\": \"\(digest.hex)\"}")
    let members = try json(path + "/adapter_config.json").objectValue ?? []
    let own = members.map {
      $0.key == "base_model_name_or_path" ? JSONMember($0.key, "base") : $0
    }
    paths["adapter_config.json"] = try scratch.write(
      "adapter_config.json", JSONWriter.compact(.object(own)))
    return try ModelFolder(FileTree(paths: paths)) { $0 == digest ? base : nil }
  }

  // MARK: - Settings

  func settings() throws -> TrainingSettings {
    let name = json["schedule"]?["type"]?.stringValue ?? ""
    var settings = TrainingSettings(
      batching: BatchSettings(
        microBatchSize: try integer("per_device_batch_size"),
        gradientAccumulationSteps: try integer("gradient_accumulation_steps"),
        sequenceLength: 4096, shuffles: false),
      stepsMax: try integer("schedule", "total_steps"),
      learningRate: try double("schedule", "peak_lr"))
    guard json["optimizer"]?["name"]?.stringValue?.hasPrefix("AdamW") == true else {
      throw Unknown(description: "an optimizer that is not AdamW")
    }
    let betas = (json["optimizer"]?["betas"]?.arrayValue ?? []).compactMap(\.doubleValue)
    guard betas.count == 2 else { throw Unknown(description: "no betas") }
    settings.optimizer = OptimizerSettings(
      beta1: betas[0], beta2: betas[1], epsilon: try double("optimizer", "eps"),
      weightDecay: try double("optimizer", "weight_decay"))
    guard let shape = LearningRateSchedule.Shape(rawValue: name) else {
      throw Unknown(description: "a schedule '\(name)'")
    }
    settings.schedule = shape
    settings.scheduleOptions = try scheduleOptions(settings.learningRate)
    settings.warmup = .steps(try integer("schedule", "warmup_steps"))
    settings.gradientNormMax = json["optimizer"]?["max_grad_norm"]?.doubleValue
    settings.saving = .steps(1_000_000)
    if kind == "grpo" { settings.batching.rounds = try rounds() }
    return settings
  }

  /// transformers' `lr_scheduler_kwargs`.
  private func scheduleOptions(_ peak: Double) throws -> LearningRateSchedule.Options {
    var options = LearningRateSchedule.Options()
    for member in json["schedule"]?["kwargs"]?.objectValue ?? [] {
      let number = member.value.doubleValue ?? 0
      switch member.key {
      case "min_lr_rate", "min_lr_ratio": options.minimumRatio = number
      case "min_lr": options.minimumRatio = number / peak
      case "num_cycles": options.cycles = number
      case "power": options.power = number
      case "lr_end": options.end = number
      case "timescale": options.timescale = Int(number)
      case "num_decay_steps": options.decaySteps = Int(number)
      case "num_stable_steps": options.stableSteps = Int(number)
      case "warmup_type", "decay_type":
        guard let ramp = member.value.stringValue.flatMap(LearningRateSchedule.Ramp.init(rawValue:))
        else { throw Unknown(description: "a ramp of '\(member.key)'") }
        if member.key == "decay_type" {
          options.decayRamp = ramp
        } else {
          options.warmupRamp = ramp
        }
      default: throw Unknown(description: "'\(member.key)' of a schedule")
      }
    }
    return options
  }

  private func rounds() throws -> BatchSettings.RoundSettings {
    guard let first = expected["grpo_order"]?.arrayValue?.first?.arrayValue else {
      throw Unknown(description: "no grpo_order")
    }
    return BatchSettings.RoundSettings(
      completions: try integer("trainer_options", "num_generations"),
      microBatches: first.count / (try integer("per_device_batch_size")),
      iterations: option("num_iterations")?.integerValue ?? 1)
  }
}
