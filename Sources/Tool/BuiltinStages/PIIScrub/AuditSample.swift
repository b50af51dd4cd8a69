internal import Foundation
internal import Records

/// The rows for human review: of those that the chunks propose, the ones with the smallest ids.
enum AuditSample {
  /// Rewrites the file; writes an empty one where no chunk proposed any.
  static func cut(_ path: String, to count: Int) throws {
    var lines: [ArraySlice<UInt8>] = []
    if FileManager.default.fileExists(atPath: path) {
      lines = try BlockReader.bytes(of: path).split(separator: UInt8(ascii: "\n"))
    }
    // A line begins with the id of its row.
    lines.sort { $0.lexicographicallyPrecedes($1) }
    let kept = lines.prefix(count).flatMap { $0 + [UInt8(ascii: "\n")] }
    try OutputFile.write(kept, to: path)
  }
}
