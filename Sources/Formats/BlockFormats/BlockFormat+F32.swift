extension BlockFormat {
  /// IEEE binary32, little endian.
  package static let f32 = BlockFormat(
    name: "F32", ggmlType: 0, fileType: 0, blockElements: 1, blockBytes: 4, largest: .infinity,
    encode: copyEncode, decode: copyDecode,
    referenceEncode: { values, bytes in
      for (index, value) in values.enumerated() {
        bytes.storeBytes(
          of: value.bitPattern.littleEndian, toByteOffset: 4 * index, as: UInt32.self)
      }
    },
    referenceDecode: { bytes, values in
      for index in values.indices {
        values[index] = Float(
          bitPattern: UInt32(
            littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)))
      }
    })

  // Swift on Linux is little endian on every machine it supports, so bytes are copied as they are.
  private static let copyEncode: Encode = { values, bytes in
    f32.check(values: values.count, bytes: bytes.count)
    bytes.copyMemory(from: UnsafeRawBufferPointer(values))
  }
  private static let copyDecode: Decode = { bytes, values in
    f32.check(values: values.count, bytes: bytes.count)
    UnsafeMutableRawBufferPointer(values).copyMemory(from: bytes)
  }
}
