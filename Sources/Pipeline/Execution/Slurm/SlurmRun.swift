private import Foundation
private import Glibc
private import Reproducibility

/// One execution of a job, read from its folder while it may still be written, perhaps by another
/// machine.
struct SlurmRun {
  let folder: String
  private var position: off_t = 0
  private var buffer: [UInt8] = []
  /// The line that says how it ended, held back until its exit status is there: an execution that
  /// was requeued has said `stopped` and does not count.
  private(set) var last: ChildMessage?

  init(_ folder: String) { self.folder = folder }

  /// What it has said since, in whole lines, the last one left out.
  mutating func news() -> [UInt8] {
    let file = open(folder + "/events", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return [] }
    defer { close(file) }
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = pread(file, &piece, piece.count, position)
      if count <= 0 { break }
      buffer += piece[0..<count]
      position += off_t(count)
    }
    guard let end = buffer.lastIndex(of: UInt8(ascii: "\n")) else { return [] }
    var lines: [UInt8] = []
    for line in buffer[...end].split(separator: UInt8(ascii: "\n")) {
      if Self.mayBeLast(line),
        let message = try? JSONDecoder().decode(ChildMessage.self, from: Data(line)),
        message.isLast
      {
        last = message
      } else {
        lines += line + [UInt8(ascii: "\n")]
      }
    }
    buffer.removeSubrange(...end)
    return lines
  }

  /// The exit status that the script left; nil while it runs, or when it was lost or requeued.
  var exitStatus: Int32? {
    guard let bytes = try? DurableFile.read(folder + "/exit") else { return nil }
    return Int32(
      String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
  }

  /// Events are many and never last.
  private static func mayBeLast(_ line: ArraySlice<UInt8>) -> Bool {
    !line.starts(with: Array("{\"event\"".utf8))
  }

  /// Executions in `folder`, by job, then restart.
  static func folders(in folder: String) -> [String] {
    let names = (try? DurableFile.names(in: folder)) ?? []
    return names.sorted { order($0).lexicographicallyPrecedes(order($1)) }.map { folder + "/" + $0 }
  }

  private static func order(_ name: String) -> [Int] {
    name.split(separator: ".").map { Int($0) ?? 0 }
  }
}
