private import ModelFiles
package import Tensors

/// Bytes that a model holds, whatever it works on.
package struct ModelMemory: Sendable, Hashable {
  /// Weights of the base by format, in the order of ``WeightMatrix/Format``.
  package var weights: [Stored]
  package var adapter: Int
  package var gradients: Int
  /// Cells of the linears of the layers, which an adapter's base could hold in 4 bits, and what
  /// they take now.
  package var linearCells: Int
  package var linearBytes: Int
  /// Cells of what learns.
  package var learningCells: Int

  package struct Stored: Sendable, Hashable {
    package var format: WeightMatrix.Format
    package var bytes: Int
  }

  package var total: Int { weights.reduce(0) { $0 + $1.bytes } + adapter + gradients }
}

extension LanguageModel {
  package var memory: ModelMemory {
    var bytes: [WeightMatrix.Format: Int] = [:]
    var seen: Set<ObjectIdentifier> = []
    for tensor in decoder.tensors {
      switch tensor.storage {
      case .cells(let matrix): bytes[.float32, default: 0] += 4 * matrix.count
      case .rows(let weight, _):
        guard seen.insert(weight.identity).inserted else { continue }
        bytes[weight.format, default: 0] += weight.byteCount
      }
    }
    let linears = decoder.linears.map(\.weight)
    let learning = parameters.reduce(0) { $0 + $1.gradient.count }
    return ModelMemory(
      weights: WeightMatrix.Format.allCases.compactMap { format in
        bytes[format].map { ModelMemory.Stored(format: format, bytes: $0) }
      },
      adapter: 4 * decoder.adapterTensors.reduce(0) { $0 + $1.shape.reduce(1, *) },
      gradients: 4 * learning, linearCells: linears.reduce(0) { $0 + $1.rows * $1.columns },
      linearBytes: linears.reduce(0) { $0 + $1.byteCount }, learningCells: learning)
  }

  /// Bytes of the logits that exist at once for `labels` positions, a part of
  /// ``activationBytes(tokens:labels:gradients:repeatedLayers:)``.
  package func logitBytes(labels: Int) -> Int {
    var plan = ArenaPlan()
    let slot = decoder.head.slots(
      &plan, wanted: labels, gradients: true, adapterIsOn: usesAdapter
    ).logits
    return 4 * slot.rows * slot.columns
  }

  /// Takes the memory of the largest step before the first one, so that it is not moved, cleared
  /// anew or found missing in the middle of a run.
  package func reserve(tokens: Int, labels: Int) {
    arena.reserve(
      cells: activationBytes(tokens: tokens, labels: labels, gradients: true) / 4)
  }

  /// Gives the memory of activations back; the next step takes it again.
  package func releaseActivations() { arena.release() }
}
