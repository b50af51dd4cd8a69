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
    let choices: [Int] =
      switch checkpointing {
      case .off: [0]
      case .on: [needs.layers]
      // One repeated layer saves nothing: it needs the memory that the others share.
      case .auto: [0] + (needs.layers > 1 ? Array(2...needs.layers) : [])
      }
    guard let limit else { return MemoryPlan(needs, repeatedLayers: choices[0]) }
    if let fewest = choices.first(where: {
      MemoryPlan(needs, repeatedLayers: $0).total <= limit
    }) {
      return MemoryPlan(needs, repeatedLayers: fewest)
    }
    let smallest = MemoryPlan(needs, repeatedLayers: choices[choices.count - 1])
    throw MemoryRefusal(needs, smallest, limit: limit, settings).diagnostic.failure(.badInput)
  }
}
