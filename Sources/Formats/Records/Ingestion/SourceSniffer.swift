package import Diagnostics

/// Recognises files that are not what their name says, from their first bytes.
package enum SourceSniffer {
  /// Bytes of the start that are enough to tell.
  package static let headBytes = 64 << 10

  private static let magics: [(bytes: [UInt8], name: String, fix: String)] = [
    ([0x1F, 0x8B], "a gzip file", "name it .jsonl.gz, or unpack it: gunzip -c FILE > FILE.jsonl"),
    ([0x28, 0xB5, 0x2F, 0xFD], "a zstd file", "name it .jsonl.zst, or unpack it: zstd -d FILE"),
    ([0x42, 0x5A, 0x68], "a bzip2 file", "unpack it first: bunzip2 FILE"),
    ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "an xz file", "unpack it first: unxz FILE"),
    ([0x50, 0x4B, 0x03, 0x04], "a zip file (or a spreadsheet)", "export it as CSV or JSON Lines"),
    ([0x50, 0x41, 0x52, 0x31], "a Parquet file", "name it .parquet, or set 'format: parquet'"),
    ([0x41, 0x52, 0x52, 0x4F, 0x57], "an Arrow file", "export it as JSON Lines"),
  ]

  /// The problem that the first bytes of the file at `path` show, unpacked where it is packed.
  ///
  /// - Throws: ``Failure`` when the file cannot be read or unpacked.
  package static func problem(
    ofFile path: String, format: SourceFormat, packing: SourcePacking, file: String
  ) throws -> Diagnostic? {
    if format == .parquet {
      _ = try ParquetRows(path, file: file)
      return nil
    }
    var head: [UInt8] = []
    _ = try SourceBytes(path, file: file, packing: packing).read(headBytes, into: &head)
    return problem(head, format: format, file: file)
  }

  /// The problem of the whole file that `head`, its first bytes, shows; nil when there is none.
  package static func problem(_ head: [UInt8], format: SourceFormat, file: String) -> Diagnostic? {
    func found(_ code: String, _ message: String, _ fix: String?) -> Diagnostic {
      Diagnostic("source.\(code)", message, at: SourceSpan(file: file, line: 1), fix: fix)
    }
    if head.isEmpty {
      return found("empty", "the file is empty", "remove it from the sources, or make it again")
    }
    for magic in magics where head.starts(with: magic.bytes) {
      return found("packed", "the file is \(magic.name), expected \(expected(format))", magic.fix)
    }
    if let encoding = wideEncoding(head) {
      return found(
        "encoding", "the file is \(encoding), expected UTF-8",
        "convert it: iconv -f \(encoding) -t UTF-8 FILE")
    }
    if head.allSatisfy({ $0 == 0 }) {
      return found(
        "nul", "the file starts with \(head.count) NUL bytes, as after a loss of power",
        "restore it from where it came")
    }
    return format == .jsonl ? jsonLines(head, found) : nil
  }

  private static func jsonLines(
    _ head: [UInt8], _ found: (String, String, String?) -> Diagnostic
  ) -> Diagnostic? {
    let body = head.starts(with: [0xEF, 0xBB, 0xBF]) ? head.dropFirst(3) : head[...]
    let text = body.drop { isSpace($0) }
    if text.first == UInt8(ascii: "[") {
      return found(
        "json-array", "the file looks like a JSON array, expected one object a line",
        "name it .json, or set 'format: json'")
    }
    let line = text.prefix { $0 != UInt8(ascii: "\n") }
    if line.first == UInt8(ascii: "{"), line.dropFirst().allSatisfy(isSpace) {
      return found(
        "pretty-printed", "the file looks like pretty-printed JSON, expected one object a line",
        "write one object a line: jq -c . FILE > FILE.jsonl")
    }
    return nil
  }

  private static func expected(_ format: SourceFormat) -> String {
    switch format {
    case .auto, .jsonl: "JSON Lines"
    case .json: "JSON"
    case .csv: "CSV"
    case .tsv: "TSV"
    case .text: "plain text"
    case .markdown: "Markdown"
    case .parquet: "Parquet"
    }
  }

  /// UTF-16 by its byte order mark, or by NULs in every second place of the first 64 bytes.
  private static func wideEncoding(_ head: [UInt8]) -> String? {
    if head.starts(with: [0xFF, 0xFE]) { return "UTF-16LE" }
    if head.starts(with: [0xFE, 0xFF]) { return "UTF-16BE" }
    let start = head.prefix(64)
    guard start.count >= 4 else { return nil }
    let even = start.indices.allSatisfy { ($0 % 2 == 0) == (start[$0] == 0) }
    let odd = start.indices.allSatisfy { ($0 % 2 == 1) == (start[$0] == 0) }
    return odd ? "UTF-16LE" : even ? "UTF-16BE" : nil
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A
  }
}
