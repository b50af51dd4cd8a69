internal import Diagnostics
private import Foundation
internal import Reproducibility
internal import Tensors

/// Arrays of numbers one after the other, little-endian, without a header: the arrays of a
/// checkpoint, whose sizes the model knows and whose digests the checkpoint's manifest keeps.
enum NumberFile {
  /// - Throws: ``Failure`` of class `io`.
  static func write<Number: BitwiseCopyable>(_ arrays: [[Number]], to path: String) throws {
    try create(path) { file in
      for array in arrays { try array.withUnsafeBytes { try append($0, file, path) } }
    }
  }

  /// The same from memory of a backend, a piece at a time.
  static func write(_ matrices: [Matrix], to path: String) throws {
    try create(path) { file in
      for matrix in matrices {
        try eachPiece(matrix) { range in
          let piece = [Float](unsafeUninitializedCapacity: range.count) { buffer, count in
            matrix.read(range.lowerBound, into: .init(rebasing: buffer[..<range.count]))
            count = range.count
          }
          try piece.withUnsafeBytes { try append($0, file, path) }
        }
      }
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

  /// All of a file; nil when its size is no multiple of eight bytes.
  static func read(_ path: String) throws -> [Double]? {
    let bytes = try contents(path)
    guard bytes.count % 8 == 0 else { return nil }
    var values = [Double](repeating: 0, count: bytes.count / 8)
    values.withUnsafeMutableBytes { _ = copy(bytes, from: 0, to: $0) }
    return values
  }

  /// The same into memory of a backend.
  static func read(_ path: String, into matrices: [Matrix]) throws -> Bool {
    guard let data = try data(path, sizes: matrices.map { 4 * $0.count }) else { return false }
    var start = 0
    for matrix in matrices {
      eachPiece(matrix) { range in
        var piece = [Float](repeating: 0, count: range.count)
        piece.withUnsafeMutableBytes { start = copy(data, from: start, to: $0) }
        piece.withUnsafeBufferPointer { matrix.write(range.lowerBound, from: $0) }
      }
    }
    return true
  }

  /// Cells of a matrix in runs of at most a million.
  private static func eachPiece(_ matrix: Matrix, _ body: (Range<Int>) throws -> Void) rethrows {
    for start in stride(from: 0, to: matrix.count, by: 1 << 20) {
      try body(start..<min(matrix.count, start + 1 << 20))
    }
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
    let data = try contents(path)
    return data.count == sizes.reduce(0, +) ? data : nil
  }

  private static func contents(_ path: String) throws -> Data {
    do {
      return try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
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
