internal import CCUDA

/// The stream of copies that go on while kernels run, and its events.
final class SideStream: @unchecked Sendable {
  // Unchecked, as its tables are not locked: the backend calls it from one thread at a time, in the
  // card's context.
  private let driver: Driver
  private let card: String
  private let context: DriverContext
  private let stream: UnsafeMutableRawPointer?
  /// What the main stream had queued when a copy began; a stream that waits for an event takes it as it
  /// is then, so one is enough.
  private let queued: UnsafeMutableRawPointer?
  /// The end of the last copy of each memory of the host that had one.
  private var ends: [UnsafeMutableRawPointer: UnsafeMutableRawPointer] = [:]
  /// Memory that the driver had no room to keep in place: the system's, through which copies are slower.
  private var ordinary: Set<UnsafeMutableRawPointer> = []

  /// - Parameter context: the current one, with the stream that kernels run on.
  init(_ driver: Driver, _ context: DriverContext, _ card: String) throws {
    (self.driver, self.context, self.card) = (driver, context, card)
    var stream: UnsafeMutableRawPointer?
    // CU_STREAM_NON_BLOCKING.
    try driver.check(driver.table.pointee.StreamCreate(&stream, 1), "a second stream", card)
    self.stream = stream
    do {
      queued = try Self.event(driver, card)
    } catch {
      _ = driver.table.pointee.StreamDestroy(stream)
      throw error
    }
  }

  deinit {
    // A lost context has nothing to wait for, and took what was made in it along.
    try? context.makeCurrent()
    let table = driver.table.pointee
    _ = table.StreamSynchronize(stream)
    for event in ends.values { _ = table.EventDestroy(event) }
    _ = table.EventDestroy(queued)
    _ = table.StreamDestroy(stream)
  }

  private static func event(_ driver: Driver, _ card: String) throws -> UnsafeMutableRawPointer? {
    var event: UnsafeMutableRawPointer?
    // CU_EVENT_DISABLE_TIMING.
    try driver.check(driver.table.pointee.EventCreate(&event, 2), "an event", card)
    return event
  }

  func allocate(byteCount: Int) -> UnsafeMutableRawPointer {
    var host: UnsafeMutableRawPointer?
    if driver.table.pointee.MemHostAlloc(&host, byteCount, 0) == 0, let host { return host }
    let memory = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 4096)
    ordinary.insert(memory)
    return memory
  }

  func free(_ host: UnsafeMutableRawPointer) {
    let table = driver.table.pointee
    _ = table.StreamSynchronize(stream)
    if let event = ends.removeValue(forKey: host) { _ = table.EventDestroy(event) }
    if ordinary.remove(host) != nil {
      host.deallocate()
    } else {
      _ = table.MemFreeHost(host)
    }
  }

  func begin(_ copy: SideCopy) throws {
    let table = driver.table.pointee
    try check(table.EventRecord(queued, context.stream), "an event")
    try check(table.StreamWaitEvent(stream, queued, 0), "an event")
    try check(
      copy.isOut
        ? table.MemcpyDtoHAsync(copy.host, copy.address, copy.byteCount, stream)
        : table.MemcpyHtoDAsync(copy.address, copy.host, copy.byteCount, stream),
      "a copy beside the kernels")
    let end = try ends[copy.host] ?? Self.event(driver, card)
    ends[copy.host] = end
    try check(table.EventRecord(end, stream), "an event")
  }

  func settle(_ host: UnsafeMutableRawPointer) throws {
    guard let end = ends[host] else { return }
    try check(driver.table.pointee.StreamWaitEvent(context.stream, end, 0), "an event")
  }

  func synchronize() throws {
    try check(driver.table.pointee.StreamSynchronize(stream), "waiting for copies")
  }

  private func check(_ status: Int32, _ what: String) throws {
    try driver.check(status, what, card)
  }
}
