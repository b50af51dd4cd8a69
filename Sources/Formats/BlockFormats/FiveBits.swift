/// 32 levels of five bits as Q5_0 and Q5_1 hold them: the fifth bit of level i is bit i of four
/// bytes, the lower four are a nibble of 16 more, i and i + 16 together.
enum FiveBits {
  static func store(
    _ levels: UnsafePointer<UInt8>, high: UnsafeMutablePointer<UInt8>,
    low: UnsafeMutablePointer<UInt8>
  ) {
    var bits: UInt32 = 0
    for j in 0..<16 {
      low[j] = levels[j] & 15 | (levels[j + 16] & 15) << 4
      bits |= UInt32(levels[j] >> 4 & 1) << UInt32(j)
      bits |= UInt32(levels[j + 16] >> 4 & 1) << UInt32(j + 16)
    }
    UnsafeMutableRawPointer(high).storeBytes(of: bits.littleEndian, as: UInt32.self)
  }

  /// Level i.
  static func level(_ i: Int, high: UnsafePointer<UInt8>, low: UnsafePointer<UInt8>) -> Int32 {
    let nibble = i < 16 ? low[i] & 15 : low[i - 16] >> 4
    return Int32(nibble | (high[i / 8] >> UInt8(i % 8) & 1) << 4)
  }
}
