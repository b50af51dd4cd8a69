/// XXH64 with seed 0, at the speed of memory: finds accidental damage, not a forger.
/// Source: xxHash specification 0.1.1, section "XXH64 Algorithm Description".
struct XXH64 {
  private static let prime1: UInt64 = 0x9E37_79B1_85EB_CA87
  private static let prime2: UInt64 = 0xC2B2_AE3D_27D4_EB4F
  private static let prime3: UInt64 = 0x1656_67B1_9E37_79F9
  private static let prime4: UInt64 = 0x85EB_CA77_C2B2_AE63
  private static let prime5: UInt64 = 0x27D4_EB2F_1656_67C5
  private static let stripe = 32

  private var lanes = (
    XXH64.prime1 &+ XXH64.prime2, XXH64.prime2, UInt64(0), UInt64(0) &- XXH64.prime1
  )
  private var length: UInt64 = 0

  /// - Parameter bytes: whole stripes of 32 bytes.
  mutating func update(stripes bytes: UnsafeRawBufferPointer) {
    precondition(bytes.count % Self.stripe == 0, "only the end may be no whole stripe")
    length += UInt64(bytes.count)
    var (a, b, c, d) = lanes
    var offset = 0
    while offset < bytes.count {
      a = Self.round(a, bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      b = Self.round(b, bytes.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self))
      c = Self.round(c, bytes.loadUnaligned(fromByteOffset: offset + 16, as: UInt64.self))
      d = Self.round(d, bytes.loadUnaligned(fromByteOffset: offset + 24, as: UInt64.self))
      offset += Self.stripe
    }
    lanes = (a, b, c, d)
  }

  /// - Parameter rest: fewer than 32 bytes.
  func finish(_ rest: UnsafeRawBufferPointer) -> UInt64 {
    var hash = Self.prime5
    if length > 0 {
      let (a, b, c, d) = lanes
      hash =
        Self.rotate(a, 1) &+ Self.rotate(b, 7) &+ Self.rotate(c, 12) &+ Self.rotate(d, 18)
      for lane in [a, b, c, d] {
        hash = (hash ^ Self.round(0, lane)) &* Self.prime1 &+ Self.prime4
      }
    }
    hash &+= length + UInt64(rest.count)
    var offset = 0
    while offset + 8 <= rest.count {
      hash ^= Self.round(0, rest.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      hash = Self.rotate(hash, 27) &* Self.prime1 &+ Self.prime4
      offset += 8
    }
    if offset + 4 <= rest.count {
      hash ^= UInt64(rest.loadUnaligned(fromByteOffset: offset, as: UInt32.self)) &* Self.prime1
      hash = Self.rotate(hash, 23) &* Self.prime2 &+ Self.prime3
      offset += 4
    }
    while offset < rest.count {
      hash ^= UInt64(rest[offset]) &* Self.prime5
      hash = Self.rotate(hash, 11) &* Self.prime1
      offset += 1
    }
    hash = (hash ^ hash >> 33) &* Self.prime2
    hash = (hash ^ hash >> 29) &* Self.prime3
    return hash ^ hash >> 32
  }

  private static func round(_ lane: UInt64, _ word: UInt64) -> UInt64 {
    rotate(lane &+ UInt64(littleEndian: word) &* prime2, 31) &* prime1
  }

  private static func rotate(_ word: UInt64, _ count: UInt64) -> UInt64 {
    word << count | word >> (64 - count)
  }
}
