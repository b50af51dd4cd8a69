import CUDADevices
import Diagnostics
import EmulatedCards
import Parallelism
import Tensors
import Testing

/// Matrices that wait in the host's memory: whose copies are not waited for, fails.
@Suite struct HostStoreTests {
  private let device = EmulatedDevice()

  private func backend() throws -> CUDABackend {
    try CUDABackend(device, pool: ThreadPool(threads: 1))
  }

  private static func matrix(_ backend: any Backend, _ first: Float) -> Matrix {
    let matrix = backend.allocate(12).matrix(rows: 3, columns: 4)
    matrix.write((0..<12).map { first + Float($0) })
    return matrix
  }

  private static func message(_ backend: any Backend) -> String? {
    do {
      try backend.check()
      return nil
    } catch {
      return (error as? Failure)?.diagnostics.first?.message
    }
  }

  @Test("what was kept comes back, on the host too", arguments: [false, true])
  func roundTrip(isOnCard: Bool) throws {
    let backend: any Backend = isOnCard ? try backend() : CPUBackend(pool: ThreadPool(threads: 1))
    do {
      let store = backend.hostStore()
      let (x, y) = (Self.matrix(backend, 1), Self.matrix(backend, 100))
      store.keep(x, at: 0)
      store.keep(y, at: 1)
      for number in [0, 1] { store.settle(number) }
      // More than the number had before; one that was never kept has nothing to wait for.
      let wide = backend.allocate(40).matrix(rows: 4, columns: 10)
      wide.write((0..<40).map { Float($0) })
      store.keep(wide, at: 0)
      store.settle(0)
      store.settle(7)
      backend.zero(wide)
      backend.zero(x)
      store.bring(wide, at: 0)
      store.bring(x, at: 1)
      for number in [0, 1] { store.settle(number) }
      #expect(wide.values() == (0..<40).map { Float($0) })
      #expect(x.values() == y.values())
      try backend.check()
      #expect(!isOnCard || device.hostBytes == 4 * (40 + 12))
    }
    #expect(device.hostBytes == 0)
  }

  @Test("memory that is used before its copy is settled fails")
  func usedEarly() throws {
    let backend = try backend(), store = backend.hostStore()
    let x = Self.matrix(backend, 1)
    store.keep(x, at: 0)
    store.settle(0)
    store.bring(x, at: 0)
    backend.softcap(x, 2)
    #expect(
      Self.message(backend)?.contains("memory is used before its copy is settled") == true)
  }

  @Test("memory that is written while it is copied out fails")
  func writtenEarly() throws {
    let backend = try backend(), store = backend.hostStore()
    let x = Self.matrix(backend, 1)
    store.keep(x, at: 0)
    backend.softcap(x, 2)
    store.settle(0)
    #expect(Self.message(backend)?.contains("memory is written while it is copied") == true)
  }

  @Test("a copy back that begins before the copy out is settled fails")
  func turnedEarly() throws {
    let backend = try backend(), store = backend.hostStore()
    let x = Self.matrix(backend, 1)
    store.keep(x, at: 0)
    store.bring(x, at: 0)
    #expect(
      Self.message(backend)?.contains("a copy begins before the last one is settled") == true)
  }
}
