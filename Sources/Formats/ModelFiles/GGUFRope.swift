private import Foundation

/// What llama.cpp divides rotary frequencies by, as tensors of D / 2 factors.
enum GGUFRope {
  /// The kinds of scaling, to say which an architecture knows.
  enum Kind: Sendable, Hashable { case linear, dynamic, llama3, yarn, longrope }

  static func kind(_ scaling: RopeScaling) -> Kind {
    switch scaling {
    case .linear: .linear
    case .dynamic: .dynamic
    case .llama3: .llama3
    case .yarn: .yarn
    case .longrope: .longrope
    }
  }

  static let frequenciesName = "rope_freqs.weight"
  static let longName = "rope_factors_long.weight"
  static let shortName = "rope_factors_short.weight"

  /// The tensors that stand for the model's scaling, in the converter's order.
  static func tensors(of model: ModelConfiguration) -> [(name: String, values: [Float])] {
    switch model.ropeScaling {
    case .llama3(let factor, let low, let high, let original)?:
      [
        (
          frequenciesName,
          RopeFactors.llama3(
            headSize: model.headSize, theta: model.ropeTheta, factor: factor, low: low, high: high,
            originalLength: original)
        )
      ]
    case .longrope(let short, let long, _, _)?:
      [(longName, long.map { Float($0) }), (shortName, short.map { Float($0) })]
    case .linear?, .dynamic?, .yarn?, nil: []
    }
  }

  /// What yarn multiplies cosines and sines by unless told otherwise (Peng et al. 2023, eq. 22).
  static func yarnAttentionFactor(_ factor: Double) -> Double {
    factor <= 1 ? 1 : 0.1 * log(factor) + 1
  }

  /// What longrope multiplies them by (transformers' `_compute_longrope_parameters`).
  static func longropeAttentionFactor(contextLength: Int, originalLength: Int) -> Double {
    let scale = Double(contextLength) / Double(originalLength)
    guard scale > 1, originalLength > 1 else { return 1 }
    return (1 + log(scale) / log(Double(originalLength))).squareRoot()
  }

  /// Llama 3's parameters that make these factors, if some with its usual ramp do.
  static func llama3(
    making factors: [Float], headSize: Int, theta: Double
  ) -> (factor: Double, original: Int)? {
    guard let last = factors.last, last > 1 else { return nil }
    let factor = Double("\(last)") ?? Double(last)
    let lengths = (6...22).map { 1 << $0 }
    return lengths.first {
      RopeFactors.llama3(
        headSize: headSize, theta: theta, factor: factor, low: 1, high: 4, originalLength: $0)
        == factors
    }.map { (factor, $0) }
  }
}
