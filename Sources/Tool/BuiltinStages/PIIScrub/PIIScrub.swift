internal import Diagnostics
internal import Documents
internal import Parallelism
internal import Records
internal import Reproducibility
internal import Scrubbing
package import StageKit

/// Takes personal data out of records.
package struct PIIScrub: Stage {
  package static let kind: StageKind = "pii_scrub"
  package static let version = 1
  package static let summary = "Takes personal data out of records, with an audit of counts."

  /// Chunks held in memory at a time. Fixed, so that output does not depend on threads; at least
  /// as many as cores that pay off.
  private static let chunksAtOnce = 16

  package static func ports(for parameters: Parameters) -> Ports {
    Ports(
      inputs: [Port("records", .records, help: "Rows to scrub.")],
      outputs: [
        Port("records", .records, help: "The same rows, in the same order, scrubbed."),
        Port(
          "audit", .report,
          help: "What was found, by entity and field, and which rows changed; no values."),
      ])
  }

  package init() {}

  package func run(_ parameters: Parameters, in context: StageContext) throws -> StageOutcome {
    let reader = try RecordsReader(context.input("records").tree)
    let scrubber = parameters.rowScrubber
    let writer = try RecordsWriter(folder: context.output("records"))
    let folder = context.output("audit")
    let changes = try OutputFile(folder + "/changes.jsonl")
    var identity = RowIdentity()
    var audit = ScrubAudit()

    for start in stride(from: 0, to: reader.chunkCount, by: Self.chunksAtOnce) {
      try context.checkCancelled()
      let indices = Array(start..<min(start + Self.chunksAtOnce, reader.chunkCount))
      let batches = try context.pool.map(indices) { index in
        try reader.chunk(index).map { ScrubbedRow($0, scrubber) }
      }
      for row in batches.joined() {
        let id = identity.next(row.encoded.hash)
        try writer.append(row.encoded, id: id)
        audit.add(row.findings, row: id, isTokens: row.isTokens, isChanged: row.isChanged)
        if row.isChanged { try changes.append(row.changeLine(id)) }
      }
      context.progress(audit.rows, of: reader.rowCount, "rows")
    }
    try writer.finish()
    try changes.finish()
    try OutputFile.write(
      Array((JSONWriter.compact(audit.json) + "\n").utf8), to: folder + "/report.json")
    try OutputFile.write(Array(audit.markdown.utf8), to: folder + "/report.md")
    report(audit, in: context)
    return .succeeded
  }

  private func report(_ audit: ScrubAudit, in context: StageContext) {
    context.count("rows_in", audit.rows)
    context.count("rows_out", audit.rows)
    context.count("rows_changed", audit.changed)
    for (entity, count) in audit.counts { context.count("found.\(entity.name)", count) }
    if audit.tokenRows > 0 {
      context.warn(
        Diagnostic(
          "pii.token-rows",
          "\(audit.tokenRows) of \(audit.rows) rows hold token ids only and pass unscrubbed",
          fix: "scrub the texts before they are tokenised", severity: .warning))
    }
  }
}

/// A row scrubbed and encoded on some thread, waiting for its turn to be named and written.
private struct ScrubbedRow: Sendable {
  let before: RowID
  let encoded: EncodedRow
  let findings: [RowScrubber.Finding]
  let isTokens: Bool
  let isChanged: Bool

  init(_ row: Row, _ scrubber: RowScrubber) {
    let result = scrubber.scrub(row)
    before = row.id
    encoded = EncodedRow(result.content, result.fields)
    findings = result.findings
    isTokens = if case .tokens = row.content { true } else { false }
    isChanged = encoded.hash != row.id.hash
  }

  /// A line of `changes.jsonl`: who the row is now, who it was, what was found.
  func changeLine(_ id: RowID) -> String {
    let line = JSONValue.object([
      "row": .string(id.description), "was": .string(before.description),
      "found": ScrubAudit.counts(of: findings),
    ])
    return JSONWriter.compact(line) + "\n"
  }
}
