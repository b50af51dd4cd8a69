/// Takes small numbers from 32 bytes, front to back, and from a generator that they seed once they are
/// used up.
struct Draw {
  private var bytes: ArraySlice<UInt8>
  private var state: UInt64

  init(_ bytes: [UInt8]) {
    self.bytes = bytes[...]
    state = bytes.suffix(8).reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// A number in 0..<bound from two bytes.
  mutating func below(_ bound: Int) -> Int {
    let high = Int(next())
    let low = Int(next())
    return ((high << 8 | low) * bound) >> 16
  }

  /// SplitMix64 (Steele, Lea, Flood 2014) behind the bytes.
  private mutating func next() -> UInt8 {
    if let byte = bytes.popFirst() { return byte }
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return UInt8(truncatingIfNeeded: z >> 56)
  }

  mutating func digits(_ count: Int) -> String {
    (0..<count).map { _ in String(below(10)) }.joined()
  }
  mutating func hex(_ count: Int) -> String {
    (0..<count).map { _ in String(below(16), radix: 16) }.joined()
  }
  mutating func one(of list: [String]) -> String { list[below(list.count)] }
}
