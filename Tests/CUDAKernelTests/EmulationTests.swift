import CCUDA
import CUDAEmulation
import Testing

/// The table of kernels, their sources, and what the emulation refuses.
@Suite struct EmulationTests {
  private func launch(_ kernel: String, grid: [UInt32], block: [UInt32], shared: UInt32 = 0)
    -> Int32
  {
    // A copy of no rows: nothing is read.
    var words: [UInt64] = [0, 0, 0, 0, 0, 0]
    return words.withUnsafeMutableBufferPointer { words in
      var addresses = words.indices.map { index in
        words.baseAddress.map { UnsafeMutableRawPointer($0 + index) }
      }
      return orc_emulate(kernel, grid, block, shared, &addresses)
    }
  }

  @Test("a kernel that is not there, and launches that a card would refuse")
  func refused() {
    #expect(launch("orc_copy", grid: [1, 1, 1], block: [32, 8, 1]) == 0)
    #expect(launch("orc_copies", grid: [1, 1, 1], block: [32, 8, 1]) == 1)
    #expect(launch("orc_copy", grid: [1, 65536, 1], block: [32, 8, 1]) == 2)
    #expect(launch("orc_copy", grid: [1, 0, 1], block: [32, 8, 1]) == 2)
    #expect(launch("orc_copy", grid: [1, 1, 1], block: [32, 33, 1]) == 2)
    #expect(launch("orc_copy", grid: [1, 1, 1], block: [32, 8, 1], shared: 228 * 1024) == 2)
  }

  @Test("every kernel of the table is in its module's source")
  func table() {
    var count = 0
    let modules = orc_cuda_sources(&count)
    var sources: [String: String] = [:]
    for module in UnsafeBufferPointer(start: modules, count: count) {
      let bytes = UnsafeRawBufferPointer(start: module.source, count: module.size)
      sources[String(cString: module.topic)] = String(decoding: bytes, as: UTF8.self)
    }
    let names = orc_cuda_kernel_names(&count)
    #expect(count > 50 && sources.count > 10)
    for kernel in UnsafeBufferPointer(start: names, count: count) {
      let name = String(cString: kernel.name), source = sources[String(cString: kernel.topic)]
      // Kernels for several sizes of heads are written once.
      let sizes = ["_64", "_128", "_256_small", "_256"].filter { name.hasSuffix($0) }
      let written = sizes.first.map { size in
        ["SIZE", "name"].map { name.dropLast(size.count) + "_##\($0)(" }
      }
      #expect(
        (written ?? [name + "("]).contains { source?.contains($0) == true }, "\(name)")
    }
  }
}
