internal import Diagnostics
private import Foundation

/// The work of one backend on its device: scratch memory of the operation in progress, and the first
/// thing that went wrong, after which nothing more is queued.
///
/// Operations of a backend do not throw. The first failure is kept for ``check()``, later operations
/// do nothing, and what is read from then on is not a number: no result can pass for a good one.
final class CUDAQueue: @unchecked Sendable {
  // Every member is used under the lock.
  let device: any CUDADevice
  private let lock = NSRecursiveLock()
  private var failure: Failure?
  private var scratch: (address: UInt64, byteCount: Int) = (0, 0)
  private var taken = 0
  /// Bytes of all that is allocated.
  private var held = 0
  /// What ``keep(_:)`` was last given, and where it is.
  private var kept: (values: [Int32], address: UInt64, byteCount: Int) = ([], 0, 0)
  /// Scratch that was too small, until its users are through.
  private var outgrown: [UInt64] = []

  init(_ device: any CUDADevice) { self.device = device }

  deinit {
    if scratch.address != 0 { device.free(scratch.address) }
    if kept.address != 0 { device.free(kept.address) }
  }

  /// One operation.
  func perform(_ body: (CUDAQueue) throws -> Void) {
    lock.withLock {
      if failure != nil { return }
      do {
        taken = 0
        try body(self)
        try freeOutgrown()
      } catch {
        fail(error)
      }
    }
  }

  /// What an operation reads back; nil after a failure.
  func reading<Result>(_ body: (CUDAQueue) throws -> Result) -> Result? {
    var result: Result?
    perform { result = try body($0) }
    return result
  }

  /// - Throws: the first failure, the device's own errors included.
  func check() throws {
    try lock.withLock {
      if failure == nil {
        do { try device.synchronize() } catch { fail(error) }
      }
      if let failure { throw failure }
    }
  }

  /// Bytes that are held or free; nil after a failure.
  var memoryLimit: Int? { reading { $0.held + (try $0.device.memory().free) } }

  /// Frees memory whose users may still be queued.
  func free(_ address: UInt64, byteCount: Int) {
    if address == 0 { return }
    lock.withLock {
      // A lost device has nothing to wait for; its failure is found by the next operation.
      try? device.synchronize()
      device.free(address)
      held -= byteCount
    }
  }

  /// Memory of ``CUDADevice/allocateHost(byteCount:)``.
  func freeHost(_ host: UnsafeMutableRawPointer) {
    lock.withLock { device.freeHost(host) }
  }

  // MARK: - During an operation

  /// Bytes that are not cleared, until ``free(_:byteCount:)``.
  func allocate(byteCount: Int) throws -> UInt64 {
    let address = try device.allocate(byteCount: byteCount)
    held += byteCount
    return address
  }

  /// Scratch of this operation, aligned to 256 bytes, not cleared.
  ///
  /// The next operation takes the same bytes: its work is queued behind this one's.
  func take(bytes: Int) throws -> UInt64 {
    let size = max(256, (bytes + 255) / 256 * 256)
    if taken + size > scratch.byteCount { try grow(by: size) }
    defer { taken += size }
    return scratch.address + UInt64(taken)
  }

  func take(cells: Int) throws -> UInt64 { try take(bytes: 4 * cells) }

  /// Host values in scratch.
  func upload<Value: BitwiseCopyable>(_ values: [Value]) throws -> UInt64 {
    try values.withUnsafeBytes { bytes in
      let address = try take(bytes: bytes.count)
      try device.write(address, bytes)
      return address
    }
  }

  /// Host values that the operations of a pass ask for again and again, such as positions: those that were
  /// given last are there already.
  func keep(_ values: [Int32]) throws -> UInt64 {
    if kept.address != 0 && values == kept.values { return kept.address }
    let byteCount = 4 * values.count
    if byteCount > kept.byteCount {
      let old = kept
      kept = ([], 0, 0)
      // Waits for those who read it.
      if old.address != 0 { free(old.address, byteCount: old.byteCount) }
      let size = (byteCount + 4095) & ~4095
      kept = ([], try allocate(byteCount: size), size)
    }
    kept.values = []
    try values.withUnsafeBytes { try device.write(kept.address, $0) }
    kept.values = values
    return kept.address
  }

  /// Values of the device, after all that is queued.
  func download<Value: BitwiseCopyable>(_ address: UInt64, _ zero: Value, count: Int) throws
    -> [Value]
  {
    var values = [Value](repeating: zero, count: count)
    try values.withUnsafeMutableBytes { try device.read($0, address) }
    return values
  }

  // MARK: - Private

  /// Room for so many bytes more. What the operation has taken stays where it is until its end; the next
  /// one finds room for both.
  private func grow(by size: Int) throws {
    if taken == 0, scratch.address != 0 {
      // Nobody of this operation uses it: it goes before the larger one comes.
      try device.synchronize()
      device.free(scratch.address)
      held -= scratch.byteCount
      scratch = (0, 0)
    }
    let count = max(1 << 20, (taken + size + 0xF_FFFF) & ~0xF_FFFF)
    let address = try device.allocate(byteCount: count)
    if scratch.address != 0 { outgrown.append(scratch.address) }
    held += count - scratch.byteCount
    scratch = (address, count)
    taken = 0
  }

  private func freeOutgrown() throws {
    if outgrown.isEmpty { return }
    try device.synchronize()
    for address in outgrown { device.free(address) }
    outgrown = []
  }

  private func fail(_ error: any Error) {
    failure =
      error as? Failure
      ?? CUDAProblem.launch("an operation", device.name, "\(error)")
  }
}
