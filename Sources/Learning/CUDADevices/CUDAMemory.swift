internal import Tensors

/// Memory of a card.
final class CUDAMemory: DeviceMemory, @unchecked Sendable {
  // The address does not change; the queue orders what is done with it.
  let address: UInt64
  private let queue: CUDAQueue

  /// Cleared cells; after a failure of the queue, none.
  init(count: Int, _ queue: CUDAQueue) {
    self.queue = queue
    address =
      count == 0
      ? 0
      : queue.reading {
        let address = try $0.allocate(byteCount: 4 * count)
        try $0.device.zero(address, cellCount: count)
        return address
      } ?? 0
    super.init(count: count, hostAddress: nil)
  }

  deinit { queue.free(address, byteCount: 4 * count) }

  override func read(_ offset: Int, into target: UnsafeMutableBufferPointer<Float>) {
    precondition(offset >= 0 && offset + target.count <= count, "cells lie inside the memory")
    let isRead: Void? = queue.reading {
      try $0.device.read(UnsafeMutableRawBufferPointer(target), address + UInt64(4 * offset))
    }
    if isRead == nil { target.update(repeating: .nan) }
  }

  override func write(_ offset: Int, from source: UnsafeBufferPointer<Float>) {
    precondition(offset >= 0 && offset + source.count <= count, "cells lie inside the memory")
    queue.perform {
      try $0.device.write(address + UInt64(4 * offset), UnsafeRawBufferPointer(source))
    }
  }
}

/// Memory of the host that the system may write out: moments too large for the card, which come to
/// it piece by piece.
final class PagedMemory: DeviceMemory, @unchecked Sendable {
  // As its cells.
  let cells: CPUMemory

  init(count: Int, pagedIn folder: String) throws {
    cells = try CPUMemory(count: count, pagedIn: folder)
    super.init(count: count, hostAddress: nil)
  }

  override func read(_ offset: Int, into target: UnsafeMutableBufferPointer<Float>) {
    cells.read(offset, into: target)
  }

  override func write(_ offset: Int, from source: UnsafeBufferPointer<Float>) {
    cells.write(offset, from: source)
  }
}

extension Matrix {
  /// The first cell on the card.
  var deviceAddress: UInt64 {
    guard let memory = memory as? CUDAMemory else {
      preconditionFailure("a CUDA backend works on its own memory")
    }
    return memory.address + UInt64(4 * offset)
  }
}
