internal import Tensors

/// Matrices in memory of the host that the card reaches while it computes.
///
/// Memory is taken when a number is first kept, or is larger than before, and given back with the store.
final class CUDAHostStore: HostStore {
  private let queue: CUDAQueue
  private var places: [Int: (host: UnsafeMutableRawPointer, byteCount: Int)] = [:]

  init(_ queue: CUDAQueue) { self.queue = queue }

  deinit { for place in places.values { queue.freeHost(place.host) } }

  func keep(_ source: Matrix, at number: Int) {
    queue.perform { queue in
      if let small = places[number], small.byteCount < 4 * source.count {
        places[number] = nil
        queue.freeHost(small.host)
      }
      let host = try places[number]?.host ?? queue.device.allocateHost(byteCount: 4 * source.count)
      if places[number] == nil { places[number] = (host, 4 * source.count) }
      try queue.device.beginCopy(copy(source, host, isOut: true))
    }
  }

  func bring(_ target: Matrix, at number: Int) {
    queue.perform { queue in
      guard let place = places[number], place.byteCount >= 4 * target.count else {
        preconditionFailure("it was kept")
      }
      try queue.device.beginCopy(copy(target, place.host, isOut: false))
    }
  }

  func settle(_ number: Int) {
    queue.perform { queue in
      if let place = places[number] { try queue.device.settle(place.host) }
    }
  }

  private func copy(_ matrix: Matrix, _ host: UnsafeMutableRawPointer, isOut: Bool) -> SideCopy {
    precondition(matrix.isContiguous, "what waits has no gaps")
    return SideCopy(
      host: host, address: matrix.deviceAddress, byteCount: 4 * matrix.count, isOut: isOut)
  }
}
