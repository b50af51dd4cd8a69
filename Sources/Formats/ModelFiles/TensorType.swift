package import BlockFormats

/// The type of a tensor's elements in a safetensors file, by the format's own names.
package enum TensorType: String, Sendable, Hashable, CaseIterable {
  // In the order of the reference implementation, which sorts tensors by it when writing.
  case BOOL, U8, I8, F8_E5M2, F8_E4M3, F8_E8M0, I16, U16, F16, BF16, I32, U32, F32, C64, F64, I64
  case U64

  /// Bytes of one element.
  package var byteCount: Int {
    switch self {
    case .BOOL, .U8, .I8, .F8_E5M2, .F8_E4M3, .F8_E8M0: 1
    case .I16, .U16, .F16, .BF16: 2
    case .I32, .U32, .F32: 4
    case .C64, .F64, .I64, .U64: 8
    }
  }

  /// The encoding of the float types that weights may have; nil for the others.
  package var floatFormat: BlockFormat? {
    switch self {
    case .F32: .f32
    case .F16: .f16
    case .BF16: .bf16
    default: nil
    }
  }

  /// `float32`, `float16`, `bfloat16` in a `config.json`, with or without `torch.`.
  package init?(torchName: String) {
    let name = torchName.hasPrefix("torch.") ? String(torchName.dropFirst(6)) : torchName
    guard let type = Self.allCases.first(where: { $0.torchName == name }) else { return nil }
    self = type
  }

  /// The name that a `config.json` gives the float types; nil for the others.
  package var torchName: String? {
    switch self {
    case .F32: "float32"
    case .F16: "float16"
    case .BF16: "bfloat16"
    default: nil
    }
  }
}

/// What a file says of one tensor.
package struct TensorEntry: Sendable, Hashable {
  package var name: String
  package var type: TensorType
  /// Outermost dimension first; empty for a scalar.
  package var shape: [Int]
  /// Where the bytes begin in the data part of the file.
  package var offset: Int
  package var byteCount: Int

  package var elementCount: Int { byteCount / type.byteCount }
}
