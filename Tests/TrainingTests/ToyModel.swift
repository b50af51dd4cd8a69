import Foundation
import Models
import Parallelism
import Reproducibility
import Tensors
import Training

/// A bigram model, fast enough for tests of the loop: log p(label | id) from one row of logits.
/// With a dropout key some of its entries are off, keyed by (key, row, position).
final class ToyModel: TrainableModel {
  let vocabulary: Int
  /// When set, the log-probability of this label is NaN.
  var poisonedLabel: Int32?
  let parameters: [TrainableParameter]

  let backend: any Backend

  init(vocabulary: Int, seed: UInt64, threads: Int = 1) {
    self.vocabulary = vocabulary
    let backend = CPUBackend(pool: ThreadPool(threads: threads))
    self.backend = backend
    func matrix(_ rows: Int) -> Matrix {
      backend.allocate(rows * vocabulary).matrix(rows: rows, columns: vocabulary)
    }
    parameters = [
      TrainableParameter(
        name: "a.bias", shape: [vocabulary], decays: false, values: matrix(1),
        gradient: matrix(1)),
      TrainableParameter(
        name: "b.weight", shape: [vocabulary, vocabulary], decays: true,
        values: matrix(vocabulary), gradient: matrix(vocabulary)),
    ]
    let random = CounterRandom(seed: seed, stream: "toy")
    parameters[1].values.write(
      (0..<vocabulary * vocabulary).map { Float(random.normal(UInt64($0))) * 0.5 })
  }

  let arithmeticClass = "toy"

  func zeroGradients() {
    for parameter in parameters { backend.zero(parameter.gradient) }
  }

  func withoutAdapter<Result>(_ body: () throws -> Result) rethrows -> Result { try body() }

  func logProbabilities(_ batch: TokenBatch, temperature: Double) -> [Float] {
    precondition(temperature == 1, "the toy has one temperature")
    let tables = parameters.map { $0.values.values() }
    return batch.labelledPositions.map { position in
      if batch.labels[position] == poisonedLabel { return .nan }
      let p = distribution(batch, position, nil, tables)
      return log(p[Int(batch.labels[position])])
    }
  }

  func forwardBackward(
    _ batch: TokenBatch, _ options: PassOptions, _ objective: LabelSlopes
  ) -> [Float] {
    let key = options.dropoutKey
    let tables = parameters.map { $0.values.values() }
    let positions = batch.labelledPositions
    let distributions = positions.map { distribution(batch, $0, key, tables) }
    let values = zip(positions, distributions).map { position, p in
      batch.labels[position] == poisonedLabel ? Float.nan : log(p[Int(batch.labels[position])])
    }
    let slopes =
      switch objective {
      case .known(let slopes): slopes
      case .computed(let function): function(values)
      }
    var gradients = parameters.map { $0.gradient.values() }
    for (index, position) in positions.enumerated() {
      for token in 0..<vocabulary {
        let hit: Float = token == Int(batch.labels[position]) ? 1 : 0
        let d = slopes[index] * (hit - distributions[index][token])
        gradients[0][token] += d
        if isKept(batch, position, token, key) {
          gradients[1][Int(batch.ids[position]) * vocabulary + token] += d
        }
      }
    }
    for (parameter, gradient) in zip(parameters, gradients) { parameter.gradient.write(gradient) }
    return values
  }

  private func distribution(
    _ batch: TokenBatch, _ position: Int, _ key: UInt64?, _ tables: [[Float]]
  ) -> [Float] {
    let row = Int(batch.ids[position]) * vocabulary
    let logits = (0..<vocabulary).map { token in
      tables[0][token] + (isKept(batch, position, token, key) ? tables[1][row + token] : 0)
    }
    let top = logits.max() ?? 0
    let e = logits.map { exp($0 - top) }
    let sum = e.reduce(0, +)
    return e.map { $0 / sum }
  }

  private func isKept(_ batch: TokenBatch, _ position: Int, _ token: Int, _ key: UInt64?) -> Bool {
    guard let key else { return true }
    let sequence = batch.starts.lastIndex { $0 <= position } ?? 0
    let random = CounterRandom(seed: key, stream: "toy-dropout", batch.rowKeys[sequence])
    let place = (position - batch.starts[sequence]) * vocabulary + token
    return random.uniform(UInt64(place)) >= 0.1
  }
}
