/// W + s · B A, as PEFT merges on a CPU: the product in binary32, then scaled, then added.
enum AdapterMerge {
  /// - Parameters:
  ///   - weight: out × in, row-major. a: R × in. b: out × R.
  ///
  /// The product of a row is summed over R in order, in binary64, so that the result does not
  /// depend on how the loops are cut; it is rounded once before scaling.
  static func merge(_ weight: [Float], a: [Float], b: [Float], _ module: AdapterFiles.Module)
    -> [Float]
  {
    let (rows, columns, rank) = (module.outputSize, module.inputSize, module.rank)
    precondition(weight.count == rows * columns && a.count == rank * columns)
    precondition(b.count == rows * rank)
    let scaling = Float(module.scaling)
    var merged = weight
    var sums = [Double](repeating: 0, count: columns)
    merged.withUnsafeMutableBufferPointer { merged in
      a.withUnsafeBufferPointer { a in
        sums.withUnsafeMutableBufferPointer { sums in
          for row in 0..<rows {
            sums.update(repeating: 0)
            for r in 0..<rank {
              let factor = Double(b[row &* rank &+ r])
              let source = r &* columns
              for column in 0..<columns {
                sums[column] += factor * Double(a[source &+ column])
              }
            }
            let target = row &* columns
            for column in 0..<columns {
              merged[target &+ column] += scaling * Float(sums[column])
            }
          }
        }
      }
    }
    return merged
  }
}
