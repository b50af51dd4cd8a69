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

/// The kernels in a card's context, each module compiled and loaded when its first kernel is launched.
final class LoadedKernels: @unchecked Sendable {
  // The backend calls it from one thread at a time.
  private let driver: Driver
  private let card: Driver.Card
  private let compiler: Compiler
  private let cache: KernelCache
  private let target: Compiler.Target
  /// By topic.
  private var modules: [String: UnsafeMutableRawPointer] = [:]
  private var functions: [String: UnsafeMutableRawPointer] = [:]
  private var sharedBytes: [String: Int] = [:]

  /// Kernels may use 48 KiB of shared memory without being allowed more.
  private static let sharedBytesOfAll = 48 << 10

  /// The topic of each kernel, by its name without the prefix.
  private static let topics: [String: String] = {
    var count = 0
    guard let table = orc_cuda_kernel_names(&count) else { return [:] }
    return Dictionary(
      uniqueKeysWithValues: (0..<count).map {
        (String(String(cString: table[$0].name).dropFirst(4)), String(cString: table[$0].topic))
      })
  }()

  init(_ driver: Driver, _ card: Driver.Card, _ compiler: Compiler, _ cache: KernelCache) throws {
    self.driver = driver
    self.card = card
    self.compiler = compiler
    self.cache = cache
    target = try compiler.target(card.architecture)
  }

  deinit { for module in modules.values { _ = driver.table.pointee.ModuleUnload(module) } }

  /// - Throws: ``Failure`` `cuda.kernel` for one that is not there or does not compile, and the
  ///   driver's.
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
    guard let topic = Self.topics[name] else { throw CUDAProblem.kernel(name, "no module has it") }
    let module = try modules[topic] ?? load(topic)
    var function: UnsafeMutableRawPointer?
    guard driver.table.pointee.ModuleGetFunction(&function, module, "orc_" + name) == 0,
      let function
    else { throw CUDAProblem.kernel(name, "the module '\(topic)' does not have it") }
    functions[name] = function
    return function
  }

  private func load(_ topic: String) throws -> UnsafeMutableRawPointer {
    guard let source = KernelSource.all.first(where: { $0.topic == topic }) else {
      throw CUDAProblem.kernel(topic, "there is no such module")
    }
    let key = [source.text, compiler.version, driver.version, target.name] + Compiler.options
    let image = try cache.image(key) {
      try compiler.compile(source.text, name: topic, target)
    }
    var module: UnsafeMutableRawPointer?
    let status = image.withUnsafeBytes {
      driver.table.pointee.ModuleLoadData(&module, $0.baseAddress)
    }
    try driver.check(status, "loading the kernels '\(topic)'", card.name)
    guard let module else { throw CUDAProblem.kernel(topic, "the driver gives no module") }
    modules[topic] = module
    return module
  }
}
