/// A sum of bytes at the speed of memory, to see that what is read is what was written. No defence
/// against an adversary.
enum Checksum {
  /// Four lanes of x ← (x ⊕ word) · prime, as in FNV-1a but 64 bits at a time; the lanes, the bytes
  /// that fill no round and the count are mixed in last.
  static func of(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    let prime: UInt64 = 0x9E37_79B9_7F4A_7C15
    var (a, b, c, d): (UInt64, UInt64, UInt64, UInt64) = (1, 2, 3, 4)
    let rounds = bytes.count / 32
    for round in 0..<rounds {
      let at = round &* 32
      a = (a ^ bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)) &* prime
      b = (b ^ bytes.loadUnaligned(fromByteOffset: at &+ 8, as: UInt64.self)) &* prime
      c = (c ^ bytes.loadUnaligned(fromByteOffset: at &+ 16, as: UInt64.self)) &* prime
      d = (d ^ bytes.loadUnaligned(fromByteOffset: at &+ 24, as: UInt64.self)) &* prime
    }
    var sum = UInt64(bytes.count)
    for lane in [a, b, c, d] { sum = ((sum ^ lane) &* prime) ^ (lane >> 32) }
    for byte in bytes[(rounds * 32)...] { sum = (sum ^ UInt64(byte)) &* prime }
    return sum
  }
}
