internal import Diagnostics
package import Documents
package import Reproducibility

/// `records.json`: the chunks of a records artifact, in order.
package struct RecordsManifest: Sendable, Hashable {
  package static let file = "records.json"
  package static let formatVersion = 1

  package struct Chunk: Sendable, Hashable {
    /// `chunks/000001.jsonl`
    package var file: String
    package var rows: Int
    package var bytes: Int
    package var digest: Digest
  }

  package var chunks: [Chunk]
  package var rowCount: Int { chunks.reduce(0) { $0 + $1.rows } }

  package init(chunks: [Chunk]) { self.chunks = chunks }

  /// - Throws: ``Failure`` of class `badInput` that names the member.
  package init(json: JSONValue, file: String) throws {
    func wrong(_ what: String) -> Failure {
      Diagnostic("records.manifest", what, at: SourceSpan(file: file, line: 1)).failure(.badInput)
    }
    guard let version = json["formatVersion"]?.integerValue, let items = json["chunks"]?.arrayValue
    else { throw wrong("not the manifest of a records artifact") }
    guard version == Self.formatVersion else {
      throw wrong(
        "records of format \(version); this version reads format \(Self.formatVersion)")
    }
    chunks = []
    for (index, item) in items.enumerated() {
      guard let name = item["file"]?.stringValue, let rows = item["rows"]?.integerValue,
        let bytes = item["bytes"]?.integerValue, rows >= 0, bytes >= 0,
        let digest = item["sha256"]?.stringValue.flatMap({ Digest(hex: $0) })
      else { throw wrong("chunk \(index + 1) lacks file, rows, bytes or sha256") }
      chunks.append(Chunk(file: name, rows: rows, bytes: bytes, digest: digest))
    }
    guard json["rows"]?.integerValue == rowCount else {
      throw wrong("the chunks hold \(rowCount) rows, which is not the number stated")
    }
  }

  /// The file of chunk `number`, counted from 1: `chunks/000001.jsonl`.
  static func chunkFile(_ number: Int) -> String {
    let text = String(number)
    return "chunks/" + String(repeating: "0", count: max(0, 6 - text.count)) + text + ".jsonl"
  }

  /// Writes `records.json` into the folder of the artifact.
  func write(to folder: String) throws {
    try OutputFile.write(
      Array((JSONWriter.compact(json) + "\n").utf8), to: folder + "/" + Self.file)
  }

  package var json: JSONValue {
    let items = chunks.map { chunk in
      JSONValue.object([
        "file": .string(chunk.file), "rows": .integer(Int64(chunk.rows)),
        "bytes": .integer(Int64(chunk.bytes)), "sha256": .string(chunk.digest.hex),
      ])
    }
    return .object([
      "formatVersion": .integer(Int64(Self.formatVersion)), "rows": .integer(Int64(rowCount)),
      "chunks": .array(items),
    ])
  }
}
