internal import CKernels

extension BlockFormat {
  /// Blocks of 32 values in 18 bytes: a binary16 scale d, then four-bit levels as in ``q4_0``. A
  /// value is d · ``NonlinearLevels/values``[level].
  ///
  /// ``NonlinearLevels`` looks for d, errors weighed by x², or by importance · √(2 · mean square of
  /// the block + x²); as ggml's `quantize_iq4_nl`, which llama-quantize calls
  /// (`quantize_row_iq4_nl_ref` tries one candidate only).
  package static let iq4_NL = BlockFormat(
    name: "IQ4_NL", ggmlType: 20, fileType: 25, blockElements: 32, blockBytes: 18,
    largest: 65504 * 113,
    scaleOffsets: [0], kernel: ORC_IQ4_NL,
    codec: BlockCodec(
      encode: { x, y in encode(x, nil, y) },
      encodeWeighted: { x, importance, _, y in encode(x, importance, y) },
      decode: { x, y in
        let d = BlockArithmetic.loadHalf(x)
        NonlinearLevels.values.withUnsafeBufferPointer { values in
          for j in 0..<16 {
            y[j] = d * values[Int(x[2 + j] & 15)]
            y[j + 16] = d * values[Int(x[2 + j] >> 4)]
          }
        }
      }))

  private static func encode(
    _ x: UnsafePointer<Float>, _ importance: UnsafePointer<Float>?,
    _ bytes: UnsafeMutablePointer<UInt8>
  ) {
    withBuffers(32) { weights, _ in
      NonlinearLevels.values.withUnsafeBufferPointer {
        guard let values = $0.baseAddress else { return }
        let meanSquare = BlockArithmetic.squares(x, count: 32) * (2 / 32)
        NonlinearLevels.fill(weights, x, importance, meanSquare)
        let scale = NonlinearLevels.scale(x, weights: weights, values)
        BlockArithmetic.storeHalf(scale, bytes)
        NonlinearLevels.store(x, inverse: scale == 0 ? 0 : 1 / scale, values, bytes + 2)
      }
    }
  }
}
