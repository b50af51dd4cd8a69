/// Bytes that were put together in a ``ByteRoom`` and no longer change.
final class ByteBlock: Sendable {
  // Proof: nobody else has the memory, and nothing here writes to it.
  nonisolated(unsafe) private let base: UnsafeMutablePointer<UInt8>
  private let count: Int

  /// - Parameter base: allocated; it is the block's from here on.
  init(owning base: UnsafeMutablePointer<UInt8>, count: Int) {
    self.base = base
    self.count = count
  }

  deinit { base.deallocate() }

  func withBytes<Result>(
    _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
  ) rethrows -> Result {
    try withExtendedLifetime(self) { try body(UnsafeBufferPointer(start: base, count: count)) }
  }
}
