/// The mean of binary32 values, in the order of additions of `torch.Tensor.mean` on one thread: the
/// offset of double quantisation is stored, so its last bit matters.
///
/// Eight lanes run over the values, four accumulators each; groups of at least 16 additions are
/// added up in levels. Then come the vectors left over, the accumulators in order, the values left
/// over, the lanes. Source: PyTorch, `aten/src/ATen/native/cpu/SumKernel.cpp`, whose vectors are
/// eight floats wide on every x86-64 with AVX2 or more.
package enum CascadeSum {
  private typealias Lanes = SIMD8<Float>
  private static let accumulators = 4
  private static let levels = 4

  /// NaN when there are no values.
  package static func mean(_ values: [Float]) -> Float {
    values.withUnsafeBufferPointer { sum($0) } / Float(values.count)
  }

  private static func sum(_ x: UnsafeBufferPointer<Float>) -> Float {
    let vectors = x.count / 8
    func lanes(_ index: Int) -> Lanes {
      UnsafeRawBufferPointer(x).loadUnaligned(fromByteOffset: index * 32, as: Lanes.self)
    }
    let rows = vectors / accumulators
    var partial = cascade(rows: rows, lanes)
    for index in rows * accumulators..<vectors { partial[0] += lanes(index) }
    for k in 1..<accumulators { partial[0] += partial[k] }
    var result: Float = 0
    for index in vectors * 8..<x.count { result += x[index] }
    for lane in 0..<8 { result += partial[0][lane] }
    return result
  }

  /// Sums of the columns of `rows` rows of four vectors.
  private static func cascade(rows: Int, _ lanes: (Int) -> Lanes) -> [Lanes] {
    let logarithm = rows > 1 ? Int.bitWidth - (rows - 1).leadingZeroBitCount : 0
    let power = max(4, logarithm / levels)
    let (step, mask) = (1 << power, (1 << power) - 1)
    var sums = [[Lanes]](
      repeating: [Lanes](repeating: .zero, count: accumulators), count: levels)
    var row = 0
    func addRow() {
      for k in 0..<accumulators { sums[0][k] += lanes(row * accumulators + k) }
      row += 1
    }
    while row + step <= rows {
      for _ in 0..<step { addRow() }
      for level in 1..<levels {
        for k in 0..<accumulators {
          sums[level][k] += sums[level - 1][k]
          sums[level - 1][k] = .zero
        }
        if row & (mask << (level * power)) != 0 { break }
      }
    }
    while row < rows { addRow() }
    for level in 1..<levels {
      for k in 0..<accumulators { sums[0][k] += sums[level][k] }
    }
    return sums[0]
  }
}
