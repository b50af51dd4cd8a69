import CKernels
import Parallelism

/// What logits say of labels, row by row.
extension CPUBackend {
  package func measureLabels(_ lse: Matrix, _ logits: Matrix, _ targets: [LabelTarget])
    -> [LabelMeasure]
  {
    precondition(
      logits.isContiguous && lse.isContiguous && lse.rows == logits.rows
        && targets.allSatisfy {
          0..<logits.rows ~= $0.row && 0..<logits.columns ~= Int($0.label)
        }, "a target has a row and a label")
    var best = [Int](repeating: 0, count: logits.rows)
    best.withUnsafeMutableBufferPointer { best in
      // Every task writes its own rows.
      nonisolated(unsafe) let best = best
      pool.forEachBlock(of: logits.rows, by: 4) { [kernels] block in
        var label: Int32 = 0, ignored: Float = 0
        for row in block {
          let address = logits.rows(row..<row + 1).address
          kernels.pointee.cross_entropy_forward(
            &ignored, lse.rows(row..<row + 1).address, address, &label, 1, logits.columns)
          best[row] = kernels.pointee.greatest(address, logits.columns)
        }
      }
    }
    return targets.map { target in
      let value = logits.address[target.row * logits.columns + Int(target.label)]
      return LabelMeasure(
        logProbability: value - lse.address[target.row],
        isLikeliest: best[target.row] == Int(target.label))
    }
  }
}
