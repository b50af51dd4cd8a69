internal import CCUDA
internal import Diagnostics

/// NVIDIA's run-time compiler as this process found it.
package struct Compiler: @unchecked Sendable {
  // A table of functions with static lifetime that any thread may call.
  private let table: UnsafePointer<orc_nvrtc>

  /// - Parameter newestMajor: the CUDA major version that the driver serves; 0: any.
  /// - Throws: ``Failure`` `cuda.no-compiler`.
  package init(newestMajor: Int) throws {
    guard let table = orc_nvrtc_load(Int32(newestMajor)) else {
      throw CUDAProblem.noCompiler("it cannot be loaded")
    }
    let reason = Driver.text(table.pointee.reason)
    if !reason.isEmpty { throw CUDAProblem.noCompiler(reason) }
    self.table = table
  }

  /// Such as `13.0`.
  package var version: String { "\(table.pointee.major).\(table.pointee.minor)" }

  /// How every kernel is compiled: IEEE division and roots, nothing flushed to zero. Products and
  /// sums may become one operation but where the source names the rounding of each.
  package static let options = ["--std=c++17"]

  /// What code for a card is compiled for.
  package struct Target: Sendable, Hashable {
    /// As the compiler names it: `sm_90`, or `compute_90` for PTX, which the driver makes code of.
    package let name: String
    var isPTX: Bool { name.hasPrefix("compute_") }
  }

  /// Machine code of the card where the compiler knows its architecture, else PTX of the newest one
  /// that it knows and the card follows.
  ///
  /// - Parameter architecture: such as 90.
  /// - Throws: ``Failure`` `cuda.no-compiler` where it knows none that the card follows.
  package func target(_ architecture: Int) throws -> Target {
    var count: Int32 = 0
    guard table.pointee.GetNumSupportedArchs(&count) == 0, count > 0 else {
      throw CUDAProblem.noCompiler("NVRTC \(version) does not say what it compiles for")
    }
    var known = [Int32](repeating: 0, count: Int(count))
    _ = table.pointee.GetSupportedArchs(&known)
    if known.contains(Int32(architecture)) { return Target(name: "sm_\(architecture)") }
    guard let newest = known.filter({ $0 <= architecture }).max() else {
      let oldest = known.min() ?? 0
      throw CUDAProblem.noCompiler(
        "NVRTC \(version) compiles for compute capability \(oldest / 10).\(oldest % 10) and later")
    }
    return Target(name: "compute_\(newest)")
  }

  /// The image of a source for one target: a cubin, or PTX with a zero at its end.
  ///
  /// - Throws: ``Failure`` `cuda.kernel` with the first lines of the compiler's log.
  package func compile(_ source: String, name: String, _ target: Target) throws -> [UInt8] {
    var program: UnsafeMutableRawPointer?
    try check(
      source.withCString { table.pointee.CreateProgram(&program, $0, name, 0, nil, nil) }, name,
      nil)
    defer { _ = table.pointee.DestroyProgram(&program) }
    let options = (Self.options + ["--gpu-architecture=\(target.name)"]).map {
      Array($0.utf8CString)
    }
    let status = withPointers(options) {
      table.pointee.CompileProgram(program, Int32($0.count), $0.baseAddress)
    }
    try check(status, name, program)
    var size = 0
    let (measure, copy) =
      target.isPTX
      ? (table.pointee.GetPTXSize, table.pointee.GetPTX)
      : (table.pointee.GetCUBINSize, table.pointee.GetCUBIN)
    try check(measure?(program, &size) ?? 1, name, nil)
    var image = [CChar](repeating: 0, count: size)
    try check(copy?(program, &image) ?? 1, name, nil)
    return image.map { UInt8(bitPattern: $0) }
  }

  private func withPointers<Result>(
    _ texts: [[CChar]], _ body: (UnsafeBufferPointer<UnsafePointer<CChar>?>) -> Result
  ) -> Result {
    let flat = texts.flatMap { $0 }
    return flat.withUnsafeBufferPointer { flat in
      var start = 0
      let pointers = texts.map { text -> UnsafePointer<CChar>? in
        defer { start += text.count }
        return flat.baseAddress.map { $0 + start }
      }
      return pointers.withUnsafeBufferPointer(body)
    }
  }

  private func check(_ status: Int32, _ name: String, _ program: UnsafeMutableRawPointer?) throws {
    if status == 0 { return }
    var reason = table.pointee.GetErrorString(status).map { String(cString: $0) } ?? "\(status)"
    var size = 0
    if let program, table.pointee.GetProgramLogSize(program, &size) == 0, size > 1 {
      var log = [CChar](repeating: 0, count: size)
      if table.pointee.GetProgramLog(program, &log) == 0 {
        let bytes = log.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        reason +=
          ": "
          + String(decoding: bytes, as: UTF8.self).split(separator: "\n").prefix(3)
          .joined(separator: "; ")
      }
    }
    throw CUDAProblem.kernel(name, reason)
  }
}
