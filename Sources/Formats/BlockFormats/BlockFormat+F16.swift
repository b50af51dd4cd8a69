extension BlockFormat {
  /// IEEE binary16, nearest, ties to even. Beyond 65504 the encoder gives infinity: writers refuse
  /// such tensors by ``largest`` first. NaN becomes 0x7E00 with its sign, as in ggml.
  package static let f16 = BlockFormat(
    name: "F16", ggmlType: 1, fileType: 1, blockElements: 1, blockBytes: 2, largest: 65504,
    encode: fastEncode, decode: fastDecode,
    referenceEncode: { values, bytes in
      for (index, value) in values.enumerated() {
        let half =
          value.isNaN
          ? UInt16(value.sign == .minus ? 0xFE00 : 0x7E00) : Float16(value).bitPattern
        bytes.storeBytes(of: half.littleEndian, toByteOffset: 2 * index, as: UInt16.self)
      }
    },
    referenceDecode: { bytes, values in
      for index in values.indices {
        let half = UInt16(
          littleEndian: bytes.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self))
        values[index] = Float(Float16(bitPattern: half))
      }
    })

  private static let fastEncode: Encode = { values, bytes in
    f16.check(values: values.count, bytes: bytes.count)
    for index in values.indices {
      bytes.storeBytes(of: half(values[index]), toByteOffset: 2 &* index, as: UInt16.self)
    }
  }

  private static let fastDecode: Decode = { bytes, values in
    f16.check(values: values.count, bytes: bytes.count)
    for index in values.indices {
      values[index] = float(bytes.loadUnaligned(fromByteOffset: 2 &* index, as: UInt16.self))
    }
  }

  /// binary32 to binary16 by integer arithmetic: without it every value costs a library call on
  /// processors that the compiler may not assume to convert.
  @inline(__always)
  static func half(_ value: Float) -> UInt16 {
    let bits = value.bitPattern
    let sign = (bits >> 16) & 0x8000
    let magnitude = bits & 0x7FFF_FFFF
    if magnitude > 0x7F80_0000 { return UInt16(truncatingIfNeeded: sign | 0x7E00) }
    if magnitude >= 0x4780_0000 { return UInt16(truncatingIfNeeded: sign | 0x7C00) }
    if magnitude < 0x3880_0000 {
      // Subnormal halves are multiples of 2^-24, the step of floats at 0.5: the addition rounds.
      let rounded = (Float(bitPattern: magnitude) + 0.5).bitPattern &- 0x3F00_0000
      return UInt16(truncatingIfNeeded: sign | rounded)
    }
    // The exponent loses its bias of 127 - 15; the 13 lost bits round, ties to even.
    let rounded = (magnitude &- 0x3800_0000 &+ 0xFFF &+ ((magnitude >> 13) & 1)) >> 13
    return UInt16(truncatingIfNeeded: sign | rounded)
  }

  /// binary16 to binary32, exact.
  @inline(__always)
  static func float(_ half: UInt16) -> Float {
    let sign = UInt32(half & 0x8000) << 16
    let magnitude = UInt32(half & 0x7FFF)
    if magnitude >= 0x7C00 {
      return Float(bitPattern: sign | 0x7F80_0000 | (magnitude & 0x3FF) << 13)
    }
    // Read with an exponent 112 too small, then scaled by 2^112: exact for subnormals too.
    return Float(bitPattern: sign | (Float(bitPattern: magnitude << 13) * 0x1p112).bitPattern)
  }
}
