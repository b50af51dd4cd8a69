/// How GGUF stores the values of a tensor: in blocks of a fixed number of values and bytes.
///
/// Each type is one file (`BlockFormat+Q8_0.swift`) and one row in ``all``. `encode` and `decode`
/// are the fast forms; `referenceEncode` and `referenceDecode` are the specification, which tests
/// compare with them and with ggml's own reference quantizers byte for byte: plain IEEE single
/// precision in source order, no fused multiply-add.
package struct BlockFormat: Sendable {
  /// Overwrites the bytes with the encoded values. Both hold whole blocks and do not overlap.
  package typealias Encode =
    @Sendable (UnsafeBufferPointer<Float>, UnsafeMutableRawBufferPointer) -> Void
  /// Overwrites the values with the decoded bytes. Both hold whole blocks and do not overlap.
  package typealias Decode =
    @Sendable (UnsafeRawBufferPointer, UnsafeMutableBufferPointer<Float>) -> Void

  /// llama.cpp's name: `F16`, `Q8_0`.
  package let name: String
  /// ggml's number of the type, as written for each tensor.
  package let ggmlType: UInt32
  /// `general.file_type` of a file whose matrices have this type.
  package let fileType: UInt32
  /// Values in a block.
  package let blockElements: Int
  /// Bytes of a block.
  package let blockBytes: Int
  /// The largest magnitude the type can hold; anything beyond must be refused before encoding.
  package let largest: Float
  package let encode: Encode
  package let decode: Decode
  package let referenceEncode: Encode
  package let referenceDecode: Decode

  /// Every type this project writes and reads, in the order of ggml's numbers.
  package static let all: [BlockFormat] = [f32, f16, q8_0, bf16]

  package static func named(_ name: String) -> BlockFormat? {
    all.first { $0.name == name.uppercased() }
  }

  package static func numbered(_ ggmlType: UInt32) -> BlockFormat? {
    all.first { $0.ggmlType == ggmlType }
  }

  /// Bytes of `elements` values, or nil when they are no whole number of blocks or overflow.
  package func byteCount(elements: Int) -> Int? {
    guard elements >= 0, elements % blockElements == 0 else { return nil }
    let (bytes, overflow) = (elements / blockElements).multipliedReportingOverflow(by: blockBytes)
    return overflow ? nil : bytes
  }

  func check(values: Int, bytes: Int) {
    precondition(byteCount(elements: values) == bytes, "\(name): \(values) values, \(bytes) bytes")
  }
}
