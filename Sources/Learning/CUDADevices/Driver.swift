internal import CCUDA
internal import Diagnostics

/// NVIDIA's driver as this process found it.
package struct Driver: @unchecked Sendable {
  // A table of functions with static lifetime that any thread may call.
  let table: UnsafePointer<orc_cuda>

  /// The oldest CUDA whose entry points are used: 11.2.
  static let versionMin: Int32 = 11020

  /// - Throws: ``Failure`` `cuda.no-driver` or `cuda.driver-too-old`.
  package init() throws {
    guard let table = orc_cuda_load() else { throw CUDAProblem.noDriver("it cannot be loaded") }
    let reason = Self.text(table.pointee.reason)
    if !reason.isEmpty { throw CUDAProblem.noDriver(reason) }
    self.table = table
    if table.pointee.driver_version < Self.versionMin {
      throw CUDAProblem.driverTooOld(version, needs: Self.text(version: Self.versionMin))
    }
  }

  /// Such as `13.0`.
  package var version: String { Self.text(version: table.pointee.driver_version) }
  var major: Int32 { table.pointee.driver_version / 1000 }

  /// One card.
  package struct Card: Sendable {
    package let index: Int
    package let name: String
    /// Such as 9 and 0.
    package let major, minor: Int
    package let byteCount: Int
    package let multiprocessorCount: Int
    /// Of a block that asks for it.
    package let sharedBytesMax: Int
    let handle: Int32

    package var capability: String { "\(major).\(minor)" }
    /// Its architecture as a number: 90.
    package var architecture: Int { 10 * major + minor }
  }

  package func cards() throws -> [Card] {
    var count: Int32 = 0
    try check(table.pointee.DeviceGetCount(&count), "counting the cards", "driver")
    return try (0..<count).map { try card($0) }
  }

  private func card(_ index: Int32) throws -> Card {
    var handle: Int32 = 0
    try check(table.pointee.DeviceGet(&handle, index), "asking for the card", "card \(index)")
    var name = [CChar](repeating: 0, count: 256)
    try check(table.pointee.DeviceGetName(&name, 256, handle), "its name", "card \(index)")
    var bytes = 0
    try check(table.pointee.DeviceTotalMem(&bytes, handle), "its memory", "card \(index)")
    func attribute(_ number: Int32) throws -> Int {
      var value: Int32 = 0
      try check(
        table.pointee.DeviceGetAttribute(&value, number, handle), "an attribute",
        "card \(index)")
      return Int(value)
    }
    // CU_DEVICE_ATTRIBUTE_: COMPUTE_CAPABILITY_MAJOR, _MINOR, MULTIPROCESSOR_COUNT,
    // MAX_SHARED_MEMORY_PER_BLOCK_OPTIN.
    return Card(
      index: Int(index),
      name: String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self),
      major: try attribute(75), minor: try attribute(76), byteCount: bytes,
      multiprocessorCount: try attribute(16), sharedBytesMax: try attribute(97), handle: handle)
  }

  /// Turns a status of the driver into what the user is told.
  func check(_ status: Int32, _ what: String, _ device: String, asked: Int = 0) throws {
    if status == 0 { return }
    let reason = reason(status)
    if status == CUDAProblem.outOfMemoryStatus {
      var (free, total) = (0, 0)
      let isKnown = table.pointee.MemGetInfo(&free, &total) == 0
      throw CUDAProblem.outOfMemory(asked: asked, free: isKnown ? free : nil, device)
    }
    if CUDAProblem.lost.contains(status) { throw CUDAProblem.lostDevice(device, reason) }
    throw CUDAProblem.launch(what, device, reason)
  }

  private func reason(_ status: Int32) -> String {
    var (name, text): (UnsafePointer<CChar>?, UnsafePointer<CChar>?)
    _ = table.pointee.GetErrorName(status, &name)
    _ = table.pointee.GetErrorString(status, &text)
    return "\(text.map { String(cString: $0) } ?? "unknown error") "
      + "(\(name.map { String(cString: $0) } ?? "status \(status)"))"
  }

  private static func text(version: Int32) -> String { "\(version / 1000).\(version % 1000 / 10)" }

  static func text<Characters>(_ characters: Characters) -> String {
    withUnsafeBytes(of: characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}
