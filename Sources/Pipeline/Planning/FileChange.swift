internal import Documents
private import Foundation
internal import Reproducibility
internal import StageKit

/// How a file outside the store differs from when it was last read: by rows where they can be
/// counted, else by bytes. Contents are never shown.
struct FileChange {
  var name: String
  /// Nil: it is new.
  var before: InputFile?
  /// Nil: it is gone.
  var after: InputFile?
  var rowsBefore: Int?
  var rowsAfter: Int?

  /// `file data/a.jsonl added: 1,204 rows`
  var text: String {
    switch (before, after) {
    case (nil, let after?):
      "file \(name) added: \(rowsAfter.map(Self.rows) ?? Self.size(after.bytes))"
    case (let before?, nil):
      "file \(name) removed: \(rowsBefore.map(Self.rows) ?? Self.size(before.bytes))"
    case (let before?, let after?): "file \(name) changed: \(difference(before, after))"
    case (nil, nil): "file \(name)"
    }
  }

  private func difference(_ before: InputFile, _ after: InputFile) -> String {
    if let rowsBefore, let rowsAfter {
      if rowsBefore == rowsAfter { return "\(Self.rows(rowsAfter)) as before" }
      return "\(Self.number(rowsBefore)) → \(Self.rows(rowsAfter)), "
        + (rowsAfter > rowsBefore
          ? "\(Self.number(rowsAfter - rowsBefore)) more"
          : "\(Self.number(rowsBefore - rowsAfter)) less")
    }
    if before.bytes == after.bytes { return "\(Self.size(after.bytes)) as before" }
    return "\(Self.size(before.bytes)) → \(Self.size(after.bytes))"
  }

  // MARK: - Counting

  /// More bytes are not read only to tell a number; they were hashed just now.
  private static let countedBytesMax = 1 << 30

  /// Lines that hold something, of a file of JSON Lines; nil for other files, and when it cannot be
  /// read.
  static func countRows(of file: InputFile) -> Int? {
    let name = file.name.lowercased()
    guard name.hasSuffix(".jsonl") || name.hasSuffix(".ndjson"), file.bytes <= countedBytesMax,
      let bytes = try? Data(
        contentsOf: URL(fileURLWithPath: file.path), options: [.alwaysMapped])
    else { return nil }
    return bytes.withUnsafeBytes { buffer in
      var count = 0
      var hasText = false
      for byte in buffer {
        switch byte {
        case UInt8(ascii: "\n"):
          if hasText { count += 1 }
          hasText = false
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): break
        default: hasText = true
        }
      }
      return hasText ? count + 1 : count
    }
  }

  /// Rows by file, as the report of a result counts them: `files` of `report.json`, good and bad
  /// rows together.
  static func rows(in report: InputArtifact?) -> [String: Int] {
    guard let report, let path = try? report.tree.path("report.json"),
      let bytes = try? HostFile.bytes(path, limit: 16 << 20),
      let json = try? JSONReader.parse(bytes, file: "report.json")
    else { return [:] }
    var rows: [String: Int] = [:]
    for file in json["files"]?.arrayValue ?? [] {
      guard let name = file["file"]?.stringValue, let good = file["rows"]?.integerValue else {
        continue
      }
      rows[name] = Int(good) + Int(file["bad_rows"]?.integerValue ?? 0)
    }
    return rows
  }

  // MARK: - Words

  static func rows(_ count: Int) -> String { count == 1 ? "1 row" : "\(number(count)) rows" }

  /// `1,204`
  static func number(_ value: Int) -> String {
    var text = ""
    for (index, digit) in String(abs(value)).reversed().enumerated() {
      if index > 0, index % 3 == 0 { text = "," + text }
      text = String(digit) + text
    }
    return value < 0 ? "-" + text : text
  }

  /// `310 kB`, `1.2 GB`: decimal, as disks are sold.
  static func size(_ bytes: Int) -> String {
    var value = Double(bytes)
    for unit in ["bytes", "kB", "MB", "GB"] {
      if value < 999.5 {
        let isWhole = unit == "bytes" || value >= 10
        let shown = isWhole ? "\(Int(value.rounded()))" : "\((value * 10).rounded() / 10)"
        return bytes == 1 ? "1 byte" : "\(shown) \(unit)"
      }
      value /= 1000
    }
    return "\((value * 10).rounded() / 10) TB"
  }
}
