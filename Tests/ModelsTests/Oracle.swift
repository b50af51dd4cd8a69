import Documents
import Foundation
import ModelFiles
import Models
import Parallelism
import Reproducibility
import Tensors
import TestSupport

/// A case of the numerical oracles: token rows and what the Python stack computes for them.
struct Oracle {
  let json: JSONValue
  let rows: [[Int32]]

  init(_ path: String) throws {
    let bytes = try SharedMaterial.bytes(path + "/expected.json")
    json = try JSONReader.parse(bytes, file: path)
    let ids = try Self.matrix(json["input_ids"])
    let logits = json["logits_f64"]?.arrayValue ?? []
    // Only real positions are listed; the rest is padding.
    rows = zip(ids, logits).map { row, positions in
      row.prefix(positions.arrayValue?.count ?? 0).map { Int32($0) }
    }
  }

  struct Missing: Error { let what: String }

  static func matrix(_ value: JSONValue?) throws -> [[Double]] {
    guard let rows = value?.arrayValue else { throw Missing(what: "matrix") }
    return rows.map { ($0.arrayValue ?? []).compactMap(\.doubleValue) }
  }

  func number(_ keys: String...) throws -> Double {
    var value: JSONValue? = json
    for key in keys { value = value?[key] }
    guard let number = value?.doubleValue else { throw Missing(what: keys.joined(separator: ".")) }
    return number
  }

  var batch: TokenBatch { TokenBatch(predictingNextIn: rows) }

  var gradientNorms: [String: Double] {
    var norms: [String: Double] = [:]
    for member in json["grad_l2_f64"]?.objectValue ?? [] {
      norms[member.key] = member.value.doubleValue
    }
    return norms
  }

  static func folder(_ name: String) throws -> ModelFolder {
    try ModelFolder(FileTree(folder: SharedMaterial.oracles.path("models/" + name)))
  }

  /// An adapter of the oracles on its base.
  static func adapter(_ name: String, base: String) throws -> ModelFolder {
    let temporary = try TemporaryFolder()
    let digest = Digest(of: Array("base".utf8))
    let manifest = try temporary.write(
      "model.json", "{\"formatVersion\": 1, \"form\": \"adapter\", \"base\": \"\(digest.hex)\"}")
    let folder = SharedMaterial.oracles.path("adapters/" + name)
    let tree = FileTree(paths: [
      "model.json": manifest, "adapter_config.json": folder + "/adapter_config.json",
      "adapter_model.safetensors": folder + "/adapter_model.safetensors",
    ])
    let baseTree = try FileTree(folder: SharedMaterial.oracles.path("models/" + base))
    return try ModelFolder(tree) { $0 == digest ? baseTree : nil }
  }
}

extension LanguageModel {
  func gradientNorm(_ parameter: TrainableParameter) -> Double {
    parameter.gradient.values().reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
  }
}

/// Mean negative log-likelihood.
func meanNLL(_ logProbabilities: [Float]) -> Double {
  -logProbabilities.reduce(0) { $0 + Double($1) } / Double(logProbabilities.count)
}
