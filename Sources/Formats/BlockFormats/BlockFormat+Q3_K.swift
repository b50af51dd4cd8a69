internal import CKernels

extension BlockFormat {
  /// Blocks of 256 values in 110 bytes: 32 bytes with the third bits (byte j has that of level
  /// 32 k + j in bit k), 64 bytes with the lower two (``TwoBits``), 12 bytes of sixteen 6-bit
  /// scales, one for each sub-block of 16 values, and a binary16 d. A value is
  /// (d · (scale - 32)) · (level - 4).
  ///
  /// Scale j has its low four bits in byte j % 8 (low nibble for j < 8) and its upper two in byte
  /// 8 + j % 4, bits 2 · (j / 4). Without importance ``BlockSearch/refined(_:count:half:_:)`` finds
  /// a scale, and d maps the outermost one to -32 (`quantize_row_q3_K_ref`); with it
  /// ``BlockSearch/symmetric(_:count:half:weights:_:)`` finds both, weights being importance ·
  /// √(2 · mean square of the 256 + x²) (`quantize_row_q3_K_impl`).
  package static let q3_K = BlockFormat(
    name: "Q3_K", ggmlType: 11, fileType: 11, blockElements: 256, blockBytes: 110,
    largest: 65504 * 128,
    scaleOffsets: [108], kernel: ORC_Q3_K,
    codec: BlockCodec(
      encode: { x, y in
        SubBlocks.with { sub in
          withBuffers(256) { _, levels in
            for j in 0..<16 {
              sub.scales[j] = BlockSearch.refined(
                x + 16 * j, count: 16, half: 4, levels + 16 * j)
            }
            let outermost = BlockArithmetic.outermost(sub.scales, count: 16)
            let inverse = -32 / outermost
            for j in 0..<16 {
              let level = BlockArithmetic.nearest(inverse * sub.scales[j])
              let step = max(-32, min(31, Int8(truncatingIfNeeded: level)))
              sub.scaleLevels[j] = outermost == 0 ? 0 : UInt8(truncatingIfNeeded: step + 32)
            }
            finish(x, sub.scaleLevels, outermost == 0 ? 0 : 1 / inverse, y, levels)
          }
        }
      },
      encodeWeighted: { x, importance, _, y in
        SubBlocks.with { sub in
          withBuffers(256) { _, levels in
            let meanSquare = 2 * BlockArithmetic.squares(x, count: 256) / 256
            for j in 0..<16 {
              let values = x + 16 * j
              RowWeights.fill(sub.weights, values, importance + 16 * j, meanSquare, count: 16)
              sub.sums[j] = RowWeights.sum(sub.weights, count: 16)
              sub.scales[j] = BlockSearch.symmetric(
                values, count: 16, half: 4, weights: sub.weights, levels + 16 * j)
            }
            let scale = BlockSearch.symmetric(
              sub.scales, count: 16, half: 32, weights: sub.sums, sub.scaleLevels)
            finish(x, sub.scaleLevels, scale, y, levels)
          }
        }
      },
      decode: { x, y in
        let d = BlockArithmetic.loadHalf(x + 108)
        for i in 0..<256 {
          let third = Int32(x[i % 32] >> UInt8(i / 32) & 1)
          let level = Int32(TwoBits.level(i, x + 32)) + 4 * third
          y[i] = d * scale(i / 16, x + 96) * Float(level - 4)
        }
      }))

  /// Scale j, -32 ... 31.
  private static func scale(_ j: Int, _ bytes: UnsafePointer<UInt8>) -> Float {
    let low = j < 8 ? bytes[j] & 15 : bytes[j - 8] >> 4
    let high = bytes[8 + j % 4] >> UInt8(2 * (j / 4)) & 3
    return Float(Int32(low | high << 4) - 32)
  }

  /// Stores scales, 0 ..< 64, and rounds the levels by them; a sub-block whose scale is stored as 0
  /// keeps the levels of its search.
  private static func finish(
    _ x: UnsafePointer<Float>, _ scales: UnsafePointer<UInt8>, _ scale: Float,
    _ bytes: UnsafeMutablePointer<UInt8>, _ levels: UnsafeMutablePointer<UInt8>
  ) {
    let packed = bytes + 96
    packed.update(repeating: 0, count: 12)
    for j in 0..<16 {
      packed[j % 8] |= (scales[j] & 15) << UInt8(j / 8 * 4)
      packed[8 + j % 4] |= (scales[j] >> 4) << UInt8(2 * (j / 4))
    }
    let d = BlockArithmetic.storeHalf(scale, bytes + 108)
    bytes.update(repeating: 0, count: 32)
    for j in 0..<16 {
      let scale = d * Self.scale(j, packed)
      if scale == 0 { continue }
      for i in 16 * j..<16 * j + 16 {
        levels[i] = UInt8(truncatingIfNeeded: BlockArithmetic.nearest(x[i] / scale, in: -4...3) + 4)
      }
    }
    for i in 0..<256 {
      bytes[i % 32] |= (levels[i] >> 2) << UInt8(i / 32)
      levels[i] &= 3
    }
    TwoBits.store(levels, bytes + 32)
  }
}
