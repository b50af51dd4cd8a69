private import Foundation

/// What llama.cpp divides rotary frequencies by (`rope_freqs.weight`).
enum RopeFactors {
  /// Llama 3's scaling: 1 for short wavelengths, the factor for long ones, a ramp between.
  ///
  /// Computed in binary32 in the order of llama.cpp's converter, so that the tensor is the same.
  ///
  /// - Returns: D / 2 values.
  static func llama3(
    headSize: Int, theta: Double, factor: Double, low: Double, high: Double, originalLength: Int
  ) -> [Float] {
    let length = Float(originalLength)
    let (longest, shortest) = (
      Double(originalLength) / low, Double(originalLength) / high
    )
    return (0..<headSize / 2).map { index in
      let exponent = Float(2 * index) / Float(headSize)
      let frequency = 1 / Float(pow(theta, Double(exponent)))
      let wavelength = (1 / frequency) * Float(2 * Double.pi)
      if Double(wavelength) < shortest { return 1 }
      if Double(wavelength) > longest { return Float(factor) }
      let smooth = ((1 / wavelength) * length - Float(low)) / Float(high - low)
      return 1 / ((1 - smooth) / Float(factor) + smooth)
    }
  }
}
