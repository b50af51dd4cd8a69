/// Numerical slopes for checks of derivatives.
enum Slope {
  /// The central difference of fourth order: its error falls with step^4.
  static func of(_ f: (Double) -> Double, at x: Double, step: Double = 1e-3) -> Double {
    (8 * (f(x + step) - f(x - step)) - (f(x + 2 * step) - f(x - 2 * step))) / (12 * step)
  }

  /// Whether a slope is what the difference says, as far as the difference knows.
  static func agrees(_ slope: Double, _ f: (Double) -> Double, at x: Double, scale: Double = 1)
    -> Bool
  {
    let expected = of(f, at: x)
    return abs(slope - expected) <= 1e-8 * max(scale, abs(expected))
  }
}
