import CKernels
import Parallelism

/// Operations over tokens: embedding, attention, loss.
extension CPUBackend {
  package func gather(_ y: Matrix, _ x: Matrix, _ rows: [Int32]) {
    gather(y, x, rows, alpha: 1)
  }

  func gather(_ y: Matrix, _ table: Matrix, _ ids: [Int32], alpha: Float) {
    precondition(
      y.columns == table.columns && y.rows == ids.count
        && ids.allSatisfy { $0 >= 0 && Int($0) < table.rows }, "an id has a row")
    eachRowBlock(of: ids.count) { [kernels] block in
      let y = y.rows(block)
      ids.withUnsafeBufferPointer { ids in
        guard let ids = ids.baseAddress else { return }
        kernels.pointee.gather_rows(
          y.address, y.stride, table.address, table.stride, ids + block.lowerBound, block.count,
          table.columns, alpha)
      }
    }
  }

  package func scatter(_ table: Matrix, _ y: Matrix, _ ids: [Int32], alpha: Float) {
    precondition(
      table.isContiguous && y.isContiguous
        && ids.allSatisfy { $0 >= 0 && Int($0) < table.rows }, "an id has a row")
    let parts = 16
    pool.forEach(parts) { [kernels] part in
      kernels.pointee.scatter_rows(
        table.address, ids, y.address, ids.count, table.columns, alpha, part, parts)
    }
  }

  package func gatherColumns(_ y: Matrix, _ x: Matrix, _ ids: [Int32]) {
    check(y, x, ids)
    pool.forEach(x.rows) { row in
      let (source, target) = (x.rows(row..<row + 1).address, y.address + row)
      for (t, id) in ids.enumerated() { target[t &* y.stride] = source[Int(id)] }
    }
  }

  package func scatterColumns(_ x: Matrix, _ y: Matrix, _ ids: [Int32], alpha: Float) {
    check(y, x, ids)
    pool.forEach(x.rows) { row in
      let (target, source) = (x.rows(row..<row + 1).address, y.address + row)
      for (t, id) in ids.enumerated() { target[Int(id)] += alpha * source[t &* y.stride] }
    }
  }

  private func check(_ y: Matrix, _ x: Matrix, _ ids: [Int32]) {
    precondition(
      y.rows == ids.count && y.columns == x.rows
        && ids.allSatisfy { $0 >= 0 && Int($0) < x.columns }, "an id has a column")
  }

  package func attentionOverCache(
    _ o: Matrix, _ q: Matrix, caches: [[KeyValueRun]], _ shape: AttentionShape
  ) {
    let size = shape.headSize
    pool.forEach(caches.count) { [kernels] row in
      for head in 0..<shape.headCount {
        let runs = Self.visible(caches[row], shape, head: head / shape.group)
        kernels.pointee.attention_one_runs(
          o.address + row * o.stride + head * size, q.address + row * q.stride + head * size,
          runs, runs.count, size, shape.scale, shape.softcap)
      }
    }
  }

  /// The runs of a key-value head without the rows before the window.
  private static func visible(_ runs: [KeyValueRun], _ shape: AttentionShape, head: Int)
    -> [orc_run]
  {
    let length = runs.reduce(0) { $0 + $1.keys.rows }
    var skipped = max(0, length - shape.window)
    var visible: [orc_run] = []
    for run in runs {
      let out = min(skipped, run.keys.rows)
      skipped -= out
      if out == run.keys.rows { continue }
      let offset = out * run.keys.stride + head * shape.headSize
      visible.append(
        orc_run(
          k: run.keys.address + offset, v: run.values.address + offset,
          stride: run.keys.stride, count: run.keys.rows - out))
    }
    return visible
  }

  package func softcap(_ logits: Matrix, _ cap: Float) {
    eachRowBlock(of: logits.rows) { [kernels] block in
      let rows = logits.rows(block)
      kernels.pointee.softcap(rows.address, rows.count, cap)
    }
  }

  package func crossEntropy(
    _ logp: Matrix, _ lse: Matrix, _ logits: Matrix, labels: [Int32]
  ) {
    precondition(
      logits.isContiguous && labels.allSatisfy { $0 >= 0 && Int($0) < logits.columns },
      "a label is a token")
    pool.forEachBlock(of: labels.count, by: 16) { [kernels] block in
      labels.withUnsafeBufferPointer { labels in
        guard let labels = labels.baseAddress else { return }
        kernels.pointee.cross_entropy_forward(
          logp.rows(block).address, lse.rows(block).address, logits.rows(block).address,
          labels + block.lowerBound, block.count, logits.columns)
      }
    }
  }

  package func crossEntropyBackward(
    _ logits: Matrix, _ lse: Matrix, labels: [Int32], dlogp: [Float], softcap: Float
  ) {
    precondition(labels.count == dlogp.count && labels.count == logits.rows)
    pool.forEachBlock(of: labels.count, by: 16) { [kernels] block in
      labels.withUnsafeBufferPointer { labels in
        dlogp.withUnsafeBufferPointer { dlogp in
          guard let labels = labels.baseAddress, let dlogp = dlogp.baseAddress else { return }
          kernels.pointee.cross_entropy_backward(
            logits.rows(block).address, lse.rows(block).address, labels + block.lowerBound,
            dlogp + block.lowerBound, block.count, logits.columns, softcap)
        }
      }
    }
  }
}
