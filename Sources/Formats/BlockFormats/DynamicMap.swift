/// bitsandbytes' 8-bit dynamic data type: 256 values whose exponent and fraction share the bits, so
/// that small magnitudes keep their relative precision. Blocks of 256 values have one scale each.
///
/// For i in 0 ... 6 the code book holds the means of 2^i (unsigned: 2^(i+1)) neighbouring points of
/// a line from 0.1 to 1, times 10^(i-6), with both signs where it is signed; and 0 and 1. Paper:
/// Dettmers 2016, 8-Bit Approximations; code book as `create_dynamic_map`, bytes as the CPU library
/// of bitsandbytes 0.50 (`cpu_ops.cpp`), which rounds to 65 536 steps before it looks a code up.
package struct DynamicMap: Sendable {
  /// 256 values, ascending.
  package let code: [Float]
  /// The code of each of 65 536 evenly spaced values from -1 to 1: the number of midpoints of
  /// neighbouring codes below it.
  private let grid: [UInt8]
  /// The code of 0, given to what is not a number.
  private let zero: UInt8

  package static let signed = DynamicMap(isSigned: true)
  package static let unsigned = DynamicMap(isSigned: false)

  /// Values of a block.
  package static let blockSize = 256

  package static func blockCount(_ elements: Int) -> Int {
    (elements + blockSize - 1) / blockSize
  }

  private init(isSigned: Bool) {
    let powers: [Float] = [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1]
    var code: [Float] = [0, 1]
    for (i, power) in powers.enumerated() {
      let points = Self.line(count: (isSigned ? 1 << i : 2 << i) + 1)
      for (a, b) in zip(points, points.dropFirst()) {
        let mean = (a + b) / 2
        code.append(power * mean)
        if isSigned { code.append(-power * mean) }
      }
    }
    code.sort()
    self.code = code
    zero = UInt8(code.firstIndex(of: 0) ?? 0)
    grid = Self.grid(code)
  }

  /// `torch.linspace(0.1, 1, count)`: from both ends, each point rounded once.
  private static func line(count: Int) -> [Float] {
    let (first, last): (Float, Float) = (0.1, 1)
    let step = Double((last - first) / Float(count - 1))
    return (0..<count).map { i in
      i < count / 2
        ? Float(Double(first) + step * Double(i))
        : Float(Double(last) - step * Double(count - 1 - i))
    }
  }

  private static func grid(_ code: [Float]) -> [UInt8] {
    let midpoints = zip(code, code.dropFirst()).map { 0.5 * ($0 + $1) }
    var index = 0
    return (0..<65536).map { i in
      let value = -1 + 2 * Float(i) / 65535
      while index < 255 && midpoints[index] < value { index += 1 }
      return UInt8(index)
    }
  }

  /// The code of a value already divided by its block's scale.
  package func index(_ normal: Float) -> UInt8 {
    if normal.isNaN { return zero }
    let half = (min(1, max(-1, normal)) + 1) * 0.5
    // One rounding for the product and the sum: the library is compiled to fused multiply-add.
    return grid[Int(Float(Double(half) * 65535 + 0.5))]
  }

  /// Codes and scales of `count` values that begin at a block; the last block may be short.
  ///
  /// The scale is the largest magnitude; a block of zeros has code 0 everywhere. NaN counts as 0.
  /// x: (count) read; codes: (count), scales: one for each block, overwritten.
  package func encode(
    _ x: UnsafePointer<Float>, count: Int, codes: UnsafeMutablePointer<UInt8>,
    scales: UnsafeMutablePointer<Float>
  ) {
    grid.withUnsafeBufferPointer { grid in
      withUnsafeTemporaryAllocation(of: UInt32.self, capacity: Self.blockSize) { scratch in
        guard let grid = grid.baseAddress, let places = scratch.baseAddress else { return }
        for start in stride(from: 0, to: count, by: Self.blockSize) {
          let size = min(Self.blockSize, count - start)
          let (block, out) = (x + start, codes + start)
          let scale = Self.largest(block, count: size)
          scales[start / Self.blockSize] = scale
          let inverse = 1 / scale
          guard inverse.isFinite && scale.isFinite && Self.areNumbers(block, count: size) else {
            for i in 0..<size { out[i] = scale == 0 ? 0 : index(block[i] * inverse) }
            continue
          }
          for i in 0..<size { places[i] = Self.place(block[i] * inverse) }
          for i in 0..<size { out[i] = grid[Int(places[i])] }
        }
      }
    }
  }

  /// ``encode(_:count:codes:scales:)`` one value after the other: its specification.
  package func encodeReference(_ x: [Float]) -> (codes: [UInt8], scales: [Float]) {
    var (codes, scales): ([UInt8], [Float]) = ([], [])
    for start in stride(from: 0, to: x.count, by: Self.blockSize) {
      let block = x[start..<min(x.count, start + Self.blockSize)]
      let scale = block.reduce(0) { abs($1) > $0 ? abs($1) : $0 }
      scales.append(scale)
      codes += block.map { scale == 0 ? 0 : index($0 * (1 / scale)) }
    }
    return (codes, scales)
  }

  /// code · scale of their block. codes: (count), scales read; out: (count) overwritten.
  package func decode(
    codes: UnsafePointer<UInt8>, scales: UnsafePointer<Float>, count: Int,
    _ out: UnsafeMutablePointer<Float>
  ) {
    code.withUnsafeBufferPointer { table in
      guard let table = table.baseAddress else { return }
      for start in stride(from: 0, to: count, by: Self.blockSize) {
        let scale = scales[start / Self.blockSize]
        let (block, target) = (codes + start, out + start)
        for i in 0..<min(Self.blockSize, count - start) {
          target[i] = table[Int(block[i])] * scale
        }
      }
    }
  }

  // MARK: - Private

  /// The step of a value in [-1, 1] that the grid is asked for, as in ``index(_:)``, without a
  /// conversion that could trap: half a step less is rounded to a whole number by adding 2^52.
  @inline(__always)
  private static func place(_ normal: Float) -> UInt32 {
    var value = normal < -1 ? -1 : normal
    value = value > 1 ? 1 : value
    let step = Float(Double((value + 1) * 0.5) * 65535 + 0.5)
    let whole = (Double(step) - (0.5 - 0x1p-30)) + 0x1p52
    return UInt32(truncatingIfNeeded: whole.bitPattern) & 0xFFFF
  }

  /// The largest magnitude, NaN left out.
  @inline(__always)
  private static func largest(_ x: UnsafePointer<Float>, count: Int) -> Float {
    var bits: UInt32 = 0
    for i in 0..<count {
      let magnitude = x[i].bitPattern & 0x7FFF_FFFF
      bits = max(bits, magnitude > 0x7F80_0000 ? 0 : magnitude)
    }
    return Float(bitPattern: bits)
  }

  @inline(__always)
  private static func areNumbers(_ x: UnsafePointer<Float>, count: Int) -> Bool {
    var bits: UInt32 = 0
    for i in 0..<count { bits = max(bits, x[i].bitPattern & 0x7FFF_FFFF) }
    return bits <= 0x7F80_0000
  }
}
