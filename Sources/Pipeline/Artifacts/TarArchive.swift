internal import Diagnostics
private import Glibc
private import Reproducibility

/// Files in one file, in the ustar format (POSIX.1-1988) that `tar` reads; sizes of 8 GiB and more
/// in the base-256 form of GNU tar.
package enum TarArchive {
  static let blockBytes = 512

  /// Reads entries one after the other.
  package final class Reader {
    private let descriptor: Int32
    private let path: String
    private var left = 0
    private var padding = 0

    package init(_ path: String) throws {
      self.path = path
      descriptor = open(path, O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw SystemError.failure("open", path) }
    }

    deinit { close(descriptor) }

    /// The next entry; nil at the end.
    ///
    /// - Throws: ``Failure`` of class `badInput` for what is no such archive, or was cut short.
    package func next() throws -> (name: String, size: Int)? {
      while left > 0 { _ = try piece() }
      _ = try exactly(padding)
      padding = 0
      let block = try exactly(TarArchive.blockBytes)
      if block.allSatisfy({ $0 == 0 }) { return nil }
      guard let (name, size) = TarArchive.entry(block) else { throw damaged("a header is damaged") }
      left = size
      padding = (TarArchive.blockBytes - size % TarArchive.blockBytes) % TarArchive.blockBytes
      return (name, size)
    }

    /// The next bytes of the entry; empty at its end.
    package func piece() throws -> [UInt8] {
      if left == 0 { return [] }
      let bytes = try exactly(min(left, 1 << 20))
      left -= bytes.count
      return bytes
    }

    private func exactly(_ count: Int) throws -> [UInt8] {
      if count == 0 { return [] }
      var bytes = [UInt8](repeating: 0, count: count)
      var done = 0
      while done < count {
        let got = bytes.withUnsafeMutableBytes {
          read(descriptor, $0.baseAddress?.advanced(by: done), count - done)
        }
        if got == 0 { throw damaged("it ends too early") }
        if got > 0 {
          done += got
        } else if errno != EINTR {
          throw SystemError.failure("read", path)
        }
      }
      return bytes
    }

    private func damaged(_ what: String) -> Failure {
      Diagnostic(
        "backup.damaged", "'\(SafeText.escaped(path, limit: 300))' is no whole backup: \(what)",
        fix: "use another backup; nothing was changed"
      ).failure(.badInput)
    }
  }

  // MARK: - Headers

  static func header(_ name: String, size: Int) -> [UInt8] {
    precondition(name.utf8.count < 100, "a name of an entry has fewer than 100 bytes")
    var block = [UInt8](repeating: 0, count: blockBytes)
    func put(_ text: String, at offset: Int) {
      for (index, byte) in text.utf8.enumerated() { block[offset + index] = byte }
    }
    func octal(_ value: Int, _ digits: Int) -> String {
      let text = String(value, radix: 8)
      return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
    put(name, at: 0)
    put(octal(0o644, 7), at: 100)
    put(octal(0, 7), at: 108)
    put(octal(0, 7), at: 116)
    if size < 1 << 33 {
      put(octal(size, 11), at: 124)
    } else {
      block[124] = 0x80
      for index in 0..<8 { block[135 - index] = UInt8(truncatingIfNeeded: size >> (8 * index)) }
    }
    put(octal(0, 11), at: 136)
    put("        ", at: 148)
    put("0", at: 156)
    put("ustar", at: 257)
    put("00", at: 263)
    put(octal(block.reduce(0) { $0 + Int($1) }, 6), at: 148)
    block[154] = 0
    return block
  }

  private static func entry(_ block: [UInt8]) -> (name: String, size: Int)? {
    func text(_ range: Range<Int>) -> String {
      String(decoding: block[range].prefix { $0 != 0 && $0 != 0x20 }, as: UTF8.self)
    }
    var sum = 0
    for (index, byte) in block.enumerated() { sum += (148..<156).contains(index) ? 32 : Int(byte) }
    guard Int(text(148..<156), radix: 8) == sum, text(257..<262) == "ustar" else { return nil }
    let name = text(0..<100)
    if block[124] & 0x80 != 0 {
      let size = block[128..<136].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      return Int(exactly: size).map { (name, $0) }
    }
    guard let size = Int(text(124..<136), radix: 8), size >= 0 else { return nil }
    return (name, size)
  }
}
