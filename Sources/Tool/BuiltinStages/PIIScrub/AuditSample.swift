internal import Diagnostics
internal import Documents
internal import Foundation
internal import Records
internal import Reproducibility

/// The rows for human review: of those that the chunks propose, the ones with the smallest ids.
enum AuditSample {
  /// Rewrites the file; writes an empty one where no chunk proposed any.
  static func cut(_ path: String, to count: Int) throws {
    var lines: [(id: String, line: [UInt8])] = []
    if let data = FileManager.default.contents(atPath: path) {
      for (number, line) in data.split(separator: UInt8(ascii: "\n")).enumerated() {
        let bytes = Array(line)
        let json = try JSONReader.parse(bytes, file: path, line: number + 1)
        lines.append((json["row"]?.stringValue ?? "", bytes))
      }
    }
    lines.sort { $0.id < $1.id }
    let kept = lines.prefix(count).flatMap { $0.line + [UInt8(ascii: "\n")] }
    try OutputFile.write(kept, to: path)
  }
}
