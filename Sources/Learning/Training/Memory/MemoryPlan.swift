internal import Models
internal import Tensors

/// Where the memory of a run goes, known before its first step.
///
/// ```swift
/// let needs = MemoryNeeds(model: model, batches: extents, settings: settings, …)
/// let plan = try MemoryPlan.fitting(needs, checkpointing: .auto, limit: MachineMemory.limit)
/// model.repeatedLayers = plan.repeatedLayers
/// ```
package struct MemoryPlan: Sendable, Hashable {
  package struct Entry: Sendable, Hashable {
    package var name: String
    package var bytes: Int
  }

  /// Layers that are computed again for backward.
  package let repeatedLayers: Int
  /// Whether the inputs of these layers wait in the host's memory, which then holds ``hostBytes``.
  package let offloads: Bool
  /// What a run on a card keeps of its activations in the host's memory.
  package let hostBytes: Int
  /// What holds memory at the time of the largest step, in the order of the table.
  package let entries: [Entry]

  package init(_ needs: MemoryNeeds, repeatedLayers: Int, offloads: Bool = false) {
    self.repeatedLayers = repeatedLayers
    self.offloads = offloads
    let memory = needs.memory
    let step = needs.step(repeatedLayers: repeatedLayers, offloads: offloads)
    hostBytes = offloads ? needs.streamBytes(step.extent) : 0
    entries =
      (memory.weights.map { Entry(name: "weights, \($0.format.rawValue)", bytes: $0.bytes) } + [
        Entry(name: "adapter", bytes: memory.adapter),
        Entry(name: "gradients", bytes: memory.gradients),
        Entry(name: "optimizer", bytes: needs.optimizerBytes),
        Entry(name: "best weights", bytes: needs.keepsBest ? 4 * memory.learningCells : 0),
        Entry(
          name: step.extent.map { "activations of \($0.tokens) tokens" } ?? "activations",
          bytes: step.bytes - step.logits),
        Entry(
          name: step.extent.map { "logits of \($0.labels) labels" } ?? "logits",
          bytes: step.logits),
        Entry(name: "scratch of products", bytes: needs.scratchBytes),
        Entry(name: "libraries and kernels", bytes: needs.codeBytes),
        Entry(name: "program and rows", bytes: needs.programBytes),
      ]).filter { $0.bytes > 0 }
  }

  package var total: Int { entries.reduce(0) { $0 + $1.bytes } }

  /// A line per entry, and their sum.
  package var table: String {
    let rows = entries.map { ($0.name, Self.text($0.bytes)) } + [("together", Self.text(total))]
    let (names, sizes) = (rows.map(\.0.count).max() ?? 0, rows.map(\.1.count).max() ?? 0)
    return rows.map { name, size in
      name + String(repeating: " ", count: names - name.count + 2 + sizes - size.count) + size
    }.joined(separator: "\n")
  }

  /// Binary units: `1.4 GiB`, `310 MiB`, `12 KiB`.
  package static func text(_ bytes: Int) -> String {
    if bytes >= 1 << 30 {
      let tenths = (bytes * 10 + 1 << 29) >> 30
      return "\(tenths / 10).\(tenths % 10) GiB"
    }
    if bytes >= 1 << 20 { return "\((bytes + 1 << 19) >> 20) MiB" }
    return "\((bytes + 1023) >> 10) KiB"
  }
}
