internal import Diagnostics
internal import Models

/// Why a run does not fit, and what would make it fit.
struct MemoryRefusal {
  /// The run with changes to its pipeline file.
  private struct Variant {
    var repeatedLayers: Int
    var offloads = false
    /// Of the tokens of a micro-batch.
    var share = 1.0
    var hasSmallMoments = false
    var isQuantized = false
  }

  /// A change to the pipeline file.
  private struct Remedy {
    /// As it is typed.
    let text: String
    let change: (inout Variant) -> Void
  }

  private let needs: MemoryNeeds
  private let plan: MemoryPlan
  private let limit: Int
  private let settings: BatchSettings

  init(_ needs: MemoryNeeds, _ plan: MemoryPlan, limit: Int, _ settings: BatchSettings) {
    self.needs = needs
    self.plan = plan
    self.limit = limit
    self.settings = settings
  }

  var diagnostic: Diagnostic {
    let parts = plan.entries.map { "\($0.name) \(MemoryPlan.text($0.bytes))" }
    return Diagnostic(
      "training.memory",
      "training needs \(MemoryPlan.text(plan.total)) of memory and may use "
        + "\(MemoryPlan.text(limit)): \(parts.joined(separator: ", "))", fix: fix)
  }

  /// The first change that is enough by itself, else the first few that are together; then the
  /// others.
  private var fix: String {
    let all = remedies.filter { saved([$0]) > 0 }
    var chosen = all.firstIndex { fits([$0]) }.map { [$0] } ?? []
    if chosen.isEmpty {
      while chosen.count < all.count, !fits(chosen.map { all[$0] }) { chosen.append(chosen.count) }
      if !fits(chosen.map { all[$0] }) {
        return all.isEmpty
          ? "use a smaller model or more memory"
          : "use a smaller model or more memory; not enough are " + list(all)
      }
    }
    let others = all.indices.filter { !chosen.contains($0) }.map { all[$0] }
    return "set " + list(chosen.map { all[$0] }) + (others.isEmpty ? "" : "; or " + list(others))
  }

  private func list(_ remedies: [Remedy]) -> String {
    remedies.map { "\($0.text) (saves \(MemoryPlan.text(saved([$0]))))" }
      .joined(separator: ", ")
  }

  private func saved(_ remedies: [Remedy]) -> Int { plan.total - total(remedies) }
  private func fits(_ remedies: [Remedy]) -> Bool { total(remedies) <= limit }

  /// Bytes of the run with some changes.
  private func total(_ remedies: [Remedy]) -> Int {
    var variant = Variant(repeatedLayers: plan.repeatedLayers, offloads: plan.offloads)
    for remedy in remedies { remedy.change(&variant) }
    let memory = needs.memory
    var changed = variant.share < 1 ? needs.scaled(variant.share) : needs
    // One byte and a 64th of one for each moment instead of four.
    if variant.hasSmallMoments {
      changed.optimizerBytes = min(
        needs.optimizerBytes, 2 * (memory.learningCells + memory.learningCells / 64))
    }
    var total =
      MemoryPlan(
        changed, repeatedLayers: variant.repeatedLayers, offloads: variant.offloads
      ).total
    if variant.isQuantized {
      // Half a byte for each weight of a layer, a scale for 64; nothing of the base learns.
      total -= max(0, memory.linearBytes - memory.linearCells / 2 - memory.linearCells / 16)
      if memory.adapter == 0 { total -= memory.gradients + changed.optimizerBytes }
    }
    return total
  }

  // MARK: - Changes

  /// What costs least first.
  private var remedies: [Remedy] {
    let layers = needs.layers
    let checkpointing = Remedy(text: "gradient_checkpointing: true") { $0.repeatedLayers = layers }
    let offload = Remedy(text: "gradient_checkpointing: offload") {
      $0.repeatedLayers = layers
      $0.offloads = true
    }
    let moments = Remedy(text: "optimizer: adamw_8bit") { $0.hasSmallMoments = true }
    let quantized = Remedy(text: "adapter: qlora") { $0.isQuantized = true }
    return [checkpointing, needs.isOnCard ? offload : nil, microBatch, moments, quantized, length]
      .compactMap(\.self)
  }

  /// The largest micro-batch that fits, else one row; the steps stay as they are.
  private var microBatch: Remedy? {
    let size = settings.microBatchSize
    let options = (1..<max(1, size)).reversed().filter { size % $0 == 0 }.map { rows in
      Remedy(
        text: "micro_batch_size: \(rows) and gradient_accumulation_steps: "
          + "\(settings.gradientAccumulationSteps * (size / rows))"
      ) { $0.share *= Double(rows) / Double(size) }
    }
    return options.first { fits([$0]) } ?? options.last
  }

  private var length: Remedy? {
    var options: [Remedy] = []
    var length = settings.sequenceLength
    while length >= 128 {
      length /= 2
      let share = Double(length) / Double(settings.sequenceLength)
      options.append(Remedy(text: "sequence_len: \(length)") { $0.share *= share })
    }
    return options.first { fits([$0]) } ?? options.last
  }
}
