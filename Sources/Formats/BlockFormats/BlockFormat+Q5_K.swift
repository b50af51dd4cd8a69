internal import CKernels

extension BlockFormat {
  /// Blocks of 256 values in 176 bytes: d, dmin and eight scales and minima
  /// (``AffineSuperBlock``), then 32 bytes that hold the fifth bits (byte j has that of level
  /// 32 k + j in bit k) and 128 bytes of lower four bits as in ``q4_K``.
  ///
  /// The search without importance tries 16 steps from 30.5 to 32 levels for the range
  /// (`quantize_row_q5_K_ref`), the weighted one 37 (`quantize_row_q5_K_impl`).
  package static let q5_K = BlockFormat(
    name: "Q5_K", ggmlType: 13, fileType: 16, blockElements: 256, blockBytes: 176,
    largest: 65504 * 63,
    scaleOffsets: [0, 2], kernel: ORC_Q5_K,
    codec: BlockCodec(
      encode: { x, y in
        withBuffers(256) { _, levels in
          fiveBits.encode(x, y, levels)
          pack(levels, y + 16, y + 48)
        }
      },
      encodeWeighted: { x, importance, _, y in
        withBuffers(256) { _, levels in
          fiveBits.encodeWeighted(x, importance, y, levels)
          pack(levels, y + 16, y + 48)
        }
      },
      decode: { x, y in
        fiveBits.decode(x, y) { i in
          let byte = x[48 + i / 64 * 32 + i % 32]
          let low = i & 32 == 0 ? byte & 15 : byte >> 4
          return low | (x[16 + i % 32] >> UInt8(i / 32) & 1) << 4
        }
      }))

  private static let fiveBits = AffineSuperBlock(
    top: 31, steps: .init(top: 31, first: -0.5, delta: 0.1, last: 15), clampsScales: true)

  private static func pack(
    _ levels: UnsafePointer<UInt8>, _ high: UnsafeMutablePointer<UInt8>,
    _ low: UnsafeMutablePointer<UInt8>
  ) {
    high.update(repeating: 0, count: 32)
    for group in 0..<4 {
      for j in 0..<32 {
        let (first, second) = (levels[64 * group + j], levels[64 * group + j + 32])
        low[32 * group + j] = first & 15 | second << 4
        high[j] |= (first >> 4 | (second >> 4) << 1) << UInt8(2 * group)
      }
    }
  }
}
