/// The weights of squared errors that ggml's quantizers make of an importance matrix.
enum RowWeights {
  /// weights[i] = importance[i] · √(meanSquare + x[i]²).
  static func fill(
    _ weights: UnsafeMutablePointer<Float>, _ x: UnsafePointer<Float>,
    _ importance: UnsafePointer<Float>, _ meanSquare: Float, count: Int
  ) {
    for i in 0..<count { weights[i] = importance[i] * (meanSquare + x[i] * x[i]).squareRoot() }
  }

  /// The sum, one after the other.
  static func sum(_ weights: UnsafePointer<Float>, count: Int) -> Float {
    var sum: Float = 0
    for i in 0..<count { sum += weights[i] }
    return sum
  }
}

/// Room for `count` floats and as many bytes, valid in the body.
func withBuffers(
  _ count: Int, _ body: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<UInt8>) -> Void
) {
  withUnsafeTemporaryAllocation(of: Float.self, capacity: count) { floats in
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: count) { bytes in
      guard let floats = floats.baseAddress, let bytes = bytes.baseAddress else { return }
      body(floats, bytes)
    }
  }
}
