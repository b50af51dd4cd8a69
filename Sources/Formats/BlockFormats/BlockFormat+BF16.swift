extension BlockFormat {
  /// bfloat16: the upper half of binary32, nearest, ties to even; NaN stays a (quiet) NaN.
  package static let bf16 = BlockFormat(
    name: "BF16", ggmlType: 30, fileType: 32, blockElements: 1, blockBytes: 2,
    largest: Float(bitPattern: 0x7F7F_0000), encode: fastEncode, decode: fastDecode,
    referenceEncode: { values, bytes in
      for (index, value) in values.enumerated() {
        let bits = value.bitPattern
        let (low, high) = (bits & 0xFFFF, UInt16(bits >> 16))
        let up = low > 0x8000 || (low == 0x8000 && high & 1 == 1)
        let rounded = value.isNaN ? high | 64 : high + (up ? 1 : 0)
        bytes.storeBytes(of: rounded.littleEndian, toByteOffset: 2 * index, as: UInt16.self)
      }
    },
    referenceDecode: { bytes, values in
      for index in values.indices {
        let high = UInt16(
          littleEndian: bytes.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self))
        values[index] = Float(bitPattern: UInt32(high) << 16)
      }
    })

  private static let fastEncode: Encode = { values, bytes in
    bf16.check(values: values.count, bytes: bytes.count)
    for index in values.indices {
      let bits = values[index].bitPattern
      let rounded = (bits &+ 0x7FFF &+ ((bits >> 16) & 1)) >> 16
      let isNaN = bits & 0x7FFF_FFFF > 0x7F80_0000
      bytes.storeBytes(
        of: UInt16(truncatingIfNeeded: isNaN ? bits >> 16 | 64 : rounded),
        toByteOffset: 2 &* index, as: UInt16.self)
    }
  }

  private static let fastDecode: Decode = { bytes, values in
    bf16.check(values: values.count, bytes: bytes.count)
    for index in values.indices {
      let high = bytes.loadUnaligned(fromByteOffset: 2 &* index, as: UInt16.self)
      values[index] = Float(bitPattern: UInt32(high) << 16)
    }
  }
}
