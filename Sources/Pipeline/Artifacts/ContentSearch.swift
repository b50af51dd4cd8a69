internal import Diagnostics
internal import Documents
private import Glibc
private import Reproducibility

/// Looks for texts in the bytes of files: as they are and as JSON strings write them, ASCII letters
/// in any case; and for the hashes of rows, wherever an id is written.
package struct ContentSearch: Sendable {
  /// In lower case.
  private let patterns: [[UInt8]]
  private let longest: Int
  /// 32 hexadecimal digits each.
  private let rows: Set<[UInt8]>

  /// Bytes read at a time.
  private static let blockBytes = 1 << 20

  /// - Parameters:
  ///   - texts: none of them empty.
  ///   - rows: hashes of row ids, 32 lower-case hexadecimal digits each.
  package init(_ texts: [String], rows: Set<String> = []) {
    precondition(texts.allSatisfy { !$0.isEmpty }, "an empty text is everywhere")
    var patterns: Set<[UInt8]> = []
    for text in texts {
      patterns.insert(text.utf8.map(Self.lower))
      let quoted = JSONWriter.compact(.string(text))
      let inner = Array(quoted.utf8.dropFirst().dropLast())
      patterns.insert(inner.map(Self.lower))
      // Foundation writes a slash with a backslash before it.
      patterns.insert(inner.flatMap { $0 == 0x2F ? [0x5C, 0x2F] : [Self.lower($0)] })
    }
    self.patterns = patterns.sorted { $0.lexicographicallyPrecedes($1) }
    self.rows = Set(rows.map { Array($0.utf8) })
    longest = max(patterns.map(\.count).max() ?? 1, Self.hashDigits + 2)
  }

  /// Whether any of the texts is in `bytes`.
  package func matches(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    patterns.contains { Self.find($0, in: bytes) } || holdsRow(bytes)
  }

  private static let hashDigits = 32

  /// Whether a run of exactly 32 hexadecimal digits is one of ``rows``.
  private func holdsRow(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    if rows.isEmpty { return false }
    var start = 0
    while start < bytes.count {
      guard Self.isHex(bytes[start]) else {
        start += 1
        continue
      }
      var end = start + 1
      while end < bytes.count, Self.isHex(bytes[end]) { end += 1 }
      if end - start == Self.hashDigits, rows.contains(Array(bytes[start..<end])) { return true }
      start = end
    }
    return false
  }

  private static func isHex(_ byte: UInt8) -> Bool {
    byte &- 48 < 10 || byte &- 97 < 6
  }

  package func matches(_ bytes: ArraySlice<UInt8>) -> Bool {
    bytes.withUnsafeBufferPointer { matches($0) }
  }

  /// Whether any of the texts is in the file, which is read in blocks that overlap.
  ///
  /// - Throws: ``Failure`` of class `io` or `permission`.
  package func matches(file path: String) throws -> Bool {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw SystemError.failure("read", path) }
    defer { close(file) }
    var info = stat()
    guard fstat(file, &info) == 0 else { throw SystemError.failure("read", path) }
    // Most files are small: a buffer that takes all of one, and a byte more, sees its end.
    let block = min(Self.blockBytes, max(Int(info.st_size), 0) + 1)
    let room = longest - 1 + block
    return try withUnsafeTemporaryAllocation(of: UInt8.self, capacity: room) { buffer in
      var filled = 0
      while true {
        let count = read(file, buffer.baseAddress?.advanced(by: filled), buffer.count - filled)
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else { throw SystemError.failure("read", path) }
        filled += count
        let bytes = UnsafeBufferPointer(rebasing: buffer[..<filled])
        if count > 0, filled < buffer.count { continue }
        if matches(bytes) { return true }
        if count == 0 { return false }
        // What may begin a text that the next block ends.
        let kept = min(filled, longest - 1)
        if let base = buffer.baseAddress { base.update(from: base + (filled - kept), count: kept) }
        filled = kept
      }
    }
  }

  private static func find(_ pattern: [UInt8], in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let first = pattern.first, bytes.count >= pattern.count else { return false }
    for start in 0...(bytes.count - pattern.count) where lower(bytes[start]) == first {
      var length = 1
      while length < pattern.count, lower(bytes[start + length]) == pattern[length] { length += 1 }
      if length == pattern.count { return true }
    }
    return false
  }

  private static func lower(_ byte: UInt8) -> UInt8 { byte &- 65 < 26 ? byte | 0x20 : byte }
}
