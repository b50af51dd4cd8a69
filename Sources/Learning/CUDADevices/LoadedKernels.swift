internal import CCUDA
internal import Diagnostics
internal import Reproducibility

/// The CUDA C of one topic, which is compiled as a whole.
package struct KernelSource: Sendable {
  package let topic: String
  package let text: String

  /// All that are in this program.
  package static let all: [KernelSource] = {
    var count = 0
    guard let table = orc_cuda_sources(&count) else { return [] }
    return (0..<count).map { index in
      let source = table[index]
      return KernelSource(
        topic: String(cString: source.topic),
        text: String(
          decoding: UnsafeRawBufferPointer(start: source.source, count: source.size), as: UTF8.self)
      )
    }
  }()

  static let digest = Digest(
    of: Array((all.map(\.text) + Compiler.options).joined(separator: "\0").utf8))
}

/// The kernels in a card's context.
final class LoadedKernels: @unchecked Sendable {
  // The backend calls it from one thread at a time.
  private let driver: Driver
  private let card: Driver.Card
  private var modules: [UnsafeMutableRawPointer] = []
  private var functions: [String: UnsafeMutableRawPointer] = [:]
  private var sharedBytes: [String: Int] = [:]

  /// Kernels may use 48 KiB of shared memory without being allowed more.
  private static let sharedBytesOfAll = 48 << 10

  init(_ driver: Driver, _ card: Driver.Card, _ compiler: Compiler, _ cache: KernelCache) throws {
    self.driver = driver
    self.card = card
    for source in KernelSource.all {
      let key =
        [source.text, compiler.version, driver.version, card.architecture] + Compiler.options
      let image = try cache.image(key) {
        try compiler.compile(source.text, name: source.topic, architecture: card.architecture)
      }
      var module: UnsafeMutableRawPointer?
      let status = image.withUnsafeBytes {
        driver.table.pointee.ModuleLoadData(&module, $0.baseAddress)
      }
      try driver.check(status, "loading the kernels '\(source.topic)'", card.name)
      if let module { modules.append(module) }
    }
  }

  deinit { for module in modules { _ = driver.table.pointee.ModuleUnload(module) } }

  func function(_ name: String, sharedBytes bytes: Int) throws -> UnsafeMutableRawPointer {
    let function = try functions[name] ?? find(name)
    if bytes > Self.sharedBytesOfAll, bytes > sharedBytes[name, default: 0] {
      // CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES.
      try driver.check(
        driver.table.pointee.FuncSetAttribute(function, 8, Int32(bytes)),
        "\(bytes) bytes of shared memory for '\(name)'", card.name)
      sharedBytes[name] = bytes
    }
    return function
  }

  private func find(_ name: String) throws -> UnsafeMutableRawPointer {
    for module in modules {
      var function: UnsafeMutableRawPointer?
      if driver.table.pointee.ModuleGetFunction(&function, module, "orc_" + name) == 0,
        let function
      {
        functions[name] = function
        return function
      }
    }
    throw CUDAProblem.kernel(name, "no module has it")
  }
}
