/// A fast hash of byte strings, for tables in memory only: never written anywhere.
enum ByteHash {
  @inline(__always)
  static func of(_ bytes: Bytes) -> UInt64 {
    var hash = UInt64(truncatingIfNeeded: bytes.count) &* 0x9E37_79B9_7F4A_7C15
    guard let base = UnsafeRawPointer(bytes.baseAddress) else { return hash }
    var index = 0
    while index + 8 <= bytes.count {
      hash = mix(hash ^ base.loadUnaligned(fromByteOffset: index, as: UInt64.self))
      index += 8
    }
    var tail: UInt64 = 0
    var shift: UInt64 = 0
    while index < bytes.count {
      tail |= UInt64(bytes[index]) << shift
      shift += 8
      index += 1
    }
    return mix(hash ^ tail)
  }

  @inline(__always)
  private static func mix(_ value: UInt64) -> UInt64 {
    let (high, low) = (value ^ 0xA076_1D64_78BD_642F)
      .multipliedFullWidth(by: 0xE703_7ED1_A0B4_28DB)
    return high ^ low
  }

  @inline(__always)
  static func equal(_ stored: UnsafePointer<UInt8>, _ key: Bytes) -> Bool {
    let other = key.baseAddress
    var index = 0
    while index + 8 <= key.count, let other {
      let left = UnsafeRawPointer(stored).loadUnaligned(fromByteOffset: index, as: UInt64.self)
      if left != UnsafeRawPointer(other).loadUnaligned(fromByteOffset: index, as: UInt64.self) {
        return false
      }
      index += 8
    }
    while index < key.count {
      if stored[index] != key[index] { return false }
      index += 1
    }
    return true
  }
}
