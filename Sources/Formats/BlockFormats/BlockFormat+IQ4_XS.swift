internal import CKernels

extension BlockFormat {
  /// Blocks of 256 values in 136 bytes: a binary16 d, two bytes with the upper two bits of eight
  /// scales (scale j at bit 2 j), four with their lower four bits (low nibble first), then 16 bytes
  /// of levels for each sub-block of 32 values as in ``iq4_NL``. A value is
  /// (d · (scale - 32)) · ``NonlinearLevels/values``[level].
  ///
  /// Each sub-block's scale is searched for as in ``iq4_NL``, the mean square being that of the
  /// 256 values; d maps the outermost one to -32 (`quantize_iq4_xs`).
  package static let iq4_XS = BlockFormat(
    name: "IQ4_XS", ggmlType: 23, fileType: 30, blockElements: 256, blockBytes: 136,
    largest: 65504 * 113 * 32,
    scaleOffsets: [0], kernel: ORC_IQ4_XS,
    codec: BlockCodec(
      encode: { x, y in encode(x, nil, y) },
      encodeWeighted: { x, importance, _, y in encode(x, importance, y) },
      decode: { x, y in
        let d = BlockArithmetic.loadHalf(x)
        let high = UInt32(x[2]) | UInt32(x[3]) << 8
        NonlinearLevels.values.withUnsafeBufferPointer { values in
          for j in 0..<8 {
            let low = Int32(x[4 + j / 2] >> UInt8(j % 2 * 4) & 15)
            let scale = d * Float((low | Int32(high >> UInt32(2 * j) & 3) << 4) - 32)
            for i in 0..<16 {
              let byte = x[8 + 16 * j + i]
              y[32 * j + i] = scale * values[Int(byte & 15)]
              y[32 * j + i + 16] = scale * values[Int(byte >> 4)]
            }
          }
        }
      }))

  private static func encode(
    _ x: UnsafePointer<Float>, _ importance: UnsafePointer<Float>?,
    _ bytes: UnsafeMutablePointer<UInt8>
  ) {
    SubBlocks.with { sub in
      NonlinearLevels.values.withUnsafeBufferPointer {
        guard let values = $0.baseAddress else { return }
        let meanSquare = BlockArithmetic.squares(x, count: 256) * (2 / 256)
        for j in 0..<8 {
          NonlinearLevels.fill(
            sub.weights, x + 32 * j, importance.map { $0 + 32 * j }, meanSquare)
          sub.scales[j] = NonlinearLevels.scale(x + 32 * j, weights: sub.weights, values)
        }
        let d = -BlockArithmetic.outermost(sub.scales, count: 8) / 32
        BlockArithmetic.storeHalf(d, bytes)
        let inverse = d == 0 ? 0 : 1 / d
        bytes.advanced(by: 2).update(repeating: 0, count: 6)
        for j in 0..<8 {
          let level = BlockArithmetic.nearest(inverse * sub.scales[j], in: -32...31)
          // By the exact d, not by what is stored of it.
          let scale = d * Float(level)
          NonlinearLevels.store(
            x + 32 * j, inverse: scale == 0 ? 0 : 1 / scale, values, bytes + 8 + 16 * j)
          let bits = UInt8(truncatingIfNeeded: level + 32)
          bytes[4 + j / 2] |= (bits & 15) << UInt8(j % 2 * 4)
          bytes[2 + j / 4] |= (bits >> 4) << UInt8(j % 4 * 2)
        }
      }
    }
  }
}
