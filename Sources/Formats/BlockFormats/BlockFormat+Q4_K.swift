internal import CKernels

extension BlockFormat {
  /// Blocks of 256 values in 144 bytes: d, dmin and eight scales and minima
  /// (``AffineSuperBlock``), then 128 bytes of four-bit levels: 32 bytes for 64 values, byte j with
  /// level j in its low nibble and level j + 32 in its high one.
  ///
  /// The search without importance tries 21 steps from 14 to 16 levels for the range
  /// (`quantize_row_q4_K_ref`), the weighted one 37 (`quantize_row_q4_K_impl`).
  package static let q4_K = BlockFormat(
    name: "Q4_K", ggmlType: 12, fileType: 14, blockElements: 256, blockBytes: 144,
    largest: 65504 * 63,
    scaleOffsets: [0, 2], kernel: ORC_Q4_K,
    codec: BlockCodec(
      encode: { x, y in
        withBuffers(256) { _, levels in
          fourBits.encode(x, y, levels)
          pack(levels, y + 16)
        }
      },
      encodeWeighted: { x, importance, _, y in
        withBuffers(256) { _, levels in
          fourBits.encodeWeighted(x, importance, y, levels)
          pack(levels, y + 16)
        }
      },
      decode: { x, y in
        fourBits.decode(x, y) { i in
          let byte = x[16 + i / 64 * 32 + i % 32]
          return i & 32 == 0 ? byte & 15 : byte >> 4
        }
      }))

  private static let fourBits = AffineSuperBlock(
    top: 15, steps: .init(top: 15, first: -1, delta: 0.1, last: 20), clampsScales: false)

  private static func pack(
    _ levels: UnsafePointer<UInt8>, _ bytes: UnsafeMutablePointer<UInt8>
  ) {
    for group in 0..<4 {
      for j in 0..<32 {
        bytes[32 * group + j] = levels[64 * group + j] | levels[64 * group + j + 32] << 4
      }
    }
  }
}
