package import CUDADevices
import CUDAEmulation
package import Diagnostics
import Foundation

/// The kernels on the host, a fiber for each thread of a block: a card for tests.
///
/// Memory is the host's, every allocation with bounds of its own, so a copy beyond them fails.
package final class EmulatedDevice: CUDADevice, @unchecked Sendable {
  // The backend calls it from one thread at a time; counters are read between operations.
  package let name = "emulated card"
  package let arithmetic = "emulated"
  package let multiprocessorCount = 2
  package let sharedBytesMax: Int
  package let library: (any ProductLibrary)?
  package private(set) var launches: [String: Int] = [:]
  private var allocations: [UInt64: Int] = [:]
  package private(set) var usedBytes = 0
  package private(set) var peakBytes = 0
  /// Bytes of the host for copies beside the queue, and how many copies have begun.
  package private(set) var hostBytes = 0
  package private(set) var begun = 0
  private var hosts: [UnsafeMutableRawPointer: Int] = [:]
  private var copies: [UnsafeMutableRawPointer: Pending] = [:]
  /// Bytes that it has.
  package var capacity = 1 << 34
  /// What the next launch of this kernel fails with.
  package var failure: (kernel: String, failure: Failure)?

  /// - Parameter sharedBytesMax: of compute capability 9.0.
  package init(library: (any ProductLibrary)? = nil, sharedBytesMax: Int = 227 << 10) {
    self.library = library
    self.sharedBytesMax = sharedBytesMax
  }

  deinit { for address in allocations.keys { pointer(address).deallocate() } }

  package func memory() throws -> (free: Int, total: Int) { (capacity - usedBytes, capacity) }

  package func allocate(byteCount: Int) throws -> UInt64 {
    if usedBytes + byteCount > capacity {
      throw CUDAProblem.outOfMemory(asked: byteCount, free: capacity - usedBytes, name)
    }
    let memory = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 256)
    // Not cleared on a card: a bad pattern shows who relies on it.
    memory.initializeMemory(as: UInt8.self, repeating: 0xFF, count: byteCount)
    let address = UInt64(UInt(bitPattern: memory))
    allocations[address] = byteCount
    usedBytes += byteCount
    peakBytes = max(peakBytes, usedBytes)
    return address
  }

  package func free(_ address: UInt64) {
    guard let count = allocations.removeValue(forKey: address) else {
      preconditionFailure("what is freed was allocated")
    }
    usedBytes -= count
    pointer(address).deallocate()
  }

  package func write(_ address: UInt64, _ source: UnsafeRawBufferPointer) throws {
    guard let from = source.baseAddress, source.count > 0 else { return }
    check(address, source.count)
    try checkUse(address, source.count)
    pointer(address).copyMemory(from: from, byteCount: source.count)
  }

  package func read(_ target: UnsafeMutableRawBufferPointer, _ address: UInt64) throws {
    guard let to = target.baseAddress, target.count > 0 else { return }
    check(address, target.count)
    try checkUse(address, target.count)
    to.copyMemory(from: pointer(address), byteCount: target.count)
  }

  package func copy(_ target: UInt64, _ source: UInt64, byteCount: Int) throws {
    check(target, byteCount)
    check(source, byteCount)
    try checkUse(target, byteCount)
    try checkUse(source, byteCount)
    pointer(target).copyMemory(from: pointer(source), byteCount: byteCount)
  }

  package func zero(_ address: UInt64, cellCount: Int) throws {
    check(address, 4 * cellCount)
    try checkUse(address, 4 * cellCount)
    memset(pointer(address), 0, 4 * cellCount)
  }

  package func launch(_ kernel: String, _ size: LaunchSize, _ arguments: [KernelArgument]) throws {
    if let failure, failure.kernel == kernel { throw failure.failure }
    if size.sharedBytes > sharedBytesMax {
      throw CUDAProblem.launch("kernel '\(kernel)'", name, "too much shared memory")
    }
    for argument in arguments {
      if case .address(let address) = argument, address != 0 { try checkUse(address) }
    }
    launches[kernel, default: 0] += 1
    let grid = [size.grid.x, size.grid.y, size.grid.z].map { UInt32($0) }
    let block = [size.block.x, size.block.y, size.block.z].map { UInt32($0) }
    let status = KernelArgument.withPointers(arguments) {
      orc_emulate("orc_" + kernel, grid, block, UInt32(size.sharedBytes), $0)
    }
    if status != 0 { throw CUDAProblem.kernel(kernel, "the emulation has none of this name") }
  }

  package func synchronize() throws {}

  package func allocateHost(byteCount: Int) throws -> UnsafeMutableRawPointer {
    hostBytes += byteCount
    let host = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 256)
    host.initializeMemory(as: UInt8.self, repeating: 0xFF, count: byteCount)
    hosts[host] = byteCount
    return host
  }

  package func freeHost(_ host: UnsafeMutableRawPointer) {
    guard let byteCount = hosts.removeValue(forKey: host) else {
      preconditionFailure("what is freed was allocated")
    }
    hostBytes -= byteCount
    copies[host] = nil
    host.deallocate()
  }

  /// A copy is done as late as it may be: when it is settled. Until then its target holds what is not a
  /// number; the card's may not be used at all, and what is copied out may not be written.
  package func beginCopy(_ copy: SideCopy) throws {
    check(copy.address, copy.byteCount)
    precondition((hosts[copy.host] ?? 0) >= copy.byteCount, "bytes lie inside the host's memory")
    if copies[copy.host] != nil { throw disorder("a copy begins before the last one is settled") }
    try checkUse(copy.address, copy.byteCount)
    let source = copy.isOut ? pointer(copy.address) : copy.host
    let target = copy.isOut ? copy.host : pointer(copy.address)
    let bytes = Array(UnsafeRawBufferPointer(start: source, count: copy.byteCount))
    memset(target, 0xFF, copy.byteCount)
    copies[copy.host] = Pending(copy: copy, bytes: bytes)
    begun += 1
  }

  package func settle(_ host: UnsafeMutableRawPointer) throws {
    guard let pending = copies.removeValue(forKey: host) else { return }
    let (copy, bytes) = (pending.copy, pending.bytes)
    let onCard = UnsafeRawBufferPointer(start: pointer(copy.address), count: copy.byteCount)
    let isAsBefore =
      copy.isOut ? onCard.elementsEqual(bytes) : onCard.allSatisfy { $0 == 0xFF }
    if !isAsBefore { throw disorder("memory is written while it is copied") }
    let target = copy.isOut ? host : pointer(copy.address)
    bytes.withUnsafeBytes { if let from = $0.baseAddress { memcpy(target, from, $0.count) } }
  }

  private struct Pending {
    let copy: SideCopy
    let bytes: [UInt8]
  }

  private func disorder(_ what: String) -> Failure {
    CUDAProblem.launch(what, name, "order of copies")
  }

  /// Fails where bytes of the card are still to come.
  private func checkUse(_ address: UInt64, _ byteCount: Int = 1) throws {
    for copy in copies.values.map(\.copy) where !copy.isOut {
      let range = copy.address..<copy.address + UInt64(copy.byteCount)
      if range.overlaps(address..<address + UInt64(max(1, byteCount))) {
        throw disorder("memory is used before its copy is settled")
      }
    }
  }

  private func pointer(_ address: UInt64) -> UnsafeMutableRawPointer {
    guard let pointer = UnsafeMutableRawPointer(bitPattern: UInt(address)) else {
      preconditionFailure("an address of the card")
    }
    return pointer
  }

  private func check(_ address: UInt64, _ byteCount: Int) {
    precondition(
      byteCount == 0
        || allocations.contains { $0 <= address && address + UInt64(byteCount) <= $0 + UInt64($1) },
      "bytes lie inside one allocation")
  }
}
