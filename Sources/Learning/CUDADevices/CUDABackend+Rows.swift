package import Tensors

/// Operations that work row by row: norms, positions, gates, dropout, copies.
extension CUDABackend {
  package func rmsNorm(_ y: Matrix, _ r: Matrix, _ x: Matrix, _ w: Matrix, _ shape: NormShape) {
    check(x, w, r, shape)
    queue.perform {
      try $0.rows(
        "rms_norm", x.rows * shape.groups, w.columns,
        KernelArgument.view(y) + [.address(r.deviceAddress)] + KernelArgument.view(x) + [
          .address(w.deviceAddress), .count(shape.groups), .count(w.columns),
          .float(shape.epsilon), .float(shape.one),
        ])
    }
  }

  package func rmsNormAgain(
    _ y: Matrix, _ r: Matrix, _ x: Matrix, _ w: Matrix, _ shape: NormShape
  ) {
    check(x, w, r, shape)
    queue.perform {
      try $0.rows(
        "rms_norm_again", x.rows * shape.groups, w.columns,
        KernelArgument.view(y) + [.address(r.deviceAddress)] + KernelArgument.view(x) + [
          .address(w.deviceAddress), .count(shape.groups), .count(w.columns), .float(shape.one),
        ])
    }
  }

  package func rmsNormBackward(
    _ dx: Matrix, _ dw: Matrix?, _ dy: Matrix, _ x: Matrix, _ w: Matrix, _ r: Matrix,
    _ shape: NormShape, accumulate: Bool, partial: Matrix
  ) {
    check(x, w, r, shape)
    let blocks = CUDAQueue.blocks(x.rows, Self.partialRows)
    precondition(dw == nil || partial.rows >= blocks && partial.columns >= w.columns)
    queue.perform { queue in
      // First, because dx may be dy.
      if let dw {
        try sum(queue, "rms_norm_weight", dw, partial, x.rows, w.columns) {
          KernelArgument.view(partial) + KernelArgument.view(dy) + KernelArgument.view(x) + [
            .address(r.deviceAddress), .count(shape.groups), .count(w.columns), .count(x.rows),
          ]
        }
      }
      try queue.rows(
        "rms_norm_backward", x.rows * shape.groups, w.columns,
        KernelArgument.view(dx) + KernelArgument.view(dy) + KernelArgument.view(x) + [
          .address(w.deviceAddress), .address(r.deviceAddress), .count(shape.groups),
          .count(w.columns), .float(shape.one), .flag(accumulate),
        ])
    }
  }

  private func check(_ x: Matrix, _ w: Matrix, _ r: Matrix, _ shape: NormShape) {
    precondition(
      w.columns * shape.groups == x.columns && r.isContiguous && r.rows == x.rows
        && r.columns == shape.groups)
  }

  package func sumRows(_ sum: Matrix, _ x: Matrix, partial: Matrix) {
    precondition(
      partial.rows >= CUDAQueue.blocks(x.rows, Self.partialRows) && partial.columns >= x.columns)
    queue.perform { queue in
      try self.sum(queue, "sum_rows", sum, partial, x.rows, x.columns) {
        KernelArgument.view(partial) + KernelArgument.view(x) + [.count(x.rows), .count(x.columns)]
      }
    }
  }

  package func sumProducts(_ sum: Matrix, _ x: Matrix, _ y: Matrix, partial: Matrix) {
    precondition(
      partial.rows >= CUDAQueue.blocks(x.rows, Self.partialRows) && partial.columns >= x.columns)
    queue.perform { queue in
      try self.sum(queue, "sum_products", sum, partial, x.rows, x.columns) {
        KernelArgument.view(partial) + KernelArgument.view(x) + KernelArgument.view(y) + [
          .count(x.rows), .count(x.columns),
        ]
      }
    }
  }

  /// Rows of one partial sum.
  private static let partialRows = 64

  /// Partial sums of 64 rows each, then their sum in order.
  private func sum(
    _ queue: CUDAQueue, _ kernel: String, _ sum: Matrix, _ partial: Matrix, _ rows: Int,
    _ columns: Int, _ arguments: () -> [KernelArgument]
  ) throws {
    if rows == 0 || columns == 0 { return }
    let blocks = CUDAQueue.blocks(rows, Self.partialRows)
    try queue.device.launch(
      kernel,
      LaunchSize(grid: (CUDAQueue.blocks(columns, 128), blocks, 1), block: (128, 1, 1)),
      arguments())
    try queue.flat(
      "add_partials", columns,
      [.address(sum.deviceAddress)] + KernelArgument.view(partial) + [
        .count(blocks), .count(columns),
      ], block: 128)
  }

  package func rotate(
    _ x: Matrix, heads: Int, headSize: Int, dimensions: Int, cosine: Matrix, sine: Matrix,
    positions: [Int32], backward: Bool
  ) {
    precondition(
      cosine.isContiguous && sine.isContiguous && cosine.columns * 2 == dimensions
        && positions.count >= x.rows
        && positions.allSatisfy { $0 >= 0 && Int($0) < cosine.rows })
    queue.perform {
      let positions = try $0.keep(positions)
      try $0.cells(
        "rotate", x.rows, heads * dimensions / 2,
        KernelArgument.view(x) + [
          .address(cosine.deviceAddress), .address(sine.deviceAddress), .address(positions),
          .count(x.rows), .count(heads), .count(headSize), .count(dimensions),
          .float(backward ? -1 : 1),
        ])
    }
  }

  package func gate(_ h: Matrix, _ gateUp: Matrix, _ activation: GateActivation) {
    precondition(h.isContiguous && gateUp.isContiguous && gateUp.columns == 2 * h.columns)
    queue.perform {
      try $0.cells(
        "gate", h.rows, h.columns,
        [
          .address(h.deviceAddress), .address(gateUp.deviceAddress), .count(h.rows),
          .count(h.columns), .int(activation.number),
        ])
    }
  }

  package func gateBackward(
    _ gradient: Matrix, _ dh: Matrix, _ gateUp: Matrix, _ activation: GateActivation
  ) {
    precondition(
      gradient.isContiguous && dh.isContiguous && gateUp.isContiguous
        && gateUp.columns == 2 * dh.columns)
    queue.perform {
      try $0.cells(
        "gate_backward", dh.rows, dh.columns,
        [
          .address(gradient.deviceAddress), .address(dh.deviceAddress),
          .address(gateUp.deviceAddress), .count(dh.rows), .count(dh.columns),
          .int(activation.number),
        ])
    }
  }

  package func dropout(_ y: Matrix, _ x: Matrix, keys: [UInt64], probability: Double) {
    let (threshold, scale) = Self.mask(probability)
    precondition(y.isContiguous && keys.count >= x.rows)
    queue.perform {
      let keys = try $0.upload(keys)
      try $0.cells(
        "dropout", x.rows, x.columns,
        [.address(y.deviceAddress)] + KernelArgument.view(x) + [
          .address(keys), .unsigned(threshold), .float(scale), .count(x.rows), .count(x.columns),
        ])
    }
  }

  package func dropoutBackward(
    _ dx: Matrix, _ dy: Matrix, keys: [UInt64], probability: Double
  ) {
    let (threshold, scale) = Self.mask(probability)
    precondition(dx.isContiguous && dy.isContiguous && keys.count >= dx.rows)
    queue.perform {
      let keys = try $0.upload(keys)
      try $0.cells(
        "dropout_backward", dx.rows, dx.columns,
        [
          .address(dx.deviceAddress), .address(dy.deviceAddress), .address(keys),
          .unsigned(threshold), .float(scale), .count(dx.rows), .count(dx.columns),
        ])
    }
  }

  private static func mask(_ probability: Double) -> (threshold: UInt32, scale: Float) {
    precondition(probability >= 0 && probability < 1, "a dropout probability is below 1")
    return (UInt32(probability * 0x1p32), Float(1 / (1 - probability)))
  }

  package func rowDots(_ x: Matrix, _ y: Matrix) -> [Float] {
    precondition(y.rows == x.rows && y.columns == x.columns)
    return queue.reading {
      let dots = try $0.take(cells: x.rows)
      try $0.rows(
        "row_dots", x.rows, x.columns,
        [.address(dots)] + KernelArgument.view(x) + KernelArgument.view(y) + [.count(x.columns)])
      return try $0.download(dots, Float(0), count: x.rows)
    } ?? Array(repeating: .nan, count: x.rows)
  }
}

extension NormShape {
  fileprivate var one: Float { addsOne ? 1 : 0 }
}

extension GateActivation {
  fileprivate var number: Int32 {
    switch self {
    case .silu: 0
    case .geluTanh: 1
    }
  }
}
