import Foundation
import Models
import Reproducibility
import Training

/// A bigram model, fast enough for tests of the loop: log p(label | id) from one row of logits.
/// With a dropout key some of its entries are off, keyed by (key, row, position).
final class ToyModel: TrainableModel {
  let vocabulary: Int
  private let storage: UnsafeMutableBufferPointer<Float>
  /// When set, the log-probability of this label is NaN.
  var poisonedLabel: Int32?
  let parameters: [TrainableParameter]

  init(vocabulary: Int, seed: UInt64) {
    self.vocabulary = vocabulary
    let count = vocabulary * vocabulary
    let storage = UnsafeMutableBufferPointer<Float>.allocate(capacity: 2 * (count + vocabulary))
    storage.initialize(repeating: 0)
    self.storage = storage
    func slice(_ from: Int, _ size: Int) -> UnsafeMutableBufferPointer<Float> {
      UnsafeMutableBufferPointer(rebasing: storage[from..<(from + size)])
    }
    parameters = [
      TrainableParameter(
        name: "a.bias", shape: [vocabulary], decays: false, values: slice(0, vocabulary),
        gradient: slice(vocabulary, vocabulary)),
      TrainableParameter(
        name: "b.weight", shape: [vocabulary, vocabulary], decays: true,
        values: slice(2 * vocabulary, count), gradient: slice(2 * vocabulary + count, count)),
    ]
    let random = CounterRandom(seed: seed, stream: "toy")
    for i in 0..<count { parameters[1].values[i] = Float(random.normal(UInt64(i))) * 0.5 }
  }

  deinit { storage.deallocate() }

  let arithmeticClass = "toy"

  func zeroGradients() {
    for parameter in parameters { parameter.gradient.update(repeating: 0) }
  }

  func logProbabilities(_ batch: TokenBatch) -> [Float] {
    batch.labelledPositions.map { position in
      if batch.labels[position] == poisonedLabel { return .nan }
      let p = distribution(batch, position, nil)
      return log(p[Int(batch.labels[position])])
    }
  }

  func forwardBackward(
    _ batch: TokenBatch, dropoutKey: UInt64?, _ objective: ([Float]) -> [Float]
  ) -> [Float] {
    let positions = batch.labelledPositions
    let distributions = positions.map { distribution(batch, $0, dropoutKey) }
    let values = zip(positions, distributions).map { position, p in
      batch.labels[position] == poisonedLabel ? Float.nan : log(p[Int(batch.labels[position])])
    }
    let slopes = objective(values)
    for (index, position) in positions.enumerated() {
      for token in 0..<vocabulary {
        let hit: Float = token == Int(batch.labels[position]) ? 1 : 0
        let d = slopes[index] * (hit - distributions[index][token])
        parameters[0].gradient[token] += d
        if isKept(batch, position, token, dropoutKey) {
          parameters[1].gradient[Int(batch.ids[position]) * vocabulary + token] += d
        }
      }
    }
    return values
  }

  private func distribution(_ batch: TokenBatch, _ position: Int, _ key: UInt64?) -> [Float] {
    let row = Int(batch.ids[position]) * vocabulary
    let logits = (0..<vocabulary).map { token in
      parameters[0].values[token]
        + (isKept(batch, position, token, key) ? parameters[1].values[row + token] : 0)
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
