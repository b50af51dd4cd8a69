/// Conversions that ggml's quantizers make, with an answer for every bit pattern.
enum BlockArithmetic {
  /// The nearest integer, ties to even, of a magnitude up to 2^22: 1.5 · 2^23 is added, and the
  /// mantissa holds the sum. Beyond, for infinities and NaN the low mantissa bits mean nothing, but
  /// are the same everywhere. Source: ggml's `nearest_int`.
  @inline(__always)
  static func nearest(_ value: Float) -> Int32 {
    Int32(truncatingIfNeeded: (value + 12_582_912).bitPattern & 0x007F_FFFF) &- 0x0040_0000
  }

  /// ``nearest(_:)`` kept within a range of levels.
  @inline(__always)
  static func nearest(_ value: Float, in range: ClosedRange<Int32>) -> Int32 {
    max(range.lowerBound, min(range.upperBound, nearest(value)))
  }

  /// The low byte of a value cut to an integer: of the smallest 32-bit integer where the value does
  /// not fit one, as x86 converts.
  @inline(__always)
  static func lowByte(_ value: Float) -> UInt8 {
    let fits = value > -2_147_483_648 && value < 2_147_483_648
    return UInt8(truncatingIfNeeded: fits ? Int32(value) : Int32.min)
  }

  /// The value of largest magnitude, the first of equal ones; 0 where all are 0 or NaN.
  @inline(__always)
  static func outermost(_ x: UnsafePointer<Float>, count: Int) -> Float {
    var (largest, value): (Float, Float) = (0, 0)
    for i in 0..<count where x[i].magnitude > largest { (largest, value) = (x[i].magnitude, x[i]) }
    return value
  }

  /// The smallest value, and the step that makes the largest `steps` steps away.
  @inline(__always)
  static func range(
    _ x: UnsafePointer<Float>, count: Int, steps: Float
  ) -> (scale: Float, minimum: Float) {
    var (low, high) = (Float.greatestFiniteMagnitude, -Float.greatestFiniteMagnitude)
    for i in 0..<count {
      if x[i] < low { low = x[i] }
      if x[i] > high { high = x[i] }
    }
    return ((high - low) / steps, low)
  }

  /// The sum of squares, one after the other.
  @inline(__always)
  static func squares(_ x: UnsafePointer<Float>, count: Int) -> Float {
    var sum: Float = 0
    for i in 0..<count { sum += x[i] * x[i] }
    return sum
  }

  @inline(__always)
  static func loadHalf(_ bytes: UnsafePointer<UInt8>) -> Float {
    BlockFormat.float(UnsafeRawPointer(bytes).loadUnaligned(as: UInt16.self))
  }

  /// Stores a value as binary16 and returns what was stored.
  @inline(__always) @discardableResult
  static func storeHalf(_ value: Float, _ bytes: UnsafeMutablePointer<UInt8>) -> Float {
    let half = BlockFormat.half(value)
    UnsafeMutableRawPointer(bytes).storeBytes(of: half, as: UInt16.self)
    return BlockFormat.float(half)
  }
}
