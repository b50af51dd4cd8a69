/// Counter-based random numbers: a value depends on (seed, stream, index) and never on how many
/// were drawn before, so that any order of work and any number of threads gives the same values.
///
/// Philox 4x32 with 10 rounds (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3").
///
/// ```swift
/// let shuffle = CounterRandom(seed: 7, stream: "shuffle", 3)  // epoch 3
/// let order = shuffle.permutation(of: rows.count)
/// ```
package struct CounterRandom: Sendable {
  private let key: (UInt32, UInt32)
  private let high: (UInt32, UInt32)

  /// - Parameters:
  ///   - stream: what the numbers mean: `dropout`, `shuffle`, `sample`.
  ///   - part: a sub-stream, such as an epoch or a step.
  package init(seed: UInt64, stream: StaticString, _ part: UInt64 = 0) {
    // FNV-1a over the stream's name, mixed with the part by SplitMix64's finalizer.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    stream.withUTF8Buffer { for byte in $0 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 } }
    let mixed = Self.mix(hash &+ Self.mix(part))
    key = (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    high = (UInt32(truncatingIfNeeded: mixed), UInt32(truncatingIfNeeded: mixed >> 32))
  }

  /// The 64-bit value at `index`.
  package func bits(_ index: UInt64) -> UInt64 {
    let block = Self.philox(
      (UInt32(truncatingIfNeeded: index), UInt32(truncatingIfNeeded: index >> 32), high.0, high.1),
      key)
    return UInt64(block.0) << 32 | UInt64(block.1)
  }

  /// A double in [0, 1) with 53 random bits.
  package func uniform(_ index: UInt64) -> Double { Double(bits(index) >> 11) * 0x1p-53 }

  /// An integer in 0..<bound (multiply-shift; bias below 2^-32 for bounds below 2^32).
  package func integer(_ index: UInt64, below bound: Int) -> Int {
    precondition(bound > 0, "an empty range has no element")
    return Int(bits(index).multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// A standard normal value (Box–Muller on two values of the same block index).
  package func normal(_ index: UInt64) -> Double {
    let u = Double((bits(index &* 2) >> 11) + 1) * 0x1p-53
    let v = uniform(index &* 2 &+ 1)
    return (-2 * Self.log(u)).squareRoot() * Self.cos(2 * .pi * v)
  }

  /// A permutation of 0..<count (Fisher–Yates, index i drawing value i).
  package func permutation(of count: Int) -> [Int] {
    var order = Array(0..<count)
    if count < 2 { return order }
    for i in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(i, integer(UInt64(i), below: i + 1))
    }
    return order
  }

  static func mix(_ value: UInt64) -> UInt64 {
    var z = value &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Ten rounds of Philox 4x32 on one counter block.
  static func philox(
    _ counter: (UInt32, UInt32, UInt32, UInt32), _ key: (UInt32, UInt32)
  ) -> (UInt32, UInt32, UInt32, UInt32) {
    var (c, k) = (counter, key)
    for _ in 0..<10 {
      let a = UInt64(0xD251_1F53) * UInt64(c.0)
      let b = UInt64(0xCD9E_8D57) * UInt64(c.2)
      c = (
        UInt32(b >> 32) ^ c.1 ^ k.0, UInt32(truncatingIfNeeded: b),
        UInt32(a >> 32) ^ c.3 ^ k.1, UInt32(truncatingIfNeeded: a)
      )
      k = (k.0 &+ 0x9E37_79B9, k.1 &+ 0xBB67_AE85)
    }
    return c
  }
}
