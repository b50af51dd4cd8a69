/// Which tensors of a file get another type than its base: more bits where errors cost most.
///
/// The rules are those of llama.cpp's quantizer (llama-quant.cpp, commit 0c1e57098), a row for each
/// kind of tensor; a rule that gives nil leaves the base type. Layers are counted among the tensors
/// of that kind.
enum GGUFMix: Sendable, Hashable {
  /// The converter's files: every matrix has the base type.
  case pure
  /// No rule but the output layer's.
  case plain
  case q2K, q3KS, q3KM, q3KL, q4KS, q4KM, q5KM, iq4
  /// Plain but with an importance matrix.
  case q40, q50

  /// What the rules ask of a model.
  struct Model: Sendable {
    var layers: Int
    /// Query heads per key/value head.
    var headsPerGroup: Int
    var experts: Int
    /// llama.cpp's model type "70B".
    var is70B: Bool
    var hasImportance: Bool
  }

  /// A tensor as the rules see it.
  enum Kind: Sendable {
    /// The head, or the embedding that is also the head.
    case output
    case attentionValue, attentionKey, attentionOutput, feedForwardDown, other

    /// By llama.cpp's name. A fused q, k, v goes by the rule of v.
    init(_ name: String, isTied: Bool) {
      if name == "output.weight" || (isTied && name == "token_embd.weight") {
        self = .output
      } else if name.contains("attn_v.weight") || name.contains("attn_qkv.weight") {
        self = .attentionValue
      } else if name.contains("attn_k.weight") {
        self = .attentionKey
      } else if name.contains("attn_output.weight") {
        self = .attentionOutput
      } else if name.contains("ffn_down") {
        self = .feedForwardDown
      } else {
        self = .other
      }
    }
  }

  /// The type of the tensor of `kind` in layer `i`; nil: the base type.
  func type(_ kind: Kind, layer i: Int, of model: Model) -> String? {
    switch kind {
    case .output, .other: nil
    case .attentionValue: attentionValue(i, model)
    case .attentionKey: model.experts == 8 ? "Q8_0" : nil
    case .attentionOutput: attentionOutput(model)
    case .feedForwardDown: feedForwardDown(i, model)
    }
  }

  private func attentionValue(_ i: Int, _ model: Model) -> String? {
    if model.experts == 8 { return "Q8_0" }
    let isShared = model.headsPerGroup >= 4
    let type: String? =
      switch self {
      case .q2K: isShared ? "Q4_K" : "Q3_K"
      case .q3KM: i < 2 ? "Q5_K" : "Q4_K"
      case .q3KL: "Q5_K"
      case .iq4: isShared ? "Q5_K" : nil
      case .q4KM, .q5KM: Self.needsMore(i, of: model.layers) ? "Q6_K" : nil
      case .q4KS: i < 4 ? "Q5_K" : nil
      case .pure, .plain, .q3KS, .q40, .q50: nil
      }
    // Eight heads share the matrix there, so that more bits cost little.
    let isCoarse = type.map { ["Q3_K", "Q4_K"].contains($0) } ?? (coarseBase != nil)
    return model.is70B && isCoarse ? "Q5_K" : type
  }

  /// The base type where it is Q3_K or Q4_K.
  private var coarseBase: String? {
    switch self {
    case .q3KS, .q3KM, .q3KL: "Q3_K"
    case .q4KS, .q4KM: "Q4_K"
    default: nil
    }
  }

  private func attentionOutput(_ model: Model) -> String? {
    if model.experts == 8 {
      switch self {
      case .q2K, .q3KS, .q3KM, .q4KS, .q4KM, .iq4: return "Q5_K"
      case .pure, .plain, .q3KL, .q5KM, .q40, .q50: return nil
      }
    }
    switch self {
    case .q2K: return "Q3_K"
    case .q3KM: return "Q4_K"
    case .q3KL: return "Q5_K"
    default: return nil
    }
  }

  private func feedForwardDown(_ i: Int, _ model: Model) -> String? {
    let n = model.layers
    switch self {
    case .q2K: return "Q3_K"
    case .q3KM: return i < n / 16 ? "Q5_K" : "Q4_K"
    case .q3KL: return "Q5_K"
    case .q4KM, .q5KM: return Self.needsMore(i, of: n) ? "Q6_K" : nil
    case .iq4: return i < n / 8 && !model.hasImportance ? "Q5_K" : nil
    case .q4KS: return i < n / 8 ? "Q5_K" : nil
    case .q40: return model.hasImportance && i < n / 8 ? "Q4_1" : nil
    case .q50: return model.hasImportance && i < n / 8 ? "Q5_1" : nil
    case .pure, .plain, .q3KS: return nil
    }
  }

  /// The first and last eighth of the layers, and every third between.
  private static func needsMore(_ i: Int, of n: Int) -> Bool {
    i < n / 8 || i >= 7 * n / 8 || (i - n / 8) % 3 == 2
  }

  /// What a type gives way to where rows do not fill its blocks; a second step, to F16, where they
  /// do not fill 32 either.
  static func fallback(_ type: String) -> String? {
    switch type {
    case "Q2_K", "Q3_K": "Q4_0"
    case "Q4_K": "Q5_0"
    case "Q5_K": "Q5_1"
    case "Q6_K": "Q8_0"
    case "IQ4_XS": "IQ4_NL"
    default: nil
    }
  }
}
