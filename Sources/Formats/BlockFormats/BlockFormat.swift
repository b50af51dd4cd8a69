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

  /// Overwrites the bytes with rows of as many values as the importance has, a whole number of
  /// blocks, encoded so that the sum of importance · error² is small.
  package typealias WeightedEncode =
    @Sendable (
      _ rows: UnsafeBufferPointer<Float>, _ importance: UnsafeBufferPointer<Float>,
      _ bytes: UnsafeMutableRawBufferPointer
    ) -> Void

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
  /// The quantizer that weighs errors, or nil where ggml's takes no importance.
  package var weightedEncode: WeightedEncode?
  /// The specification of ``weightedEncode``.
  package var referenceWeightedEncode: WeightedEncode?
  /// Where a block's binary16 numbers lie, which values within ``largest`` can still overflow.
  package var scaleOffsets: [Int] = []

  /// Whether an importance matrix changes the bytes: F32, F16, BF16 and Q8_0 ignore it, as in ggml.
  package var usesImportance: Bool { weightedEncode != nil }

  /// Every type this project writes and reads, in the order of ggml's numbers.
  package static let all: [BlockFormat] = [
    f32, f16, q4_0, q4_1, q5_0, q5_1, q8_0, q2_K, q3_K, q4_K, q5_K, q6_K, iq4_NL, iq4_XS, bf16,
  ]

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

  /// Overwrites the bytes with whole rows of `columns` values, a multiple of ``blockElements``: what
  /// ggml's `ggml_quantize_chunk` gives.
  ///
  /// - Parameter importance: the weight of each column's errors, `columns` finite values; nil for
  ///   the reference quantizer. Ignored where ``usesImportance`` is false.
  package func encodeRows(
    _ values: UnsafeBufferPointer<Float>, columns: Int, importance: UnsafeBufferPointer<Float>?,
    to bytes: UnsafeMutableRawBufferPointer
  ) {
    check(values: values.count, bytes: bytes.count)
    precondition(
      columns > 0 && columns % blockElements == 0 && values.count % columns == 0,
      "\(name): \(values.count) values in rows of \(columns)")
    guard let importance, let weightedEncode else { return encode(values, bytes) }
    precondition(importance.count == columns, "\(importance.count) weights of \(columns) columns")
    weightedEncode(values, importance, bytes)
  }

  /// The number of blocks one of whose scales is infinite or NaN, so that their values are lost.
  package func brokenBlocks(_ bytes: UnsafeRawBufferPointer) -> Int {
    guard !scaleOffsets.isEmpty else { return 0 }
    return stride(from: 0, to: bytes.count - blockBytes + 1, by: blockBytes).reduce(0) {
      count, at in
      let isBroken = scaleOffsets.contains { offset in
        bytes.loadUnaligned(fromByteOffset: at + offset, as: UInt16.self) & 0x7C00 == 0x7C00
      }
      return count + (isBroken ? 1 : 0)
    }
  }

  func check(values: Int, bytes: Int) {
    precondition(byteCount(elements: values) == bytes, "\(name): \(values) values, \(bytes) bytes")
  }
}
