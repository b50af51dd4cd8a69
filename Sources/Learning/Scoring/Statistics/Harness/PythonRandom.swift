private import Foundation

/// Python's `random.Random(seed)` for whole seeds: the Mersenne Twister (Matsumoto and Nishimura
/// 1998, MT19937) and the draws that lm-evaluation-harness makes with it.
///
/// The one generator of the project whose values depend on how many were drawn before: the harness'
/// few-shot examples do.
package struct PythonRandom: Sendable {
  private var state = [UInt32](repeating: 0, count: 624)
  private var index = 624

  /// - Parameter seed: its digits to the base 2³² are the key, lowest first, as CPython has it.
  package init(seed: UInt64) {
    var key = [UInt32(truncatingIfNeeded: seed)]
    if seed >> 32 != 0 { key.append(UInt32(truncatingIfNeeded: seed >> 32)) }
    initialize(19_650_218)
    var (i, j) = (1, 0)
    func previous() -> UInt32 { state[i - 1] ^ (state[i - 1] >> 30) }
    func wrap() {
      if i >= 624 {
        state[0] = state[623]
        i = 1
      }
    }
    for _ in 0..<624 {
      state[i] = (state[i] ^ (previous() &* 1_664_525)) &+ key[j] &+ UInt32(j)
      i += 1
      j = (j + 1) % key.count
      wrap()
    }
    for _ in 0..<623 {
      state[i] = (state[i] ^ (previous() &* 1_566_083_941)) &- UInt32(i)
      i += 1
      wrap()
    }
    state[0] = 0x8000_0000
  }

  private mutating func initialize(_ seed: UInt32) {
    state[0] = seed
    for i in 1..<624 {
      state[i] = 1_812_433_253 &* (state[i - 1] ^ (state[i - 1] >> 30)) &+ UInt32(i)
    }
  }

  /// The next 32 bits.
  package mutating func bits32() -> UInt32 {
    if index >= 624 { twist() }
    var y = state[index]
    index += 1
    y ^= y >> 11
    y ^= (y << 7) & 0x9D2C_5680
    y ^= (y << 15) & 0xEFC6_0000
    return y ^ (y >> 18)
  }

  private mutating func twist() {
    for k in 0..<624 {
      let y = (state[k] & 0x8000_0000) | (state[(k + 1) % 624] & 0x7FFF_FFFF)
      state[k] = state[(k + 397) % 624] ^ (y >> 1) ^ (y & 1 == 0 ? 0 : 0x9908_B0DF)
    }
    index = 0
  }

  /// `random()`: 53 bits in [0, 1).
  package mutating func unit() -> Double {
    let (a, b) = (Double(bits32() >> 5), Double(bits32() >> 6))
    return (a * 67_108_864 + b) / 9_007_199_254_740_992
  }

  /// `randrange(count)`, for 1 to 2³² - 1: bits until they fit.
  mutating func below(_ count: Int) -> Int {
    let width = Int.bitWidth - count.leadingZeroBitCount
    while true {
      let value = Int(bits32() >> UInt32(32 - width))
      if value < count { return value }
    }
  }

  /// The places that `sample(population, size)` takes of a population of `count`, in its order.
  package mutating func sample(_ size: Int, of count: Int) -> [Int] {
    precondition(size >= 0 && size <= count, "a sample larger than its population")
    // CPython copies the population where a set of what was taken would be larger.
    var setSize = 21
    if size > 5 { setSize += 1 << (2 * Int((log(Double(size * 3)) / log(4)).rounded(.up))) }
    if count <= setSize {
      var pool = Array(0..<count)
      return (0..<size).map { taken in
        let place = below(count - taken)
        defer { pool[place] = pool[count - taken - 1] }
        return pool[place]
      }
    }
    var taken: Set<Int> = []
    return (0..<size).map { _ in
      var place = below(count)
      while !taken.insert(place).inserted { place = below(count) }
      return place
    }
  }

  /// The place that one draw of `choices(population, k=…)` takes of a population of `count`.
  package mutating func choice(of count: Int) -> Int { Int(unit() * Double(count)) }
}
