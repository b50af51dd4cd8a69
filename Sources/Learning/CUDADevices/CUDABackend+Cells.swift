package import Tensors

/// Operations cell by cell.
extension CUDABackend {
  package func addRow(_ x: Matrix, _ row: Matrix) {
    queue.perform {
      try $0.cells(
        "add_row", x.rows, x.columns,
        KernelArgument.view(x) + [.address(row.deviceAddress), .count(x.rows), .count(x.columns)])
    }
  }

  package func multiplyRow(_ y: Matrix, _ x: Matrix, _ row: Matrix, accumulate: Bool) {
    precondition(y.rows == x.rows && y.columns == x.columns && row.columns == x.columns)
    queue.perform {
      try $0.cells(
        "multiply_row", x.rows, x.columns,
        KernelArgument.view(y) + KernelArgument.view(x) + [
          .address(row.deviceAddress), .count(x.rows), .count(x.columns), .flag(accumulate),
        ])
    }
  }

  package func scaleRows(_ y: Matrix, _ x: Matrix, _ factors: [Float]) {
    precondition(y.rows == x.rows && y.columns == x.columns && factors.count == x.rows)
    queue.perform {
      let factors = try $0.upload(factors)
      try $0.cells(
        "scale_rows", x.rows, x.columns,
        KernelArgument.view(y) + KernelArgument.view(x) + [
          .address(factors), .count(x.rows), .count(x.columns),
        ])
    }
  }

  package func add(_ y: Matrix, _ x: Matrix, alpha: Float) {
    precondition(y.rows == x.rows && y.columns == x.columns)
    queue.perform {
      try $0.cells(
        "add", x.rows, x.columns,
        KernelArgument.view(y) + KernelArgument.view(x) + [
          .float(alpha), .count(x.rows), .count(x.columns),
        ])
    }
  }

  package func copy(_ target: Matrix, _ source: Matrix) {
    precondition(target.rows == source.rows && target.columns == source.columns)
    if target.isSame(as: source) || source.count == 0 { return }
    queue.perform {
      if target.isContiguous && source.isContiguous {
        try $0.device.copy(
          target.deviceAddress, source.deviceAddress, byteCount: 4 * source.count)
        return
      }
      try $0.cells(
        "copy", source.rows, source.columns,
        KernelArgument.view(target) + KernelArgument.view(source) + [
          .count(source.rows), .count(source.columns),
        ])
    }
  }

  package func zero(_ target: Matrix) {
    if target.count == 0 { return }
    queue.perform {
      if target.isContiguous {
        try $0.device.zero(target.deviceAddress, cellCount: target.count)
        return
      }
      try $0.cells(
        "zero", target.rows, target.columns,
        KernelArgument.view(target) + [.count(target.rows), .count(target.columns)])
    }
  }

  package func softcap(_ logits: Matrix, _ cap: Float) {
    queue.perform {
      try $0.cells(
        "softcap", logits.rows, logits.columns,
        KernelArgument.view(logits) + [
          .float(cap), .count(logits.rows), .count(logits.columns),
        ])
    }
  }
}
