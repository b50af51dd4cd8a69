private import ModelFiles
package import Models
private import Parallelism
private import Tensors

/// What a memory plan is computed from.
package struct MemoryNeeds {
  package var memory: ModelMemory
  /// Moments of the optimizer.
  package var optimizerBytes: Int
  /// Whether the weights at the best evaluation are kept beside those in training.
  package var keepsBest: Bool
  /// The largest micro-batches of the run.
  package var batches: [BatchExtent]
  /// What products lay out for themselves, on all threads.
  package var scratchBytes: Int
  /// The program with what it has read: rows, tokenizer.
  package var programBytes: Int
  package var layers: Int

  private let activations: (BatchExtent, _ repeatedLayers: Int) -> Int
  private let logits: (_ labels: Int) -> Int

  /// The program as it is without rows: code, Foundation, OpenBLAS.
  package static let programAlone = 40 << 20
  /// Of one thread: a block of each operand.
  private static let scratchOfThread = 3 << 20
  /// On a card: ids, positions, tables of attention, partial sums, and the workspace of cuBLAS.
  private static let listsOfCard = 96 << 20

  /// - Parameters:
  ///   - programBytes: nil: what the process holds now, less the weights; right once they are
  ///     loaded, and the rows too.
  ///   - isOnCard: the plan is of a card's memory, where the program, its rows and the best weights
  ///     are not.
  package init(
    _ model: LanguageModel, batches: [BatchExtent], optimizerBytes: Int, keepsBest: Bool,
    programBytes: Int? = nil, isOnCard: Bool = false
  ) {
    memory = model.memory
    self.batches = batches
    self.optimizerBytes = optimizerBytes
    self.keepsBest = keepsBest && !isOnCard
    if isOnCard {
      // What is multiplied, rounded to 16 bits, the widest of a layer or the logits; and lists.
      let widest = max(2 * model.configuration.intermediateSize, model.configuration.hiddenSize)
      scratchBytes =
        Self.listsOfCard
        + (batches.map { max(2 * $0.tokens * widest, model.logitBytes(labels: $0.labels) / 2) }
          .max() ?? 0)
    } else {
      scratchBytes = model.backend.pool.threads * Self.scratchOfThread
    }
    let held = memory.weights.reduce(memory.adapter) { $0 + $1.bytes }
    self.programBytes =
      isOnCard ? 0 : programBytes ?? max(Self.programAlone, MachineMemory.resident - held)
    layers = model.configuration.layers.count
    activations = {
      model.activationBytes(
        tokens: $0.tokens, labels: $0.labels, gradients: true, repeatedLayers: $1)
    }
    logits = { model.logitBytes(labels: $0) }
  }

  /// The largest step: its bytes, those of its logits among them, and the micro-batch.
  func step(repeatedLayers: Int) -> (bytes: Int, logits: Int, extent: BatchExtent?) {
    batches.map { ($0, activations($0, repeatedLayers)) }
      .max { $0.1 < $1.1 }
      .map { ($0.1, logits($0.0.labels), $0.0) } ?? (0, 0, nil)
  }

  /// The same run with micro-batches of another size.
  func scaled(_ factor: Double) -> MemoryNeeds {
    var scaled = self
    scaled.batches = batches.map {
      BatchExtent(
        tokens: Int((Double($0.tokens) * factor).rounded(.up)),
        labels: Int((Double($0.labels) * factor).rounded(.up)))
    }
    return scaled
  }
}
