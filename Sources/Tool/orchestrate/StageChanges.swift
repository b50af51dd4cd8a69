import Diagnostics
import Documents
import Records
import Reproducibility
import StageKit

/// What the outputs of one stage say about its rows: ``RowChanges`` in its report.
struct StageChanges {
  struct Change {
    var rule: String
    var detail: JSONValue?
    /// The id after the stage; nil when the row was dropped.
    var row: RowID?
  }

  /// A row in an output.
  struct Fate {
    var port: String
    var digest: Digest
    var id: RowID
    var change: Change?
  }

  private let files: [(name: String, path: String)]

  init(_ outputs: [InputArtifact]) throws {
    files = outputs.flatMap { artifact in
      artifact.tree.names.filter { RowChanges.holds($0) }
        .compactMap { name in artifact.tree[name].map { (name, $0) } }
    }
  }

  /// What is recorded of a row that is dropped.
  func drop(of id: RowID) throws -> Change? {
    try first { $0.was == id && $0.change.row == nil }?.change
  }

  /// Where the row is after the stage.
  func fates(
    of id: RowID, in input: InputArtifact, _ outputs: [(port: String, artifact: InputArtifact)]
  ) throws -> [Fate] {
    if let change = try first(where: { $0.was == id })?.change {
      guard let row = change.row else { return [] }
      return try outputs.filter { try RecordIDs($0.artifact).contains(row) }.prefix(1).map {
        Fate(port: $0.port, digest: $0.artifact.digest, id: row, change: change)
      }
    }
    if outputs.count == 1, let after = try aligned(id, input, outputs[0].artifact) {
      return [Fate(port: outputs[0].port, digest: outputs[0].artifact.digest, id: after)]
    }
    return try outputs.filter { try RecordIDs($0.artifact).contains(id) }.map {
      Fate(port: $0.port, digest: $0.artifact.digest, id: id)
    }
  }

  /// The row before the stage, of a row after it.
  func earlier(of id: RowID, in input: InputArtifact, _ outputs: [InputArtifact]) throws
    -> (id: RowID, change: Change?)?
  {
    if let line = try first(where: { $0.change.row == id }) { return (line.was, line.change) }
    if outputs.count == 1, let before = try alignedBack(id, input, outputs[0]) {
      return (before, nil)
    }
    return try RecordIDs(input).contains(id) ? (id, nil) : nil
  }

  /// Hashes of the rows that rows of these hashes became.
  func hashes(after hashes: Set<String>) throws -> Set<String> {
    var found: Set<String> = []
    try forEach { line in
      if hashes.contains(line.was.hash), let row = line.change.row { found.insert(row.hash) }
      return true
    }
    return found
  }

  // MARK: - By place

  /// A map keeps the order of rows, so that the row after it is found by counting.
  private func aligned(_ id: RowID, _ input: InputArtifact, _ output: InputArtifact) throws
    -> RowID?
  {
    let dropped = try droppedIDs()
    guard try RecordIDs(output).count == RecordIDs(input).count - dropped.count else { return nil }
    var position = 0
    var isFound = false
    try RecordIDs(input).forEach { other in
      if other == id { isFound = true } else if !dropped.contains(other) { position += 1 }
      return !isFound
    }
    return isFound ? try row(position, of: output, skipping: []) : nil
  }

  private func alignedBack(_ id: RowID, _ input: InputArtifact, _ output: InputArtifact) throws
    -> RowID?
  {
    let dropped = try droppedIDs()
    guard try RecordIDs(output).count == RecordIDs(input).count - dropped.count,
      let position = try RecordIDs(output).position(of: id)
    else { return nil }
    return try row(position, of: input, skipping: dropped)
  }

  private func row(_ position: Int, of artifact: InputArtifact, skipping dropped: Set<RowID>)
    throws -> RowID?
  {
    var left = position
    var found: RowID?
    try RecordIDs(artifact).forEach { id in
      if dropped.contains(id) { return true }
      if left == 0 { found = id }
      left -= 1
      return found == nil
    }
    return found
  }

  // MARK: - Lines

  private struct Line {
    var was: RowID
    var change: Change
  }

  private func first(where isWanted: (Line) -> Bool) throws -> Line? {
    var found: Line?
    try forEach { line in
      if isWanted(line) { found = line }
      return found == nil
    }
    return found
  }

  private func droppedIDs() throws -> Set<RowID> {
    var ids: Set<RowID> = []
    try forEach { line in
      if line.change.row == nil { ids.insert(line.was) }
      return true
    }
    return ids
  }

  private func forEach(_ body: (Line) throws -> Bool) throws {
    for (name, path) in files {
      let bytes = try BlockReader.bytes(of: path)
      for (index, line) in bytes.split(separator: UInt8(ascii: "\n")).enumerated() {
        let json = try JSONReader.parse(Array(line), file: name, line: index + 1)
        guard let was = json["was"]?.stringValue.flatMap({ RowID($0) }),
          let rule = json["rule"]?.stringValue
        else {
          throw Diagnostic(
            "changes.damaged", "expected 'was' and 'rule'",
            at: SourceSpan(file: name, line: index + 1)
          ).failure(.badInput)
        }
        let row = json["row"]?.stringValue.flatMap { RowID($0) }
        let change = Change(rule: rule, detail: json["detail"], row: row)
        if try !body(Line(was: was, change: change)) { return }
      }
    }
  }
}
