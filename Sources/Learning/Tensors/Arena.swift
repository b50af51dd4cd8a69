/// A place in an arena: sizes and an offset, no memory yet.
package struct ArenaSlot: Sendable {
  let offset: Int
  package let rows: Int
  package let columns: Int
}

/// Counts what one step needs before any of it is allocated: the memory plan.
package struct ArenaPlan: Sendable {
  /// Cells up to the end of the furthest slot, each slot rounded up to 64 bytes.
  package private(set) var count = 0
  /// Where the next slot begins.
  private var end = 0

  package init() {}

  package mutating func take(_ rows: Int, _ columns: Int) -> ArenaSlot {
    let slot = ArenaSlot(offset: end, rows: rows, columns: columns)
    end += (rows * columns + 15) / 16 * 16
    count = max(count, end)
    return slot
  }

  /// Slots of several users that lie over each other: one user's contents are gone when the next
  /// one works.
  package mutating func overlap<User, Slots>(
    _ users: some Sequence<User>, _ slots: (inout ArenaPlan, User) -> Slots
  ) -> [Slots] {
    let start = end
    let all = users.map { user in
      end = start
      return slots(&self, user)
    }
    end = count
    return all
  }
}

/// The activations of one step, in one allocation that is reused by the next and only grows.
package final class Arena {
  private let backend: any Backend
  private var memory: DeviceMemory
  /// Where it begins in the memory.
  private let start: Int

  package init(_ backend: any Backend) {
    self.backend = backend
    memory = backend.allocate(0)
    start = 0
  }

  private init(_ arena: Arena, from start: Int) {
    backend = arena.backend
    memory = arena.memory
    self.start = start
  }

  /// Room for `plan`. Matrices of earlier plans are no longer valid; contents are undefined.
  package func prepare(_ plan: ArenaPlan) {
    precondition(start == 0, "a part of an arena has the size it has")
    if plan.count > memory.count {
      memory = backend.allocate(0)  // the old memory goes before the new one comes
      memory = backend.allocate(plan.count)
    }
  }

  /// Room for any plan of so many cells, backed by memory of its own from now on.
  package func reserve(cells: Int) {
    if cells > memory.count {
      memory = backend.allocate(0)
      memory = backend.allocate(cells)
    }
    // Rows of a page each; what is left over is less than one.
    backend.zero(memory.matrix(rows: cells / 1024, columns: 1024))
  }

  package func release() { memory = backend.allocate(0) }

  package var byteCount: Int { memory.count * 4 }

  package func matrix(_ slot: ArenaSlot) -> Matrix {
    memory.matrix(offset: start + slot.offset, rows: slot.rows, columns: slot.columns)
  }

  /// The memory of one slot, as an arena for a plan that is made when it is used.
  package func inside(_ slot: ArenaSlot) -> Arena { Arena(self, from: start + slot.offset) }
}
