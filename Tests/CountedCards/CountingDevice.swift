package import CUDADevices

/// A card that only counts: memory has sizes and no cells, kernels do nothing, what is read is zero, or,
/// beyond 1 MiB, whatever the target holds.
///
/// For plans: the shapes of models that no host has room for, and what a run would take at its peak.
package final class CountingDevice: CUDADevice, @unchecked Sendable {
  // The backend calls it from one thread at a time.
  package let name = "counting card"
  package let arithmetic = "counting"
  package let multiprocessorCount = 1
  package let sharedBytesMax: Int
  package let library: (any ProductLibrary)?
  package private(set) var usedBytes = 0
  package private(set) var peakBytes = 0
  /// The largest copy to the card.
  package private(set) var largestWrite = 0
  package private(set) var writtenBytes = 0
  /// Of the host, for copies beside the queue.
  package private(set) var hostBytes = 0
  /// Kernels, products and copies that were queued.
  package var queuedCount: Int { launchCount + copyCount + (products?.count ?? 0) }
  private var launchCount = 0
  private var copyCount = 0
  private let products: NoProducts?
  private let capacity: Int
  private var sizes: [UInt64: Int] = [:]
  private var end: UInt64 = 1 << 40

  /// - Parameter hasLibrary: products are a library's, which takes weights expanded.
  package init(
    capacity: Int = 1 << 40, hasLibrary: Bool = true, sharedBytesMax: Int = 227 << 10
  ) {
    self.capacity = capacity
    self.sharedBytesMax = sharedBytesMax
    products = hasLibrary ? NoProducts() : nil
    library = products
  }

  private final class NoProducts: ProductLibrary, @unchecked Sendable {
    // As the device.
    var count = 0
    func multiply(_ product: LibraryProduct) { count += 1 }
  }

  package func memory() -> (free: Int, total: Int) { (capacity - usedBytes, capacity) }

  package func allocate(byteCount: Int) throws -> UInt64 {
    if usedBytes + byteCount > capacity {
      throw CUDAProblem.outOfMemory(asked: byteCount, free: capacity - usedBytes, name)
    }
    usedBytes += byteCount
    peakBytes = max(peakBytes, usedBytes)
    defer { end += UInt64((byteCount + 511) / 256 * 256) }
    sizes[end] = byteCount
    return end
  }

  package func free(_ address: UInt64) { usedBytes -= sizes.removeValue(forKey: address) ?? 0 }

  package func write(_ address: UInt64, _ source: UnsafeRawBufferPointer) {
    largestWrite = max(largestWrite, source.count)
    writtenBytes += source.count
    copyCount += 1
  }

  package func read(_ target: UnsafeMutableRawBufferPointer, _ address: UInt64) {
    copyCount += 1
    // Activations of a large model would take the host's memory.
    if target.count <= 1 << 20 { target.initializeMemory(as: UInt8.self, repeating: 0) }
  }

  package func copy(_ target: UInt64, _ source: UInt64, byteCount: Int) { copyCount += 1 }
  package func zero(_ address: UInt64, cellCount: Int) { copyCount += 1 }
  package func launch(_ kernel: String, _ size: LaunchSize, _ arguments: [KernelArgument]) {
    launchCount += 1
  }
  package func synchronize() {}

  /// A byte, whatever is asked for.
  package func allocateHost(byteCount: Int) -> UnsafeMutableRawPointer {
    hostBytes += byteCount
    return UnsafeMutableRawPointer.allocate(byteCount: 1, alignment: 1)
  }
  package func freeHost(_ host: UnsafeMutableRawPointer) { host.deallocate() }
  package func beginCopy(_ copy: SideCopy) {}
  package func settle(_ host: UnsafeMutableRawPointer) {}
}
