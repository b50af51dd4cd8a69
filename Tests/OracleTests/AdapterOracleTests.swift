import Documents
import Foundation
import ModelFiles
import Models
import OracleFiles
import Parallelism
import Reproducibility
import Tensors
import TestSupport
import Testing

/// Every case below `adapters/`: PEFT's adapters on the bases below `models/`.
@Suite(
  "adapter oracles",
  .enabled(if: SharedMaterial.oracles.exists, "the oracles are absent (set ORACLES)"))
struct AdapterOracleTests {
  static let cases = OracleFolder.cases("adapters")
  let pool = ThreadPool(threads: 2)

  /// The adapter of a case on its base.
  static func folder(_ path: String, _ oracle: ForwardOracle) throws -> ModelFolder {
    guard let base = oracle.json["base"]?.stringValue else {
      throw ForwardOracle.Missing(what: "base")
    }
    let digest = Digest(of: Array("base".utf8))
    let scratch = try TemporaryFolder()
    var paths = try FileTree(folder: path).paths
    paths["model.json"] = try scratch.write(
      "model.json", "{\"formatVersion\": 1, \"form\": \"adapter\", \"base\": \"\(digest.hex)\"}")
    // The base is given here; its path in the file leads out of any project and is refused.
    let text = String(
      decoding: try SharedMaterial.bytes(path + "/adapter_config.json"), as: UTF8.self)
    paths["adapter_config.json"] = try scratch.write(
      "adapter_config.json",
      text.replacing(base, with: base.split(separator: "/").last.map(String.init) ?? "base"))
    let tree = try FileTree(folder: path + "/" + base)
    return try ModelFolder(FileTree(paths: paths)) { $0 == digest ? tree : nil }
  }

  @Test("logits, likelihoods and gradients are those of PEFT", arguments: cases)
  func numbers(_ path: String) throws {
    let oracle = try ForwardOracle(path)
    let model = try LanguageModel.load(
      Self.folder(path, oracle), trainable: .loadedAdapter, pool: pool)
    let checks = ForwardChecks(model: model, oracle: oracle)
    try checks.logits()
    try checks.gradients()
    let expected = try oracle.number("base_mean_nll_f64")
    let logp = model.withoutAdapter { model.logProbabilities(oracle.batch) }
    let nll = -logp.reduce(0) { $0 + Double($1) } / Double(logp.count)
    #expect(abs(nll - expected) <= 2e-6 * expected, "base NLL \(nll), expected \(expected)")
  }

  @Test("merged weights are those of PEFT, from the files and from memory", arguments: cases)
  func merged(_ path: String) throws {
    let oracle = try ForwardOracle(path)
    let folder = try Self.folder(path, oracle)
    let model = try LanguageModel.load(folder, trainable: .nothing, pool: pool)
    let weights = Dictionary(uniqueKeysWithValues: model.weights().map { ($0.name, $0.values) })
    let expected = try SafetensorsFile(path: path + "/merged_layer0.safetensors")
    #expect(!expected.names.isEmpty)
    var worst = 0.0
    for name in expected.names {
      let goal = try expected.floats(name)
      for own in [try #require(weights[name], "\(name)"), try folder.mergedFloats(name)] {
        try #require(own.count == goal.count)
        let largest = goal.map(abs).max() ?? 0
        let difference = zip(own, goal).map { abs($0 - $1) }.max() ?? 0
        #expect(difference <= 2e-6 * largest, "\(name) differs by \(difference)")
        worst = max(worst, Double(difference / largest) / 2e-6)
      }
    }
    Figures.note("merged", worst)
  }

  static let quantized = OracleFolder.cases("training").filter {
    FileManager.default.fileExists(atPath: $0 + "/base_dequantized.safetensors")
  }

  @Test("linears in NF4 with double quantization are those of bitsandbytes", arguments: quantized)
  func dequantized(_ path: String) throws {
    let json = try JSONReader.parse(
      SharedMaterial.bytes(path + "/case.json"), file: path)
    let base = try #require(json["base"]?.stringValue)
    let folder = try ModelFolder(FileTree(folder: path + "/" + base))
    let model = try LanguageModel.load(
      folder, trainable: .nothing, pool: pool, precision: WeightPrecision(linears: .nf4))
    let expected = try SafetensorsFile(path: path + "/base_dequantized.safetensors")
    #expect(!expected.names.isEmpty)
    for name in expected.names {
      #expect(try model.weight(name) == expected.floats(name), "\(name)")
    }
    let head = model.mergedConfiguration.tiesWordEmbeddings ? nil : "lm_head.weight"
    if let head { #expect(try model.weight(head) == folder.floats(head)) }
  }
}
