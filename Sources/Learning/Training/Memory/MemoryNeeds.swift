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
  /// The plan is of a card's memory.
  package let isOnCard: Bool
  /// On a card: cuBLAS's workspace and the code of kernels.
  package let codeBytes: Int

  private let hiddenSize: Int
  private let activations: (BatchExtent, _ repeatedLayers: Int, _ offloads: Bool) -> Int
  private let logits: (_ labels: Int) -> Int

  /// The program as it is without rows: code, Foundation, OpenBLAS.
  package static let programAlone = 40 << 20
  /// Of one thread: a block of each operand.
  private static let scratchOfThread = 3 << 20
  /// On a card with cuBLAS: its workspace of 32 MiB, and the code of all kernels.
  private static let codeOfCard = 48 << 20
  /// Where paged moments of so many parameters are on the card at once, in float32.
  private static let pagedPiece = 1 << 24

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
    self.isOnCard = isOnCard
    hiddenSize = model.configuration.hiddenSize
    let hasLibrary = isOnCard && model.backend.needsExpansion(.nf4)
    codeBytes = hasLibrary ? Self.codeOfCard : 0
    if isOnCard {
      scratchBytes = Self.cardScratch(model, batches, hasLibrary: hasLibrary)
    } else {
      scratchBytes = model.backend.pool.threads * Self.scratchOfThread
    }
    let held = memory.weights.reduce(memory.adapter) { $0 + $1.bytes }
    self.programBytes =
      isOnCard ? 0 : programBytes ?? max(Self.programAlone, MachineMemory.resident - held)
    layers = model.configuration.layers.count
    activations = {
      model.activationBytes(
        tokens: $0.tokens, labels: $0.labels, gradients: true, repeatedLayers: $1,
        offloads: $2)
    }
    logits = { model.logitBytes(labels: $0) }
  }

  /// The largest step: its bytes, those of its logits among them, and the micro-batch.
  func step(repeatedLayers: Int, offloads: Bool) -> (
    bytes: Int, logits: Int, extent: BatchExtent?
  ) {
    batches.map { ($0, activations($0, repeatedLayers, offloads)) }
      .max { $0.1 < $1.1 }
      .map { ($0.1, logits($0.0.labels), $0.0) } ?? (0, 0, nil)
  }

  /// The inputs of all layers but the last.
  func streamBytes(_ extent: BatchExtent?) -> Int {
    4 * max(0, layers - 1) * hiddenSize * (extent?.tokens ?? 0)
  }

  /// What operations on a card take for themselves, one at a time: what cuBLAS multiplies, rounded to 16
  /// bits, the widest of a layer or the logits; attention's dots and tables and what it reads in bfloat16;
  /// pieces of low products; paged moments.
  private static func cardScratch(
    _ model: LanguageModel, _ batches: [BatchExtent], hasLibrary: Bool
  ) -> Int {
    let configuration = model.configuration
    let widest = max(2 * configuration.intermediateSize, configuration.hiddenSize)
    let largest = model.parameters.map(\.gradient.count).max() ?? 0
    var bytes = 8 * min(pagedPiece, largest)
    for batch in batches {
      bytes = max(bytes, attentionScratch(configuration, batch.tokens))
      bytes = max(bytes, lowRankScratch(model, batch.tokens))
      if !hasLibrary { continue }
      bytes = max(bytes, 2 * batch.tokens * (widest + 8))
      bytes = max(bytes, model.logitBytes(labels: batch.labels) / 2)
    }
    // Lists of a few KiB beside it; in whole MiB.
    return (bytes + 0x10_FFFF) & ~0xF_FFFF
  }

  private static func attentionScratch(_ configuration: ModelConfiguration, _ tokens: Int) -> Int {
    let heads = 2 * configuration.headCount + 2 * configuration.keyValueHeadCount
    return 4 * tokens * (configuration.headCount + 16)
      + 2 * tokens * (heads * configuration.headSize + 16)
  }

  /// Pieces of 512 steps of three members, as wide as the widest.
  private static func lowRankScratch(_ model: LanguageModel, _ tokens: Int) -> Int {
    let configuration = model.configuration
    let widest = max(
      configuration.intermediateSize, configuration.hiddenSize,
      configuration.headCount * configuration.headSize)
    let ranks =
      model.parameters.filter { $0.name.contains("lora_A") }.map(\.gradient.rows).max() ?? 0
    return 4 * tokens * ranks * 3 * ((widest + 511) / 512)
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
