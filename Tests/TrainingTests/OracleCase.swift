import Documents
import Foundation
import ModelFiles
import Models
import Parallelism
import Records
import Reproducibility
import Tensors
import TestSupport
import Testing
import Tokenization
import Training

/// A run of TRL's trainers in double precision (`oracles/training/<case>`), to be repeated here.
struct OracleCase {
  let folder: String
  let json: JSONValue
  let expected: JSONValue

  init(_ name: String) throws {
    folder = SharedMaterial.oracles.path("training/" + name)
    json = try Self.json(folder + "/case.json")
    expected = try Self.json(folder + "/expected.json")
  }

  static func json(_ path: String) throws -> JSONValue {
    try JSONReader.parse(SharedMaterial.bytes(path), file: path)
  }

  var isAdapter: Bool { json["lora"]?.isNull == false }
  var isPreference: Bool { json["kind"]?.stringValue == "dpo" }
  var steps: Int { json["schedule"]?["total_steps"]?.integerValue ?? 0 }

  func numbers(_ key: String) -> [Double] {
    (expected[key]?.arrayValue ?? []).compactMap(\.doubleValue)
  }

  func noise(_ key: String) -> Double { json["observed_f32_vs_f64"]?[key]?.doubleValue ?? 0 }

  private var baseTree: FileTree {
    get throws { try FileTree(folder: folder + "/" + (json["base"]?.stringValue ?? "")) }
  }

  /// The base with the adapter before step 1, or the base itself.
  func model(_ scratch: TemporaryFolder, threads: Int) throws -> LanguageModel {
    let base = try baseTree
    let pool = ThreadPool(threads: threads)
    guard isAdapter else {
      return try LanguageModel.load(ModelFolder(base), trainable: .all, pool: pool)
    }
    let digest = Digest(of: Array("base".utf8))
    let manifest = try scratch.write(
      "model.json",
      "{\"formatVersion\": 1, \"form\": \"adapter\", \"base\": \"\(digest.hex)\"}")
    var paths = try FileTree(folder: folder + "/init_adapter").paths
    paths["model.json"] = manifest
    // The base is given above; its path in the file leads out of any project and is refused.
    let text = String(
      decoding: try SharedMaterial.bytes(folder + "/init_adapter/adapter_config.json"),
      as: UTF8.self)
    paths["adapter_config.json"] = try scratch.write(
      "adapter_config.json", text.replacingOccurrences(of: "../../../models/", with: ""))
    let model = try ModelFolder(FileTree(paths: paths)) { $0 == digest ? base : nil }
    let isQuantized = json["nf4_base"]?.boolValue == true
    return try LanguageModel.load(
      model, trainable: .loadedAdapter, pool: pool,
      precision: WeightPrecision(linears: isQuantized ? .nf4Nested : .float32))
  }

  var settings: TrainingSettings {
    let schedule = json["schedule"]
    let optimizer = json["optimizer"]
    var settings = TrainingSettings(
      batching: BatchSettings(
        microBatchSize: json["per_device_batch_size"]?.integerValue ?? 0,
        gradientAccumulationSteps: json["gradient_accumulation_steps"]?.integerValue ?? 0,
        sequenceLength: 4096, shuffles: false),
      stepsMax: steps, learningRate: schedule?["peak_lr"]?.doubleValue ?? 0)
    let betas = (optimizer?["betas"]?.arrayValue ?? []).compactMap(\.doubleValue)
    settings.optimizer = OptimizerSettings(
      beta1: betas[0], beta2: betas[1], epsilon: optimizer?["eps"]?.doubleValue ?? 0,
      weightDecay: optimizer?["weight_decay"]?.doubleValue ?? 0)
    settings.schedule = schedule?["type"]?.stringValue == "linear" ? .linear : .cosine
    settings.warmup = .steps(schedule?["warmup_steps"]?.integerValue ?? 0)
    settings.gradientNormMax = optimizer?["max_grad_norm"]?.doubleValue
    settings.saving = .steps(10_000)
    return settings
  }

  func objective() throws -> any TrainingObjective {
    let rows = try lines("data.jsonl")
    if isPreference {
      return PreferenceObjective(
        rows.enumerated().map { index, row in
          PreferenceExample(
            row: Self.row(index), prompt: Self.ids(row["prompt_ids"]),
            chosen: Self.ids(row["chosen_ids"]), rejected: Self.ids(row["rejected_ids"]))
        }, preferenceLoss)
    }
    return PackedRows(
      rows.enumerated().map { index, row in
        let (ids, labels) = (Self.ids(row["input_ids"]), Self.ids(row["labels"]))
        let lengths =
          row["seq_lengths"]?.arrayValue?.compactMap(\.integerValue) ?? [ids.count]
        var start = 0
        return lengths.map { length in
          defer { start += length }
          return TokenExample(
            row: Self.row(index), ids: Array(ids[start..<(start + length)]),
            labels: Array(labels[start..<(start + length)]))
        }
      })
  }

  private var preferenceLoss: PreferenceLoss {
    let options = json["trainer_options"]
    let beta = options?["beta"]?.doubleValue ?? 0
    if let smoothing = json["cdpo_label_smoothing"]?.doubleValue {
      return PreferenceLoss(.cdpo, beta: beta, labelSmoothing: smoothing)
    }
    let name = options?["loss_type"]?.arrayValue?.first?.stringValue ?? ""
    return PreferenceLoss(
      PreferenceLoss.Kind(rawValue: name) ?? .sigmoid, beta: beta,
      labelSmoothing: options?["label_smoothing"]?.doubleValue ?? 0)
  }

  /// ||ours - expected|| / ||expected - start|| over the tensors of `final.safetensors`.
  func distance(of model: LanguageModel) throws -> Double {
    let final = try SafetensorsFile(path: folder + "/final.safetensors")
    let ours = Dictionary(
      uniqueKeysWithValues: (isAdapter ? model.adapterWeights() : model.weights()).map {
        ($0.name, $0.values)
      })
    let adapterStart =
      try isAdapter
      ? SafetensorsFile(path: folder + "/init_adapter/adapter_model.safetensors") : nil
    let baseStart = try ModelFolder(baseTree)
    var (error, update) = (0.0, 0.0)
    for name in final.names {
      let (goal, mine) = (try final.floats(name), try #require(ours[name], "\(name)"))
      let start = try adapterStart?.floats(name) ?? baseStart.floats(name)
      try #require(goal.count == mine.count && goal.count == start.count)
      for i in goal.indices {
        error += (Double(mine[i]) - Double(goal[i])) * (Double(mine[i]) - Double(goal[i]))
        update += (Double(start[i]) - Double(goal[i])) * (Double(start[i]) - Double(goal[i]))
      }
    }
    return (error / update).squareRoot()
  }

  private func lines(_ name: String) throws -> [JSONValue] {
    try SharedMaterial.bytes(folder + "/" + name).split(separator: 0x0A).map {
      try JSONReader.parse(Array($0), file: name)
    }
  }

  private static func ids(_ json: JSONValue?) -> [Int32] {
    (json?.arrayValue ?? []).compactMap { $0.integerValue.map(Int32.init) }
  }

  private static func row(_ index: Int) -> RowID {
    RowID(hash: String(Digest(of: Array("\(index)".utf8)).hex.prefix(32)), ordinal: 0)
  }
}

/// ``TokenObjective`` over rows that another program packed: one row is several sequences.
private final class PackedRows: TrainingObjective {
  private let inner: TokenObjective
  private let members: [[Int]]
  let rowIDs: [RowID]
  let batchTokens: [Int]
  let trainedTokens: [Int]

  init(_ rows: [[TokenExample]]) {
    let inner = TokenObjective(rows.flatMap { $0 })
    var next = 0
    let members = rows.map { row in
      defer { next += row.count }
      return Array(next..<(next + row.count))
    }
    self.inner = inner
    self.members = members
    rowIDs = rows.map { $0[0].row }
    batchTokens = members.map { $0.reduce(0) { $0 + inner.batchTokens[$1] } }
    trainedTokens = members.map { $0.reduce(0) { $0 + inner.trainedTokens[$1] } }
  }

  func batch(_ rows: [Int]) -> TokenBatch { inner.batch(rows.flatMap { members[$0] }) }

  func value(_ rows: [Int], _ logProbabilities: [Float], _ share: LossShare) -> ObjectiveValue {
    inner.value(rows.flatMap { members[$0] }, logProbabilities, share)
  }
}
