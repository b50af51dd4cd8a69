import Tensors

/// One tensor of a model: where its values are, and its gradient when it learns.
struct WeightTensor {
  let name: String
  let shape: [Int]
  let values: Matrix
  let gradient: Matrix?

  var parameter: TrainableParameter? {
    gradient.map {
      TrainableParameter(
        name: name, shape: shape, decays: TrainableParameter.decays(name), values: values.buffer,
        gradient: $0.buffer)
    }
  }
}

/// A vector or a table that is a layer by itself: a norm's weight, the embedding.
final class Weight {
  let values: Matrix
  let gradient: Matrix?
  let tensor: WeightTensor
  private let storage: [Storage]

  init(_ name: String, rows: Int, columns: Int, learns: Bool) {
    let valueStorage = Storage(count: rows * columns)
    let gradientStorage = learns ? Storage(count: rows * columns) : nil
    storage = [valueStorage] + (gradientStorage.map { [$0] } ?? [])
    values = valueStorage.matrix(rows: rows, columns: columns)
    gradient = gradientStorage?.matrix(rows: rows, columns: columns)
    tensor = WeightTensor(
      name: name, shape: rows == 1 ? [columns] : [rows, columns], values: values,
      gradient: gradient)
  }
}
