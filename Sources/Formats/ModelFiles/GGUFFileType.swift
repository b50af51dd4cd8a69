import BlockFormats

/// A kind of file by llama.cpp's name: its base type, its number, and the rule that gives some
/// tensors another type.
package struct GGUFFileType: Sendable, Hashable {
  /// Whose order of keys and tensors a file has.
  package enum Writer: Sendable, Hashable {
    /// `convert_hf_to_gguf.py`: Hugging Face's names in order of their bytes.
    case converter
    /// `llama-quantize`: tensors outside layers by name, then layers by number and name; the file
    /// type and the version of the types come last among the keys.
    case quantizer
  }

  /// As in names of files: `Q4_K_M`.
  package let name: String
  /// `general.file_type` (llama.h, `llama_ftype`).
  package let number: Int
  /// The type of matrices that no rule names.
  package let base: String
  package let writer: Writer
  /// Which types of the file need a name at all.
  let mix: GGUFMix

  /// The name of an output port: `q4_k_m`.
  package var portName: String {
    String(name.lowercased().map { $0 == "-" ? "_" : $0 })
  }

  /// Every file this project writes, coarse ones last; types that are not built in are left out.
  package static let all = table.filter { BlockFormat.named($0.base) != nil }

  /// By name in any case. Like llama.cpp's, `q3_k`, `q4_k` and `q5_k` mean the medium mix.
  package static func named(_ name: String) -> GGUFFileType? {
    let upper = name.uppercased()
    let wanted = ["Q3_K", "Q4_K", "Q5_K"].contains(upper) ? upper + "_M" : upper
    return all.first { $0.name.uppercased() == wanted }
  }

  package static let f32 = table[0]
  package static let f16 = table[1]
  package static let bf16 = table[2]
  package static let q8_0 = table[3]

  private init(
    _ name: String, _ number: Int, _ base: String, _ mix: GGUFMix, _ writer: Writer = .quantizer
  ) {
    self.name = name
    self.number = number
    self.base = base
    self.mix = mix
    self.writer = writer
  }

  private static let table = [
    GGUFFileType("F32", 0, "F32", .pure, .converter),
    GGUFFileType("F16", 1, "F16", .pure, .converter),
    GGUFFileType("BF16", 32, "BF16", .pure, .converter),
    GGUFFileType("Q8_0", 7, "Q8_0", .pure, .converter),
    // The same type as the quantizer arranges it.
    GGUFFileType("Q8_0-quantize", 7, "Q8_0", .plain),
    GGUFFileType("Q6_K", 18, "Q6_K", .plain),
    GGUFFileType("Q5_K_M", 17, "Q5_K", .q5KM), GGUFFileType("Q5_K_S", 16, "Q5_K", .plain),
    GGUFFileType("Q5_1", 9, "Q5_1", .plain), GGUFFileType("Q5_0", 8, "Q5_0", .q50),
    GGUFFileType("Q4_K_M", 15, "Q4_K", .q4KM), GGUFFileType("Q4_K_S", 14, "Q4_K", .q4KS),
    GGUFFileType("Q4_1", 3, "Q4_1", .plain), GGUFFileType("Q4_0", 2, "Q4_0", .q40),
    GGUFFileType("IQ4_NL", 25, "IQ4_NL", .iq4), GGUFFileType("IQ4_XS", 30, "IQ4_XS", .iq4),
    GGUFFileType("Q3_K_L", 13, "Q3_K", .q3KL), GGUFFileType("Q3_K_M", 12, "Q3_K", .q3KM),
    GGUFFileType("Q3_K_S", 11, "Q3_K", .q3KS), GGUFFileType("Q2_K", 10, "Q2_K", .q2K),
  ]
}
