package import Tensors

/// Operations over tokens: embedding, loss.
extension CUDABackend {
  package func gather(_ y: Matrix, _ x: Matrix, _ rows: [Int32]) {
    precondition(
      y.columns == x.columns && y.rows == rows.count
        && rows.allSatisfy { $0 >= 0 && Int($0) < x.rows }, "an id has a row")
    queue.perform {
      let ids = try $0.upload(rows)
      try $0.cells(
        "gather", y.rows, y.columns,
        KernelArgument.view(y) + KernelArgument.view(x) + [
          .address(ids), .count(y.rows), .count(y.columns), .float(1),
        ])
    }
  }

  package func scatter(_ table: Matrix, _ y: Matrix, _ ids: [Int32], alpha: Float) {
    precondition(
      y.columns == table.columns && y.rows >= ids.count
        && ids.allSatisfy { $0 >= 0 && Int($0) < table.rows }, "an id has a row")
    scatter("scatter", table, y, ids, columns: table.columns, alpha)
  }

  package func gatherColumns(_ y: Matrix, _ x: Matrix, _ ids: [Int32]) {
    check(y, x, ids)
    queue.perform {
      let list = try $0.upload(ids)
      try $0.cells(
        "gather_columns", y.rows, y.columns,
        KernelArgument.view(y) + KernelArgument.view(x) + [
          .address(list), .count(y.rows), .count(y.columns),
        ])
    }
  }

  package func scatterColumns(_ x: Matrix, _ y: Matrix, _ ids: [Int32], alpha: Float) {
    check(y, x, ids)
    scatter("scatter_columns", x, y, ids, columns: x.rows, alpha)
  }

  private func check(_ y: Matrix, _ x: Matrix, _ ids: [Int32]) {
    precondition(
      y.rows == ids.count && y.columns == x.rows
        && ids.allSatisfy { $0 >= 0 && Int($0) < x.columns }, "an id has a column")
  }

  /// Rows of y by the id they go to: each id is one task, whose rows come in order.
  private func scatter(
    _ kernel: String, _ table: Matrix, _ y: Matrix, _ ids: [Int32], columns: Int, _ alpha: Float
  ) {
    if ids.isEmpty { return }
    let order = ids.indices.sorted { (ids[$0], $0) < (ids[$1], $1) }
    var starts = order.indices.filter { $0 == 0 || ids[order[$0]] != ids[order[$0 - 1]] }
    let count = starts.count
    starts.append(ids.count)
    queue.perform {
      let list = try $0.upload(ids + order.map { Int32($0) } + starts.map { Int32($0) })
      let (orderAt, startsAt) = (list + UInt64(4 * ids.count), list + UInt64(8 * ids.count))
      try $0.cells(
        kernel, count, columns,
        KernelArgument.view(table) + KernelArgument.view(y) + [
          .address(list), .address(orderAt), .address(startsAt), .count(count), .count(columns),
          .float(alpha),
        ])
    }
  }

  package func crossEntropy(
    _ logp: Matrix, _ lse: Matrix, _ logits: Matrix, labels: [Int32]
  ) {
    precondition(
      logp.isContiguous && lse.isContiguous && labels.count <= logits.rows
        && labels.allSatisfy { $0 >= 0 && Int($0) < logits.columns }, "a label is a token")
    queue.perform {
      let labelsAt = try $0.upload(labels)
      try $0.rows(
        "cross_entropy", labels.count, logits.columns,
        [.address(logp.deviceAddress), .address(lse.deviceAddress)] + KernelArgument.view(logits)
          + [.address(labelsAt), .count(logits.columns)])
    }
  }

  package func crossEntropyBackward(
    _ logits: Matrix, _ lse: Matrix, labels: [Int32], dlogp: [Float], softcap: Float
  ) {
    precondition(
      labels.count == dlogp.count && labels.count == logits.rows && lse.isContiguous)
    queue.perform {
      let (labelsAt, dlogpAt) = (try $0.upload(labels), try $0.upload(dlogp))
      try $0.rows(
        "cross_entropy_backward", labels.count, logits.columns,
        KernelArgument.view(logits) + [
          .address(lse.deviceAddress), .address(labelsAt), .address(dlogpAt), .float(softcap),
          .count(logits.columns),
        ])
    }
  }

  package func measureLabels(_ lse: Matrix, _ logits: Matrix, _ targets: [LabelTarget])
    -> [LabelMeasure]
  {
    precondition(
      lse.isContiguous && lse.rows == logits.rows
        && targets.allSatisfy {
          0..<logits.rows ~= $0.row && 0..<logits.columns ~= Int($0.label)
        }, "a target has a row and a label")
    if targets.isEmpty { return [] }
    return queue.reading { queue in
      let best = try queue.take(cells: logits.rows)
      try queue.rows(
        "measure_rows", logits.rows, logits.columns,
        [.address(lse.deviceAddress), .address(best)] + KernelArgument.view(logits) + [
          .count(logits.columns)
        ])
      let rows = try queue.upload(targets.map { Int32($0.row) })
      let labels = try queue.upload(targets.map(\.label))
      let logp = try queue.take(cells: targets.count)
      let likeliest = try queue.take(cells: targets.count)
      try queue.flat(
        "measure_labels", targets.count,
        [
          .address(logp), .address(likeliest), .address(lse.deviceAddress), .address(best),
        ] + KernelArgument.view(logits) + [
          .address(rows), .address(labels), .count(targets.count),
        ], block: 128)
      let values = try queue.download(logp, Float(0), count: targets.count)
      let flags = try queue.download(likeliest, Int32(0), count: targets.count)
      return zip(values, flags).map { LabelMeasure(logProbability: $0, isLikeliest: $1 != 0) }
    } ?? targets.map { _ in LabelMeasure(logProbability: .nan, isLikeliest: false) }
  }
}
