/// Where a stage stands among those that are ready: higher priority first, then plan order.
struct ReadyOrder: Sendable, Hashable, Comparable {
  var priority: Int
  var position: Int

  static func < (a: ReadyOrder, b: ReadyOrder) -> Bool {
    a.priority != b.priority ? a.priority > b.priority : a.position < b.position
  }
}

/// Stages that are ready to start, in lanes of the same size: only the first of each lane can be
/// the next, so that a choice costs as much as there are sizes, not stages.
///
/// The first stage in order that fits is next. A stage that does not fit is overtaken by such a
/// stage at most ``overtakenMax`` times; then nothing behind it starts until it has.
struct ReadyQueue: Sendable {
  private struct Lane: Sendable {
    var shape: SlotShape
    var stages = Heap<ReadyOrder>()
    /// Stages that have overtaken its first one since one of the lane has started.
    var overtaken = 0
  }

  static let overtakenMax = 8

  private var lanes: [Lane] = []
  private var laneOfShape: [SlotShape: Int] = [:]
  /// Positions that are still waiting; others in the heaps have been taken out.
  private var waiting: Set<Int> = []

  mutating func insert(_ order: ReadyOrder, _ shape: SlotShape) {
    waiting.insert(order.position)
    if let lane = laneOfShape[shape] {
      lanes[lane].stages.insert(order)
    } else {
      laneOfShape[shape] = lanes.count
      lanes.append(Lane(shape: shape))
      lanes[lanes.count - 1].stages.insert(order)
    }
  }

  mutating func remove(_ position: Int) { waiting.remove(position) }

  /// Takes out the stage that starts next, unless it comes after `bound`; nil when none may.
  mutating func next(_ slots: Slots, before bound: ReadyOrder?) -> Int? {
    if slots.isFull || waiting.isEmpty { return nil }
    var heads: [(order: ReadyOrder, lane: Int)] = []
    for lane in lanes.indices {
      while let first = lanes[lane].stages.first, !waiting.contains(first.position) {
        _ = lanes[lane].stages.popFirst()
      }
      if let first = lanes[lane].stages.first {
        heads.append((first, lane))
      } else {
        lanes[lane].overtaken = 0
      }
    }
    heads.sort { $0.order < $1.order }
    // A cluster and this machine are not waited for by each other's stages.
    var heldBack: Set<Bool> = []
    for (place, head) in heads.enumerated() {
      if let bound, bound < head.order { return nil }
      let shape = lanes[head.lane].shape
      if heldBack.contains(shape.isRemote) { continue }
      if slots.fits(shape) {
        for overtaken in heads[..<place]
        where lanes[overtaken.lane].shape.isRemote == shape.isRemote {
          lanes[overtaken.lane].overtaken += 1
        }
        lanes[head.lane].overtaken = 0
        _ = lanes[head.lane].stages.popFirst()
        waiting.remove(head.order.position)
        return head.order.position
      }
      if lanes[head.lane].overtaken >= Self.overtakenMax { heldBack.insert(shape.isRemote) }
    }
    return nil
  }
}
