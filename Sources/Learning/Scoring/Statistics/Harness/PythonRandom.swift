/// Python's `random.Random`: the Mersenne Twister MT19937 (Matsumoto and Nishimura 1998), seeded by
/// an integer. For numbers that must equal those of the harness; everything else draws by counter.
package struct PythonRandom: Sendable {
  private var state: [UInt32]
  private var next = 624

  /// `random.seed(seed)`: `init_by_array` of the seed's 32-bit digits.
  package init(seed: UInt64) {
    var digits = [UInt32(truncatingIfNeeded: seed)]
    if seed >> 32 > 0 { digits.append(UInt32(seed >> 32)) }
    state = [19_650_218]
    for index in 1..<624 {
      let last = state[index - 1]
      state.append(1_812_433_253 &* (last ^ (last >> 30)) &+ UInt32(index))
    }
    var index = 1
    for step in 0..<624 {
      let digit = step % digits.count
      let last = state[index - 1]
      state[index] =
        (state[index] ^ ((last ^ (last >> 30)) &* 1_664_525)) &+ digits[digit] &+ UInt32(digit)
      advance(&index)
    }
    for _ in 0..<623 {
      let last = state[index - 1]
      state[index] = (state[index] ^ ((last ^ (last >> 30)) &* 1_566_083_941)) &- UInt32(index)
      advance(&index)
    }
    state[0] = 0x8000_0000
  }

  private mutating func advance(_ index: inout Int) {
    index += 1
    if index == 624 {
      state[0] = state[623]
      index = 1
    }
  }

  /// The next 32 bits.
  package mutating func bits() -> UInt32 {
    if next == 624 {
      for index in 0..<624 {
        let joined = (state[index] & 0x8000_0000) | (state[(index + 1) % 624] & 0x7FFF_FFFF)
        let twist: UInt32 = joined & 1 == 0 ? 0 : 0x9908_B0DF
        state[index] = state[(index + 397) % 624] ^ (joined >> 1) ^ twist
      }
      next = 0
    }
    var value = state[next]
    next += 1
    value ^= value >> 11
    value ^= (value << 7) & 0x9D2C_5680
    value ^= (value << 15) & 0xEFC6_0000
    return value ^ (value >> 18)
  }

  /// `random()`: a double in [0, 1).
  package mutating func uniform() -> Double {
    let high = bits() >> 5
    let low = bits() >> 6
    return (Double(high) * 67_108_864 + Double(low)) / 9_007_199_254_740_992
  }

  /// An index as `choices` draws it, with replacement.
  package mutating func choice(below count: Int) -> Int {
    Int((uniform() * Double(count)).rounded(.down))
  }
}
