internal import CCUDA
internal import Diagnostics
internal import Reproducibility

/// One card by NVIDIA's driver: its primary context, one stream, and one for copies beside it.
package final class DriverDevice: CUDADevice, @unchecked Sendable {
  // The backend calls it from one thread at a time.
  package let name: String
  package let arithmetic: String
  package let card: Driver.Card
  package let library: (any ProductLibrary)?
  private let driver: Driver
  private let context: DriverContext
  private let kernels: LoadedKernels
  /// Of the first copy that is asked for on.
  private var side: SideStream?

  /// - Parameters:
  ///   - index: among the cards that the driver shows.
  ///   - usesLibrary: false takes the own products even where cuBLAS is found.
  /// - Throws: ``Failure`` of ``CUDAProblem``: no driver, card or compiler, or one too old.
  package init(index: Int, cache: KernelCache = .standard, usesLibrary: Bool = true) throws {
    driver = try Driver()
    let cards = try driver.cards()
    guard cards.indices.contains(index) else {
      throw CUDAProblem.noCard(index, of: cards.count)
    }
    card = cards[index]
    name = card.name
    guard card.major >= 8 else { throw CUDAProblem.cardTooOld(card.name, card.capability) }
    let compiler = try Compiler(newestMajor: Int(driver.major))
    context = try DriverContext(driver, card)
    kernels = try LoadedKernels(driver, card, compiler, cache)
    let found = usesLibrary ? try CuBLAS.found(driver, context, card) : nil
    library = found
    arithmetic =
      "\(card.name) sm_\(card.major)\(card.minor), driver \(driver.version), nvrtc "
      + "\(compiler.version), kernels \(KernelSource.digest.short), "
      + (found.map { "cublas \($0.version)" } ?? "own products")
  }

  package var multiprocessorCount: Int { card.multiprocessorCount }
  package var sharedBytesMax: Int { card.sharedBytesMax }

  package func memory() throws -> (free: Int, total: Int) {
    var (free, total) = (0, 0)
    try call("asking for its memory") { $0.MemGetInfo(&free, &total) }
    return (free, total)
  }

  package func allocate(byteCount: Int) throws -> UInt64 {
    var address: UInt64 = 0
    try call("an allocation", asked: byteCount) { $0.MemAlloc(&address, byteCount) }
    return address
  }

  package func free(_ address: UInt64) {
    // A lost context has no memory to free, and nobody waits for the answer.
    try? call("freeing memory") { $0.MemFree(address) }
  }

  package func write(_ address: UInt64, _ source: UnsafeRawBufferPointer) throws {
    if source.isEmpty { return }
    try call("a copy to the card") {
      $0.MemcpyHtoDAsync(address, source.baseAddress, source.count, context.stream)
    }
  }

  package func read(_ target: UnsafeMutableRawBufferPointer, _ address: UInt64) throws {
    if target.isEmpty { return }
    try call("a copy from the card") {
      $0.MemcpyDtoHAsync(target.baseAddress, address, target.count, context.stream)
    }
    try synchronize()
  }

  package func copy(_ target: UInt64, _ source: UInt64, byteCount: Int) throws {
    if byteCount == 0 { return }
    try call("a copy on the card") {
      $0.MemcpyDtoDAsync(target, source, byteCount, context.stream)
    }
  }

  package func zero(_ address: UInt64, cellCount: Int) throws {
    if cellCount == 0 { return }
    try call("clearing memory") { $0.MemsetD32Async(address, 0, cellCount, context.stream) }
  }

  package func launch(_ kernel: String, _ size: LaunchSize, _ arguments: [KernelArgument]) throws {
    // A kernel's module may be loaded now, into the context of this thread.
    try context.makeCurrent()
    let function = try kernels.function(kernel, sharedBytes: size.sharedBytes)
    let (grid, block) = (size.grid, size.block)
    try KernelArgument.withPointers(arguments) { pointers in
      try call("kernel '\(kernel)'") {
        $0.LaunchKernel(
          function, UInt32(grid.x), UInt32(grid.y), UInt32(grid.z), UInt32(block.x),
          UInt32(block.y), UInt32(block.z), UInt32(size.sharedBytes), context.stream, pointers, nil)
      }
    }
  }

  package func synchronize() throws {
    try call("waiting for the card") { $0.StreamSynchronize(context.stream) }
    try side?.synchronize()
  }

  package func allocateHost(byteCount: Int) throws -> UnsafeMutableRawPointer {
    try sideStream().allocate(byteCount: byteCount)
  }

  package func freeHost(_ host: UnsafeMutableRawPointer) {
    // A lost context has nothing to wait for, and what is freed in it is gone.
    try? context.makeCurrent()
    side?.free(host)
  }

  package func beginCopy(_ copy: SideCopy) throws { try sideStream().begin(copy) }

  package func settle(_ host: UnsafeMutableRawPointer) throws { try sideStream().settle(host) }

  private func sideStream() throws -> SideStream {
    try context.makeCurrent()
    if let side { return side }
    let made = try SideStream(driver, context, name)
    side = made
    return made
  }

  private func call(_ what: String, asked: Int = 0, _ body: (orc_cuda) -> Int32) throws {
    try context.makeCurrent()
    try driver.check(body(driver.table.pointee), what, name, asked: asked)
  }
}

/// The primary context of a card, and a stream in it.
final class DriverContext: @unchecked Sendable {
  // Handles that do not change; the driver allows calls from any thread.
  let stream: UnsafeMutableRawPointer?
  private let handle: UnsafeMutableRawPointer?
  private let driver: Driver
  private let card: Driver.Card

  init(_ driver: Driver, _ card: Driver.Card) throws {
    self.driver = driver
    self.card = card
    let table = driver.table.pointee
    var (context, stream): (UnsafeMutableRawPointer?, UnsafeMutableRawPointer?)
    try driver.check(table.DevicePrimaryCtxRetain(&context, card.handle), "a context", card.name)
    do {
      try driver.check(table.CtxSetCurrent(context), "a context", card.name)
      // CU_STREAM_NON_BLOCKING: nothing waits for the default stream.
      try driver.check(table.StreamCreate(&stream, 1), "a stream", card.name)
    } catch {
      _ = table.DevicePrimaryCtxRelease(card.handle)
      throw error
    }
    (handle, self.stream) = (context, stream)
  }

  /// Each thread has a current context of its own.
  func makeCurrent() throws {
    try driver.check(driver.table.pointee.CtxSetCurrent(handle), "its context", card.name)
  }

  deinit {
    let table = driver.table.pointee
    _ = table.CtxSetCurrent(handle)
    _ = table.StreamSynchronize(stream)
    _ = table.StreamDestroy(stream)
    _ = table.DevicePrimaryCtxRelease(card.handle)
  }
}
