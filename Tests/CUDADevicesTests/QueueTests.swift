import CUDADevices
import Diagnostics
import EmulatedCards
import Foundation
import Parallelism
import Tensors
import Testing

/// What goes wrong on a card is told once, stops everything behind it, and passes for no result.
@Suite struct QueueTests {
  private let device = EmulatedDevice()

  private func backend() throws -> CUDABackend {
    try CUDABackend(device, pool: ThreadPool(threads: 1))
  }

  private func failure(_ backend: CUDABackend) -> Diagnostic? {
    do {
      try backend.check()
      return nil
    } catch {
      return (error as? Failure)?.diagnostics.first
    }
  }

  @Test("memory begins cleared, and is given back")
  func memory() throws {
    let backend = try backend()
    let before = device.usedBytes
    do {
      let memory = backend.allocate(1000)
      #expect(memory.matrix(rows: 1, columns: 1000).values() == Array(repeating: 0, count: 1000))
      #expect(device.usedBytes == before + 4000)
      #expect(backend.memoryLimit == device.capacity)
    }
    #expect(device.usedBytes == before)
  }

  @Test("no memory: what was asked and what is free; nothing is queued behind it")
  func outOfMemory() throws {
    let backend = try backend()
    let kept = backend.allocate(16).matrix(rows: 2, columns: 8)
    device.capacity = device.usedBytes + (3 << 20)
    let missing = backend.allocate(2 << 20).matrix(rows: 1, columns: 8)
    let launches = device.launches
    backend.add(kept, kept, alpha: 1)
    #expect(device.launches == launches)
    let read = missing.values() + kept.values() + backend.rowDots(kept, kept)
    #expect(read.count == 26 && !read.contains { !$0.isNaN })
    #expect(backend.sumOfSquares(kept).isNaN)
    let found = try #require(failure(backend))
    #expect(found.code == "cuda.out-of-memory")
    #expect(found.message == "8 MiB more were asked of 'emulated card', and 3 MiB are free")
    // The first failure stays.
    #expect(failure(backend) == found)
  }

  @Test("a lost card and a launch that fails keep their codes")
  func launches() throws {
    for (expected, problem) in [
      ("cuda.lost-device", CUDAProblem.lostDevice("emulated card", "it fell off the bus")),
      ("cuda.launch-failed", CUDAProblem.launch("kernel 'add'", "emulated card", "bad luck")),
    ] {
      let device = EmulatedDevice()
      let backend = try CUDABackend(device, pool: ThreadPool(threads: 1))
      let x = backend.allocate(8).matrix(rows: 1, columns: 8)
      device.failure = ("add", problem)
      backend.add(x, x, alpha: 1)
      #expect(failure(backend)?.code == expected)
      #expect(throws: Failure.self) { try backend.check() }
    }
  }

  @Test("scratch grows without taking what an operation already uses")
  func scratch() throws {
    let backend = try backend()
    // Lists of 1.5 MiB and more: beyond the first scratch, in one operation.
    let rows = 400_000
    let x = backend.allocate(rows).matrix(rows: rows, columns: 1)
    let ids = (0..<rows).map { Int32($0 / 2) }
    let y = backend.allocate(rows).matrix(rows: rows, columns: 1)
    y.write((0..<rows).map { Float($0 % 5) })
    backend.scatter(x, y, ids, alpha: 1)
    try backend.check()
    let values = x.values()
    #expect((0..<rows / 2).allSatisfy { values[$0] == Float(2 * $0 % 5 + (2 * $0 + 1) % 5) })
  }

  @Test("arithmetic of the products is in the class")
  func arithmetic() throws {
    #expect(try backend().arithmeticClass == "cuda f32 emulated")
    let half = try CUDABackend(
      EmulatedDevice(), pool: ThreadPool(threads: 1), products: .bfloat16)
    #expect(half.arithmeticClass == "cuda bf16 emulated")
  }
}
