/// A place in an arena: sizes and an offset, no memory yet.
package struct ArenaSlot: Sendable {
  let offset: Int
  package let rows: Int
  package let columns: Int
}

/// Counts what one step needs before any of it is allocated: the memory plan.
package struct ArenaPlan: Sendable {
  /// Cells so far, each slot rounded up to 64 bytes.
  package private(set) var count = 0

  package init() {}

  package mutating func take(_ rows: Int, _ columns: Int) -> ArenaSlot {
    let slot = ArenaSlot(offset: count, rows: rows, columns: columns)
    count += (rows * columns + 15) / 16 * 16
    return slot
  }
}

/// The activations of one step, in one allocation that is reused by the next and only grows.
package final class Arena {
  private let backend: any Backend
  private var memory: DeviceMemory

  package init(_ backend: any Backend) {
    self.backend = backend
    memory = backend.allocate(0)
  }

  /// Room for `plan`. Matrices of earlier plans are no longer valid; contents are undefined.
  package func prepare(_ plan: ArenaPlan) {
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
    memory.matrix(offset: slot.offset, rows: slot.rows, columns: slot.columns)
  }
}
