import BackendConformance
import CUDADevices
import EmulatedCards
import Parallelism
import Tensors
import Testing

/// One list of cases on every backend: the host's, and the kernels of the cards by emulation.
@Suite struct ConformanceTests {
  @Test("the host's backend", arguments: ConformanceCase.all)
  func host(_ example: ConformanceCase) throws {
    let backend = CPUBackend(pool: ThreadPool(threads: 2))
    #expect(
      try example.problems(backend, BackendTraits(roundsRowsForBlocks: true)) == [])
  }

  @Test("the kernels, emulated", arguments: ConformanceCase.all)
  func emulated(_ example: ConformanceCase) throws {
    let backend = try CUDABackend(EmulatedDevice(), pool: ThreadPool(threads: 1))
    #expect(try example.problems(backend, BackendTraits()) == [])
  }

  @Test(
    "products in bfloat16, emulated",
    arguments: ConformanceCase.all.filter {
      ["weights", "projections", "attention"].contains(where: $0.name.contains)
    })
  func emulatedHalf(_ example: ConformanceCase) throws {
    let backend = try CUDABackend(
      EmulatedDevice(), pool: ThreadPool(threads: 1), products: .bfloat16)
    #expect(try example.problems(backend, .roundedCard) == [])
  }
}
