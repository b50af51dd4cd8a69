extension BlockFormat {
  /// Blocks of 32 values in 34 bytes: a binary16 scale d = max|x| / 127, then 32 signed bytes
  /// round(x · (1 / d)), halves away from zero. Error at most d / 2 plus the rounding of d.
  /// Source: ggml's reference quantizer `quantize_row_q8_0_ref`.
  package static let q8_0 = BlockFormat(
    name: "Q8_0", ggmlType: 8, fileType: 7, blockElements: 32, blockBytes: 34,
    largest: 65504 * 127, encode: fastEncode, decode: fastDecode,
    referenceEncode: { values, bytes in
      for block in 0..<values.count / 32 {
        let largest = values[32 * block..<32 * block + 32].reduce(0) {
          $0.isNaN || $1.isNaN ? .nan : max($0, abs($1))
        }
        let scale = largest / 127
        let inverse = 1 / scale
        bytes.storeBytes(of: half(scale), toByteOffset: 34 * block, as: UInt16.self)
        for index in 0..<32 {
          let value = values[32 * block + index] * inverse
          let quantum = isUsable(scale) ? Int8(value.rounded(.toNearestOrAwayFromZero)) : 0
          bytes[34 * block + 2 + index] = UInt8(bitPattern: quantum)
        }
      }
    },
    referenceDecode: { bytes, values in
      for block in 0..<values.count / 32 {
        let scale = float(bytes.loadUnaligned(fromByteOffset: 34 * block, as: UInt16.self))
        for index in 0..<32 {
          let quantum = Int8(bitPattern: bytes[34 * block + 2 + index])
          values[32 * block + index] = Float(quantum) * scale
        }
      }
    })

  /// Zero, NaN, infinity and scales so small that their inverse overflows give quanta of 0.
  @inline(__always)
  private static func isUsable(_ scale: Float) -> Bool {
    scale > 0 && scale.isFinite && (1 / scale).isFinite
  }

  private static let fastEncode: Encode = { values, bytes in
    q8_0.check(values: values.count, bytes: bytes.count)
    guard var x = values.baseAddress, var y = bytes.baseAddress else { return }
    for _ in 0..<values.count / 32 {
      var largest: UInt32 = 0  // magnitudes order as their bit patterns do
      for index in 0..<32 { largest = max(largest, x[index].bitPattern & 0x7FFF_FFFF) }
      let scale = Float(bitPattern: largest) / 127
      let inverse = 1 / scale
      y.storeBytes(of: half(scale), as: UInt16.self)
      guard isUsable(scale) else {
        y.advanced(by: 2).initializeMemory(as: Int8.self, repeating: 0, count: 32)
        x += 32
        y += 34
        continue
      }
      for index in 0..<32 {
        // |v| is at most 127 and a little, so truncation and one exact comparison round it.
        let v = x[index] * inverse
        let whole = Int32(v)
        let rest = v - Float(whole)
        let rounded = whole &+ (rest >= 0.5 ? 1 : 0) &- (rest <= -0.5 ? 1 : 0)
        y.storeBytes(
          of: Int8(truncatingIfNeeded: rounded), toByteOffset: 2 &+ index, as: Int8.self)
      }
      x += 32
      y += 34
    }
  }

  private static let fastDecode: Decode = { bytes, values in
    q8_0.check(values: values.count, bytes: bytes.count)
    guard var x = bytes.baseAddress, var y = values.baseAddress else { return }
    for _ in 0..<values.count / 32 {
      let scale = float(x.loadUnaligned(as: UInt16.self))
      for index in 0..<32 {
        y[index] = Float(x.load(fromByteOffset: 2 &+ index, as: Int8.self)) * scale
      }
      x += 34
      y += 32
    }
  }
}
