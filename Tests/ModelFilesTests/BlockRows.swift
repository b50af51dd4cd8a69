import Reproducibility

/// Rows on which quantizers differ when their arithmetic does, the same in every run.
enum BlockRows {
  enum Kind: CaseIterable {
    case normal, heavy, positive, negative, offset, mixed, sparse, ties, halfSteps, constant, zeros
    case edges, almostHalf, negativeZeros, oneHot, outliers, nearlyConstant, tiny, subnormal, huge,
      wild, special
  }

  /// The values of the IQ4 types, and the last again.
  private static let nonlinear: [Float] = [
    -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113, 113,
  ]

  static func values(_ kind: Kind, _ count: Int, seed: UInt64) -> [Float] {
    let random = CounterRandom(seed: seed, stream: "rows")
    /// The sum of four evenly spread numbers: near enough to normal, of variance 1.
    func normal(_ i: Int) -> Float {
      let sum = (0..<4).reduce(0.0) { $0 + random.uniform(UInt64(8 * i + $1)) }
      return Float((sum - 2) * 1.7320508075688772)
    }
    func uniform(_ i: Int) -> Float { Float(random.uniform(UInt64(8 * i + 5))) }
    /// 2^low ..< 2^high, the same for 16 values.
    func scale(_ i: Int, _ low: Int, _ high: Int) -> Float {
      Float(
        sign: .plus, exponent: low + random.integer(UInt64(8 * (i / 16) + 6), below: high - low),
        significand: 1)
    }
    return (0..<count).map { i in
      let x = normal(i)
      switch kind {
      case .normal: return 0.02 * x
      case .heavy: return x * x * x * x * x
      case .positive: return abs(x)
      case .negative: return -abs(x) - 0.25
      case .offset: return 3 + 0.01 * x
      case .mixed: return x * scale(i, -12, 4)
      case .sparse: return uniform(i) < 0.1 ? x : 0
      case .ties: return (2 * x).rounded() * 0.125
      case .halfSteps: return (4 * x).rounded() / 2
      case .edges:
        return i % 32 < 16 ? nonlinear[i % 16] : (nonlinear[i % 16] + nonlinear[i % 16 + 1]) / 2
      case .almostHalf:
        return i % 32 == 0 ? 127 : (i % 2 == 0 ? Float(0.5).nextDown : -Float(0.5).nextDown)
      case .constant: return 0.3 + Float(i / 512)
      case .zeros: return 0
      case .negativeZeros: return uniform(i) < 0.5 ? -0.0 : x
      case .oneHot: return i % 300 == 7 ? x : 0
      case .outliers: return i % 200 == 3 ? 1000 * x : 0.02 * x
      case .nearlyConstant: return -1 + 1e-6 * x
      case .tiny: return x * 0x1p-60
      case .subnormal: return x * 0x1p-130
      case .huge: return x * 0x1p70
      case .wild: return x * scale(i, -140, 100)
      case .special:
        let specials: [Float] = [
          .nan, .infinity, -.infinity, .greatestFiniteMagnitude, -0.0, 0x1p-149,
        ]
        return i % 97 == 5 ? specials[random.integer(UInt64(8 * i + 7), below: specials.count)] : x
      }
    }
  }

  enum Weights: CaseIterable { case ones, squares, sparse, zeros, halves, extreme }

  static func importance(_ kind: Weights, _ columns: Int) -> [Float] {
    let random = CounterRandom(seed: 9, stream: "importance")
    return (0..<columns).map { column in
      let value = Float(random.uniform(UInt64(2 * column)))
      switch kind {
      case .ones: return 1
      case .squares: return 4 * value * value * value * value
      case .sparse: return value < 0.2 ? value : 0
      case .zeros: return 0
      case .halves: return column % 32 < 16 ? 1 : 0
      case .extreme:
        let exponent = random.integer(UInt64(2 * column + 1), below: 120) - 60
        return Float(sign: .plus, exponent: exponent, significand: 1 + value)
      }
    }
  }
}
