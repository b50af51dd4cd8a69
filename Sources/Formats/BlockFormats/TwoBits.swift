/// 256 levels of two bits in 64 bytes, as Q2_K and Q3_K hold them: 32 bytes for 128 values, byte j
/// with the levels j, j + 32, j + 64 and j + 96 from the lowest bits up.
enum TwoBits {
  static func store(_ levels: UnsafePointer<UInt8>, _ bytes: UnsafeMutablePointer<UInt8>) {
    for j in 0..<64 {
      let four = levels + j / 32 * 128 + j % 32
      bytes[j] = four[0] | four[32] << 2 | four[64] << 4 | four[96] << 6
    }
  }

  /// Level i.
  static func level(_ i: Int, _ bytes: UnsafePointer<UInt8>) -> UInt8 {
    bytes[i / 128 * 32 + i % 32] >> UInt8(i % 128 / 32 * 2) & 3
  }
}
