internal import CKernels

extension BlockFormat {
  /// Blocks of 256 values in 210 bytes: 128 bytes with the lower four bits of the levels, 64 with
  /// the upper two, 16 signed bytes of scales, one for each sub-block of 16 values, and a binary16
  /// d. A value is (d · scale) · (level - 32).
  ///
  /// Of 128 values, lower byte j < 64 holds levels j (low nibble) and j + 64; upper byte j < 32
  /// holds levels j, j + 32, j + 64 and j + 96 from the lowest bits up. A sub-block's scale comes
  /// from ``BlockSearch/symmetric(_:count:half:weights:_:)``, weighed by x² or by the importance
  /// itself; d maps the outermost one to -128 (`quantize_row_q6_K_ref`, `quantize_row_q6_K_impl`).
  package static let q6_K = BlockFormat(
    name: "Q6_K", ggmlType: 14, fileType: 18, blockElements: 256, blockBytes: 210,
    largest: 65504 * 4096,
    scaleOffsets: [208], kernel: ORC_Q6_K,
    codec: BlockCodec(
      encode: { x, y in encode(x, nil, y) },
      encodeWeighted: { x, importance, _, y in encode(x, importance, y) },
      decode: { x, y in
        let d = BlockArithmetic.loadHalf(x + 208)
        for i in 0..<256 {
          let (half, j) = (i / 128, i % 128)
          let byte = x[64 * half + j % 64]
          let low = j < 64 ? byte & 15 : byte >> 4
          let high = x[128 + 32 * half + j % 32] >> UInt8(j / 32 * 2) & 3
          let scale = Float(Int8(bitPattern: x[192 + i / 16]))
          y[i] = d * scale * Float(Int32(low | high << 4) - 32)
        }
      }))

  private static func encode(
    _ x: UnsafePointer<Float>, _ importance: UnsafePointer<Float>?,
    _ bytes: UnsafeMutablePointer<UInt8>
  ) {
    SubBlocks.with { sub in
      withBuffers(256) { _, levels in
        for j in 0..<16 {
          sub.scales[j] = BlockSearch.symmetric(
            x + 16 * j, count: 16, half: 32, weights: importance.map { $0 + 16 * j },
            levels + 16 * j)
        }
        let outermost = BlockArithmetic.outermost(sub.scales, count: 16)
        if outermost.magnitude < BlockSearch.scaleMin {
          bytes.update(repeating: 0, count: 210)
          return
        }
        let inverse = -128 / outermost
        let d = BlockArithmetic.storeHalf(1 / inverse, bytes + 208)
        for j in 0..<16 {
          let level = min(127, BlockArithmetic.nearest(inverse * sub.scales[j]))
          bytes[192 + j] = UInt8(truncatingIfNeeded: level)
          let scale = d * Float(Int8(bitPattern: bytes[192 + j]))
          if scale == 0 { continue }
          for i in 16 * j..<16 * j + 16 {
            let level = BlockArithmetic.nearest(x[i] / scale, in: -32...31)
            levels[i] = UInt8(truncatingIfNeeded: level + 32)
          }
        }
        pack(levels, bytes)
      }
    }
  }

  private static func pack(
    _ levels: UnsafePointer<UInt8>, _ bytes: UnsafeMutablePointer<UInt8>
  ) {
    for half in 0..<2 {
      let levels = levels + 128 * half
      for j in 0..<64 { bytes[64 * half + j] = levels[j] & 15 | levels[j + 64] << 4 }
      for j in 0..<32 {
        bytes[128 + 32 * half + j] =
          levels[j] >> 4 | (levels[j + 32] >> 4) << 2 | (levels[j + 64] >> 4) << 4
          | (levels[j + 96] >> 4) << 6
      }
    }
  }
}
