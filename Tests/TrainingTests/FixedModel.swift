import Models
import Parallelism
import Reproducibility
import Tensors
import Training

/// A model that learns nothing: the log-probability of a label depends on the ids up to it and on
/// the seed. Keeps the slopes it was given.
final class FixedModel: TrainableModel {
  private let seed: UInt64
  private(set) var lastSlopes: [Float] = []
  let backend: any Backend = CPUBackend(pool: ThreadPool(threads: 1))
  let parameters: [TrainableParameter] = []
  let arithmeticClass = "fixed"

  init(seed: UInt64) { self.seed = seed }

  func zeroGradients() {}

  func withoutAdapter<Result>(_ body: () throws -> Result) rethrows -> Result { try body() }

  func logProbabilities(_ batch: TokenBatch, temperature: Double) -> [Float] {
    var values: [Float] = []
    for sequence in 0..<batch.sequenceCount {
      var key: UInt64 = 0
      for position in batch.starts[sequence]..<batch.starts[sequence + 1] {
        key = key &* 31 &+ UInt64(batch.ids[position])
        let label = batch.labels[position]
        if label == TokenBatch.ignored { continue }
        let random = CounterRandom(seed: seed, stream: "fixed", key)
        values.append(-Float(1 + random.integer(UInt64(label), below: 4000)) / 1024)
      }
    }
    return values
  }

  func forwardBackward(_ batch: TokenBatch, _ options: PassOptions, _ slopes: LabelSlopes)
    -> [Float]
  {
    let values = logProbabilities(batch)
    switch slopes {
    case .known(let slopes): lastSlopes = slopes
    case .computed(let make): lastSlopes = make(values)
    }
    return values
  }
}
