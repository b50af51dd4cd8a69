package import Documents
private import Foundation
package import Models

/// `expected.json` of a model or an adapter: what the Python stack computes for token rows in double
/// precision, and how far it is from that in single precision.
package struct ForwardOracle {
  package let json: JSONValue
  /// Real positions only, without padding.
  package let rows: [[Int32]]
  package let noise: Noise

  /// Distances of the Python stack's single precision from its double precision.
  package struct Noise {
    package let logits: Double
    package let meanNLL: Double
    package let gradients: Double
  }

  package struct Missing: Error {
    package let what: String
    package init(what: String) { self.what = what }
  }

  package init(_ folder: String) throws {
    let path = folder + "/expected.json"
    json = try JSONReader.parse(Array(Data(contentsOf: URL(fileURLWithPath: path))), file: path)
    let mask = try Self.numbers(json, "attention_mask")
    rows = try zip(Self.numbers(json, "input_ids"), mask).map { row, mask in
      zip(row, mask).filter { $0.1 == 1 }.map { Int32($0.0) }
    }
    let observed = json["observed_f32_vs_f64"] ?? json["observed"]
    func noise(_ names: String...) -> Double {
      names.compactMap { observed?[$0]?.doubleValue }.first ?? 0
    }
    self.noise = Noise(
      logits: noise("max_abs_logit", "f32_vs_f64_max_abs_logit"), meanNLL: noise("abs_mean_nll"),
      gradients: noise("max_rel_grad_l2", "f32_vs_f64_max_rel_grad_l2"))
  }

  package var batch: TokenBatch { TokenBatch(predictingNextIn: rows) }

  package func number(_ key: String) throws -> Double {
    guard let number = json[key]?.doubleValue else { throw Missing(what: key) }
    return number
  }

  /// A list of lists; the real positions of a matrix by sequence and position.
  package static func numbers(_ json: JSONValue, _ key: String) throws -> [[Double]] {
    guard let rows = json[key]?.arrayValue else { throw Missing(what: key) }
    return rows.map { ($0.arrayValue ?? []).compactMap(\.doubleValue) }
  }

  /// Columns of the logits that are listed.
  package var columns: [Int] {
    (json["logit_columns"]?.arrayValue ?? []).compactMap(\.integerValue)
  }

  /// The listed logits of every real position, all sequences one after the other.
  package func logits() throws -> [[Double]] {
    guard let sequences = json["logits_f64"]?.arrayValue else { throw Missing(what: "logits_f64") }
    return zip(sequences, rows).flatMap { sequence, row in
      (sequence.arrayValue ?? []).prefix(row.count).map {
        ($0.arrayValue ?? []).compactMap(\.doubleValue)
      }
    }
  }

  /// Norms by canonical names, see ``canonical(_:)``.
  package var gradientNorms: [String: Double] {
    Self.norms(json["grad_l2_f64"])
  }

  package static func norms(_ json: JSONValue?) -> [String: Double] {
    var norms: [String: Double] = [:]
    for member in json?.objectValue ?? [] {
      norms[canonical(member.key)] = member.value.doubleValue
    }
    return norms
  }

  /// One name for a tensor in the files and in the memory of the Python stack.
  package static func canonical(_ name: String) -> String {
    var name = name
    if name.hasPrefix("base_model.model.") { name.removeFirst("base_model.model.".count) }
    for part in [".modules_to_save", ".default"] {
      if let range = name.firstRange(of: part) { name.removeSubrange(range) }
    }
    if name.hasSuffix("lora_magnitude_vector.weight") { name.removeLast(".weight".count) }
    return name
  }

  /// The tensor in which a tensor of an expert lies once all experts are fused.
  package static func fused(_ name: String) -> String {
    let name = name.replacing(".block_sparse_moe.", with: ".mlp.")
    guard let experts = name.firstRange(of: ".mlp.experts.") else { return name }
    let parts = name[experts.upperBound...].split(separator: ".")
    let isDown = ["w2", "down_proj"].contains(parts.dropFirst().first)
    return name[..<experts.upperBound] + (isDown ? "down_proj" : "gate_up_proj")
  }
}
