internal import Diagnostics
internal import Models

/// Why a run does not fit, and what would make it fit.
struct MemoryRefusal {
  /// A change to the pipeline file.
  struct Remedy: Sendable, Hashable {
    /// As it is typed.
    let text: String
    let saves: Int
  }

  private let plan: MemoryPlan
  private let limit: Int
  /// What can be changed, what costs least first.
  let remedies: [Remedy]

  init(_ needs: MemoryNeeds, _ plan: MemoryPlan, limit: Int, _ settings: BatchSettings) {
    self.plan = plan
    self.limit = limit
    let missing = plan.total - limit
    remedies = [
      Self.checkpointing(needs, plan), Self.microBatch(needs, plan, missing, settings),
      Self.optimizer(needs), Self.quantized(needs), Self.length(needs, plan, missing, settings),
    ].compactMap(\.self).filter { $0.saves > 0 }
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
    let missing = plan.total - limit
    var chosen: [Remedy] = remedies.first { $0.saves >= missing }.map { [$0] } ?? []
    if chosen.isEmpty {
      for remedy in remedies where chosen.reduce(0, { $0 + $1.saves }) < missing {
        chosen.append(remedy)
      }
    }
    guard chosen.reduce(0, { $0 + $1.saves }) >= missing else {
      return "use a smaller model or more memory" + tail(remedies, "these save too little: ")
    }
    let others = remedies.filter { !chosen.contains($0) }
    return "set " + Self.list(chosen) + tail(others, "or ")
  }

  private func tail(_ remedies: [Remedy], _ start: String) -> String {
    remedies.isEmpty ? "" : "; " + start + Self.list(remedies)
  }

  private static func list(_ remedies: [Remedy]) -> String {
    remedies.map { "\($0.text) (saves \(MemoryPlan.text($0.saves)))" }.joined(separator: ", ")
  }

  // MARK: - Changes

  private static func checkpointing(_ needs: MemoryNeeds, _ plan: MemoryPlan) -> Remedy? {
    guard plan.repeatedLayers < needs.layers else { return nil }
    return Remedy(
      text: "gradient_checkpointing: true",
      saves: plan.total - MemoryPlan(needs, repeatedLayers: needs.layers).total)
  }

  /// The largest micro-batch that fits, else one row; the steps stay as they are.
  private static func microBatch(
    _ needs: MemoryNeeds, _ plan: MemoryPlan, _ missing: Int, _ settings: BatchSettings
  ) -> Remedy? {
    let size = settings.microBatchSize
    let smaller = (1..<max(1, size)).reversed().filter { size % $0 == 0 }
    let options = smaller.map { rows in
      let share = Double(rows) / Double(size)
      return Remedy(
        text: "micro_batch_size: \(rows) and gradient_accumulation_steps: "
          + "\(settings.gradientAccumulationSteps * (size / rows))",
        saves: saved(needs, plan, share))
    }
    return options.first { $0.saves >= missing } ?? options.last
  }

  private static func length(
    _ needs: MemoryNeeds, _ plan: MemoryPlan, _ missing: Int, _ settings: BatchSettings
  ) -> Remedy? {
    var options: [Remedy] = []
    var length = settings.sequenceLength
    while length >= 128 {
      length /= 2
      options.append(
        Remedy(
          text: "sequence_len: \(length)",
          saves: saved(needs, plan, Double(length) / Double(settings.sequenceLength))))
    }
    return options.first { $0.saves >= missing } ?? options.last
  }

  private static func saved(_ needs: MemoryNeeds, _ plan: MemoryPlan, _ share: Double) -> Int {
    plan.total
      - MemoryPlan(needs.scaled(share), repeatedLayers: plan.repeatedLayers).total
  }

  /// One byte and a 256th of a scale for each moment instead of four bytes.
  private static func optimizer(_ needs: MemoryNeeds) -> Remedy? {
    let cells = needs.memory.learningCells
    return Remedy(
      text: "optimizer: adamw_8bit", saves: needs.optimizerBytes - 2 * (cells + cells / 64))
  }

  /// Half a byte for each weight of a layer, and a scale for 64; nothing of the base learns.
  private static func quantized(_ needs: MemoryNeeds) -> Remedy? {
    let memory = needs.memory
    let quantized = memory.linearCells / 2 + memory.linearCells / 16
    let learning = memory.adapter > 0 ? 0 : memory.gradients + needs.optimizerBytes
    return Remedy(
      text: "adapter: qlora", saves: memory.linearBytes - quantized + learning)
  }
}
