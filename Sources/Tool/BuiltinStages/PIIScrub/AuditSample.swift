internal import Foundation
internal import Records

/// The rows for human review: of those that the chunks propose, the ones with the smallest ids.
enum AuditSample {
  /// Rewrites the file; writes an empty one where no chunk proposed any.
  static func cut(_ path: String, to count: Int) throws {
    var bytes: [UInt8] = []
    if FileManager.default.fileExists(atPath: path) { bytes = try BlockReader.bytes(of: path) }
    var lines: [Range<Int>] = []
    var start = 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
      if end > start { lines.append(start..<end) }
      start = end + 1
    }
    // A line begins with the id of its row.
    bytes.withUnsafeBytes { all in
      lines.sort { a, b in
        let order = memcmp(
          all.baseAddress! + a.lowerBound, all.baseAddress! + b.lowerBound, min(a.count, b.count))
        return order < 0 || order == 0 && a.count < b.count
      }
    }
    var kept: [UInt8] = []
    for line in lines.prefix(count) {
      kept += bytes[line]
      kept.append(UInt8(ascii: "\n"))
    }
    try OutputFile.write(kept, to: path)
  }
}
