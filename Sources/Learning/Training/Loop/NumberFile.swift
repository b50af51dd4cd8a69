internal import Diagnostics
private import Foundation
internal import Reproducibility

/// Arrays of numbers one after the other, little-endian, without a header: the arrays of a
/// checkpoint, whose sizes the model knows and whose digests the checkpoint's manifest keeps.
enum NumberFile {
  /// - Throws: ``Failure`` of class `io`.
  static func write<Number: BitwiseCopyable>(_ arrays: [[Number]], to path: String) throws {
    try create(path) { file in
      for array in arrays { try array.withUnsafeBytes { try append($0, file, path) } }
    }
  }

  /// The same from memory owned elsewhere.
  static func write<Number: BitwiseCopyable>(
    _ buffers: [UnsafeMutableBufferPointer<Number>], to path: String
  ) throws {
    try create(path) { file in
      for buffer in buffers { try append(UnsafeRawBufferPointer(buffer), file, path) }
    }
  }

  /// Fills `arrays` in order.
  ///
  /// - Returns: false, changing nothing, when the file's size is not the sum of theirs.
  /// - Throws: ``Failure`` of class `io`.
  static func read<Number: BitwiseCopyable>(_ path: String, into arrays: inout [[Number]]) throws
    -> Bool
  {
    guard let data = try data(path, sizes: arrays.map { MemoryLayout<Number>.stride * $0.count })
    else { return false }
    var start = 0
    for index in arrays.indices {
      arrays[index].withUnsafeMutableBytes { start = copy(data, from: start, to: $0) }
    }
    return true
  }

  /// The same into memory owned elsewhere.
  static func read<Number: BitwiseCopyable>(
    _ path: String, into buffers: [UnsafeMutableBufferPointer<Number>]
  ) throws -> Bool {
    guard let data = try data(path, sizes: buffers.map { MemoryLayout<Number>.stride * $0.count })
    else { return false }
    var start = 0
    for buffer in buffers {
      start = copy(data, from: start, to: UnsafeMutableRawBufferPointer(buffer))
    }
    return true
  }

  // MARK: - Private

  private static func create(_ path: String, _ body: (UnsafeMutablePointer<FILE>) throws -> Void)
    throws
  {
    guard let file = fopen(path, "wb") else { throw problem("create", path) }
    do {
      try body(file)
    } catch {
      fclose(file)
      throw error
    }
    guard fclose(file) == 0 else { throw problem("write", path) }
  }

  private static func append(
    _ bytes: UnsafeRawBufferPointer, _ file: UnsafeMutablePointer<FILE>, _ path: String
  ) throws {
    guard let address = bytes.baseAddress, !bytes.isEmpty else { return }
    guard fwrite(address, 1, bytes.count, file) == bytes.count else {
      throw problem("write", path)
    }
  }

  private static func data(_ path: String, sizes: [Int]) throws -> Data? {
    do {
      let data = try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
      return data.count == sizes.reduce(0, +) ? data : nil
    } catch { throw problem("read", path) }
  }

  private static func copy(
    _ data: Data, from start: Int, to target: UnsafeMutableRawBufferPointer
  ) -> Int {
    data.withUnsafeBytes { bytes in
      target.copyMemory(
        from: UnsafeRawBufferPointer(rebasing: bytes[start..<(start + target.count)]))
    }
    return start + target.count
  }

  private static func problem(_ verb: String, _ path: String) -> Failure {
    let reason = String(cString: strerror(errno))
    return Diagnostic(
      "io.checkpoint", "cannot \(verb) '\(SafeText.escaped(path))': \(reason)",
      fix: "make room on the disk or check the folder's permissions, then resume"
    ).failure(.io)
  }
}
