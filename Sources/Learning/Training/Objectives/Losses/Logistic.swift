private import Foundation

/// The logistic function and its kin, in double, without overflow.
enum Logistic {
  /// 1 / (1 + exp(-x)).
  static func sigmoid(_ x: Double) -> Double {
    let e = exp(-abs(x))
    return x >= 0 ? 1 / (1 + e) : e / (1 + e)
  }

  /// log(1 / (1 + exp(-x))); its slope is sigmoid(-x).
  static func logSigmoid(_ x: Double) -> Double { min(x, 0) - log1p(exp(-abs(x))) }

  /// log(1 - exp(x)) for x < 0, by the branch that cancels nothing (Mächler 2012).
  static func log1mexp(_ x: Double) -> Double {
    x < -M_LN2 ? log1p(-exp(x)) : log(-expm1(x))
  }
}
