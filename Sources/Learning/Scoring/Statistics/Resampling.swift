internal import Reproducibility

/// Items drawn with replacement, as many as there are.
///
/// Replicate r is keyed by the counter (seed, "bootstrap", r) and draws by the counter of
/// SplitMix64 (Steele, Lea and Flood 2014), two draws from each 64 bits by multiplication: the same
/// samples for any number of threads, in a few nanoseconds a draw. No item is likelier than another
/// by more than the number of items / 2^32.
struct Resampling {
  private let key: UInt64
  private let count: UInt64

  init(seed: UInt64, replicate: Int, count: Int) {
    precondition(count > 0 && count < 1 << 32, "a number of items from 1 to 2^32 - 1")
    key = CounterRandom(seed: seed, stream: "bootstrap", UInt64(replicate)).bits(0)
    self.count = UInt64(count)
  }

  /// Calls `body` with each drawn index.
  @inline(__always)
  func forEach(_ body: (Int) -> Void) {
    let whole = count & ~1
    var drawn: UInt64 = 0
    var counter = key
    while drawn < whole {
      counter &+= 0x9E37_79B9_7F4A_7C15
      let bits = Self.mix(counter)
      body(Int(((bits >> 32) &* count) >> 32))
      body(Int(((bits & 0xFFFF_FFFF) &* count) >> 32))
      drawn += 2
    }
    if whole < count {
      counter &+= 0x9E37_79B9_7F4A_7C15
      body(Int(((Self.mix(counter) >> 32) &* count) >> 32))
    }
  }

  @inline(__always)
  private static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Sums of the drawn rows.
  func sums(_ items: AdditiveItems) -> [Double] {
    let width = items.width
    return items.values.withUnsafeBufferPointer { values in
      switch width {
      case 1:
        var sum = 0.0
        forEach { sum += values[$0] }
        return [sum]
      case 2:
        var (first, second) = (0.0, 0.0)
        forEach {
          first += values[2 * $0]
          second += values[2 * $0 + 1]
        }
        return [first, second]
      default:
        return [Double](unsafeUninitializedCapacity: width) { sums, initialized in
          sums.initialize(repeating: 0)
          forEach { row in for k in 0..<width { sums[k] += values[row * width + k] } }
          initialized = width
        }
      }
    }
  }

  /// The value at a share of sorted ones, between neighbours by straight line.
  static func quantile(_ sorted: [Double], _ share: Double) -> Double {
    let place = min(max(share, 0), 1) * Double(sorted.count - 1)
    let low = Int(place)
    let high = min(low + 1, sorted.count - 1)
    // Equal neighbours may be infinite.
    if sorted[low] == sorted[high] { return sorted[low] }
    return sorted[low] + (place - Double(low)) * (sorted[high] - sorted[low])
  }
}
