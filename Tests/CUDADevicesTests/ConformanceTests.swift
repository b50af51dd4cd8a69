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
    "attention where a block has 99 KiB of shared memory",
    arguments: ConformanceCase.all.filter { $0.name.contains("attention") })
  func small(_ example: ConformanceCase) throws {
    let device = EmulatedDevice(sharedBytesMax: 99 << 10)
    let backend = try CUDABackend(device, pool: ThreadPool(threads: 1))
    #expect(try example.problems(backend, BackendTraits()) == [])
  }

  @Test("heads over 128 take small tiles where wide ones have no room, and only there")
  func tiles() throws {
    let shape = AttentionShape(
      headCount: 1, keyValueHeadCount: 1, headSize: 200, scale: 0.1, window: .max, softcap: 0)
    for (bytes, kernel) in [(99 << 10, "attention_256_small"), (163 << 10, "attention_256")] {
      let device = EmulatedDevice(sharedBytesMax: bytes)
      let backend = try CUDABackend(device, pool: ThreadPool(threads: 1))
      let qkv = backend.allocate(9 * 600).matrix(rows: 9, columns: 600)
      let (o, lse) = (
        backend.allocate(1800).matrix(rows: 9, columns: 200),
        backend.allocate(9).matrix(rows: 9, columns: 1)
      )
      backend.attention(o, lse, qkv, starts: [0, 9], shape)
      try backend.check()
      #expect(device.launches == [kernel: 1])
    }
  }

  @Test("a low-rank product and a draw are one way on the card, not the host's")
  func fused() throws {
    let device = EmulatedDevice()
    let backend = try CUDABackend(device, pool: ThreadPool(threads: 1))
    for example in ConformanceCase.all
    where example.name.contains("low-rank products of 16") || example.name.contains("drawn from 40")
    {
      #expect(try example.problems(backend, BackendTraits()) == [])
    }
    #expect(
      Set(device.launches.keys) == [
        "low_rank_down", "add_low_rank", "low_rank_up", "low_rank_back", "sample_top",
        "sample_weights", "sample",
      ])
  }

  @Test(
    "products in bfloat16, emulated",
    arguments: ConformanceCase.all.filter {
      ["weights", "projections", "attention", "low-rank"].contains(where: $0.name.contains)
    })
  func emulatedHalf(_ example: ConformanceCase) throws {
    let backend = try CUDABackend(
      EmulatedDevice(), pool: ThreadPool(threads: 1), products: .bfloat16)
    #expect(try example.problems(backend, .roundedCard) == [])
  }
}
