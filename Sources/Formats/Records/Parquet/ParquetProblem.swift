/// What is wrong with a Parquet file; the place is added by the reader.
struct ParquetProblem: Error {
  var code: String
  var what: String
  var fix: String?

  /// The file contradicts itself.
  static func damaged(_ what: String) -> ParquetProblem {
    ParquetProblem(
      code: "parquet.damaged", what: "the Parquet file is damaged: \(what)",
      fix: "copy or download it again")
  }

  /// The file may be right, and uses what this reader does not know.
  static func unknown(_ what: String, fix: String? = nil) -> ParquetProblem {
    ParquetProblem(
      code: "parquet.unsupported", what: "\(what) is not read",
      fix: fix ?? "write the file again with pyarrow's defaults, or export it as JSON Lines")
  }
}

/// Reads numbers from bytes that cannot be trusted, from front to back.
struct ParquetBytes {
  let bytes: ArraySlice<UInt8>
  private(set) var at: Int

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    at = bytes.startIndex
  }

  init(_ bytes: [UInt8]) { self.init(bytes[...]) }

  var left: Int { bytes.endIndex - at }

  mutating func byte() throws(ParquetProblem) -> UInt8 {
    guard at < bytes.endIndex else { throw .damaged("it ends too early") }
    at += 1
    return bytes[at - 1]
  }

  /// The next `count` bytes, in place.
  mutating func take(_ count: Int) throws(ParquetProblem) -> ArraySlice<UInt8> {
    guard count >= 0, count <= left else { throw .damaged("it ends too early") }
    at += count
    return bytes[(at - count)..<at]
  }

  /// A number of `count` bytes, at most 8, the lowest first.
  mutating func little(_ count: Int) throws(ParquetProblem) -> UInt64 {
    var value: UInt64 = 0
    for (shift, byte) in try take(count).enumerated() {
      value |= UInt64(byte) << (8 * UInt64(shift))
    }
    return value
  }

  /// A length of four bytes.
  mutating func length() throws(ParquetProblem) -> Int { Int(try little(4)) }

  /// LEB128, at most 64 bits.
  mutating func varint() throws(ParquetProblem) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while true {
      let byte = try byte()
      guard shift < 64 else { throw .damaged("a number has too many bytes") }
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
      shift += 7
    }
  }

  mutating func zigzag() throws(ParquetProblem) -> Int64 {
    let value = try varint()
    return Int64(bitPattern: (value >> 1) ^ (0 &- (value & 1)))
  }
}
