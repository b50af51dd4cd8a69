internal import Diagnostics
private import Foundation
internal import Reproducibility

/// Arrays of numbers one after the other, little-endian, without a header: the arrays of a
/// checkpoint, whose sizes the model knows and whose digests the checkpoint's manifest keeps.
enum NumberFile {
  /// - Throws: ``Failure`` of class `io`.
  static func write<Number: BitwiseCopyable>(
    _ arrays: [UnsafeBufferPointer<Number>], to path: String
  ) throws {
    guard let file = fopen(path, "wb") else { throw problem("create", path) }
    defer { fclose(file) }
    for array in arrays where !array.isEmpty {
      let bytes = UnsafeRawBufferPointer(array)
      guard fwrite(bytes.baseAddress, 1, bytes.count, file) == bytes.count else {
        throw problem("write", path)
      }
    }
    guard fflush(file) == 0 else { throw problem("write", path) }
  }

  /// Fills `arrays` in order.
  ///
  /// - Returns: false, changing nothing, when the file's size is not the sum of theirs.
  /// - Throws: ``Failure`` of class `io`.
  static func read<Number: BitwiseCopyable>(
    _ path: String, into arrays: [UnsafeMutableBufferPointer<Number>]
  ) throws -> Bool {
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
    } catch { throw problem("read", path) }
    let size = MemoryLayout<Number>.stride
    guard data.count == arrays.reduce(0, { $0 + $1.count * size }) else { return false }
    data.withUnsafeBytes { bytes in
      var offset = 0
      for array in arrays {
        let part = UnsafeRawBufferPointer(rebasing: bytes[offset..<(offset + array.count * size)])
        UnsafeMutableRawBufferPointer(array).copyMemory(from: part)
        offset += part.count
      }
    }
    return true
  }

  private static func problem(_ verb: String, _ path: String) -> Failure {
    let reason = String(cString: strerror(errno))
    return Diagnostic(
      "io.checkpoint", "cannot \(verb) '\(SafeText.escaped(path))': \(reason)",
      fix: "make room on the disk or check the folder's permissions, then resume"
    ).failure(.io)
  }
}
