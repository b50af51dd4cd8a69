import Tensors

/// One tensor of a model: where its values are, and its gradient when it learns.
struct WeightTensor {
  let name: String
  let shape: [Int]
  let storage: TensorStorage
  let gradient: Matrix?

  /// Values of the tensor.
  var count: Int { shape.reduce(1, *) }

  /// The cells, for tensors in float32.
  var cells: Matrix? {
    switch storage {
    case .cells(let matrix): matrix
    case .rows(let weight, let rows): weight.format == .float32 ? weight.values.rows(rows) : nil
    }
  }

  var parameter: TrainableParameter? {
    guard let gradient, let cells else { return nil }
    return TrainableParameter(
      name: name, shape: shape, decays: TrainableParameter.decays(name), values: cells,
      gradient: gradient)
  }

  /// The values as float32, in row-major order.
  func values(_ backend: any Backend) -> [Float] {
    switch storage {
    case .cells(let matrix): return matrix.values()
    case .rows(let weight, let rows):
      let cells = backend.allocate(rows.count * weight.columns)
        .matrix(rows: rows.count, columns: weight.columns)
      backend.expand(cells, weight, rows: rows)
      return cells.values()
    }
  }
}

/// Where a tensor's values are.
enum TensorStorage {
  /// A plain matrix: norms, biases, adapters.
  case cells(Matrix)
  /// Rows of a stored matrix, which may stack several tensors.
  case rows(WeightMatrix, Range<Int>)
}

/// A vector that is a layer by itself: a norm's weight.
final class NormWeight {
  let values: Matrix
  let gradient: Matrix?
  let tensor: WeightTensor

  init(_ name: String, size: Int, learns: Bool, backend: any Backend) {
    values = backend.allocate(size).matrix(rows: 1, columns: size)
    gradient = learns ? backend.allocate(size).matrix(rows: 1, columns: size) : nil
    tensor = WeightTensor(name: name, shape: [size], storage: .cells(values), gradient: gradient)
  }
}

/// A table that is a layer by itself: the embedding, the head.
final class TableWeight {
  let weight: WeightMatrix
  let gradient: Matrix?
  let tensor: WeightTensor

  init(
    _ name: String, rows: Int, columns: Int, _ storage: Linear.Storage
  ) {
    let (backend, learns) = (storage.backend, storage.learns)
    weight = storage.weight([(name, rows)], columns: columns)
    gradient = learns ? backend.allocate(rows * columns).matrix(rows: rows, columns: columns) : nil
    tensor = WeightTensor(
      name: name, shape: [rows, columns], storage: .rows(weight, 0..<rows), gradient: gradient)
  }
}
