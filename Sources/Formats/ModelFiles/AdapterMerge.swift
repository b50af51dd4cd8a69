/// W + s · B A, as PEFT merges on a CPU: the product in binary32, then scaled, then added; with
/// DoRA's magnitudes (m / ‖V‖) · V of V = W + s · B A (Liu et al. 2024), ‖V‖ along the input.
enum AdapterMerge {
  /// - Parameters:
  ///   - weight: out × in, row-major; of an embedding in × out, and B A is added transposed.
  ///   - a: R × in. b: out × R. magnitude: m, one for each output, or nil.
  ///
  /// A product is summed over R in order, in binary64, so that the result does not depend on how
  /// the loops are cut. Without magnitudes it is rounded once before scaling; with them everything
  /// stays in binary64 until the end.
  static func merge(
    _ weight: [Float], a: [Float], b: [Float], magnitude: [Float]? = nil,
    _ module: AdapterFiles.Module
  ) -> [Float] {
    let (out, input, rank) = (module.outputSize, module.inputSize, module.rank)
    precondition(weight.count == out * input && a.count == rank * input)
    precondition(b.count == out * rank && magnitude.map { $0.count == out } != false)
    switch module.kind {
    case .linear:
      return rows(
        weight, left: b, right: a, rank, columns: input, module.scaling, magnitude: magnitude)
    case .embedding:
      // Row v of the weight gets A's column v times B's transpose: the same product, turned.
      let left = transposed(a, rows: rank)
      let right = transposed(b, rows: out)
      guard let magnitude else {
        return rows(weight, left: left, right: right, rank, columns: out, module.scaling)
      }
      let turned = rows(
        transposed(weight, rows: input), left: b, right: a, rank, columns: input, module.scaling,
        magnitude: magnitude)
      return transposed(turned, rows: out)
    }
  }

  /// weight + s · left right, row by row; left is rows × R, right R × columns.
  private static func rows(
    _ weight: [Float], left: [Float], right: [Float], _ rank: Int, columns: Int,
    _ scaling: Double, magnitude: [Float]? = nil
  ) -> [Float] {
    var merged = weight
    var sums = [Double](repeating: 0, count: columns)
    merged.withUnsafeMutableBufferPointer { merged in
      right.withUnsafeBufferPointer { right in
        sums.withUnsafeMutableBufferPointer { sums in
          for row in 0..<merged.count / columns {
            sums.update(repeating: 0)
            for r in 0..<rank {
              let factor = Double(left[row &* rank &+ r])
              let source = r &* columns
              for column in 0..<columns {
                sums[column] += factor * Double(right[source &+ column])
              }
            }
            let target = UnsafeMutableBufferPointer(
              rebasing: merged[row * columns..<(row + 1) * columns])
            if let magnitude {
              scale(target, UnsafeBufferPointer(sums), scaling, to: Double(magnitude[row]))
            } else {
              let factor = Float(scaling)
              for column in 0..<columns { target[column] += factor * Float(sums[column]) }
            }
          }
        }
      }
    }
    return merged
  }

  /// One row of DoRA: V = W + s · B A, then (m / ‖V‖) · V.
  private static func scale(
    _ row: UnsafeMutableBufferPointer<Float>, _ product: UnsafeBufferPointer<Double>,
    _ scaling: Double, to magnitude: Double
  ) {
    var squares = 0.0
    for column in row.indices {
      let value = Double(row[column]) + scaling * product[column]
      squares += value * value
    }
    let factor = magnitude / squares.squareRoot()
    for column in row.indices {
      row[column] = Float(factor * (Double(row[column]) + scaling * product[column]))
    }
  }

  private static func transposed(_ values: [Float], rows: Int) -> [Float] {
    let columns = values.count / rows
    var turned = [Float](repeating: 0, count: values.count)
    for row in 0..<rows {
      for column in 0..<columns { turned[column &* rows &+ row] = values[row &* columns &+ column] }
    }
    return turned
  }
}
