internal import Diagnostics

extension MemoryPlan {
  /// The plan that fits in `limit` bytes with the fewest layers computed again.
  ///
  /// - Parameters:
  ///   - limit: nil: whatever it takes.
  ///   - settings: of the batches, for what could be made smaller.
  /// - Throws: ``Failure`` of class `badInput` that names the cheapest change that fits, and what
  ///   each of the others would save.
  package static func fitting(
    _ needs: MemoryNeeds, _ checkpointing: GradientCheckpointing, limit: Int?,
    _ settings: BatchSettings
  ) throws -> MemoryPlan {
    let all = (needs.layers, false), offloaded = (needs.layers, needs.isOnCard)
    let choices: [(layers: Int, offloads: Bool)] =
      switch checkpointing {
      case .off: [(0, false)]
      case .on: [all]
      case .offload: [offloaded]
      // One repeated layer saves nothing: it needs the memory that the others share.
      case .auto:
        [(0, false)] + (needs.layers > 1 ? (2...needs.layers).map { ($0, false) } : [])
          + (needs.isOnCard ? [offloaded] : [])
      }
    func plan(_ choice: (layers: Int, offloads: Bool)) -> MemoryPlan {
      MemoryPlan(needs, repeatedLayers: choice.layers, offloads: choice.offloads)
    }
    guard let limit else { return plan(choices[0]) }
    if let fewest = choices.lazy.map(plan).first(where: { $0.total <= limit }) { return fewest }
    let smallest = plan(choices[choices.count - 1])
    throw MemoryRefusal(needs, smallest, limit: limit, settings).diagnostic.failure(.badInput)
  }
}
