internal import Documents
internal import Records
internal import Scrubbing

/// Scrubs row by row; rows without findings go on as the bytes they are.
struct PIIScrubMap: RowMap {
  static let sampleFile = "sample.jsonl"
  private static let tokenRows = "token_rows"
  /// Between the field and the entity of a count: neither holds it.
  private static let border: Character = "\u{1F}"

  private let scrubber: RowScrubber
  private let reviewer: RowScrubber
  private let sample: Int

  init(_ parameters: PIIScrub.Parameters) {
    scrubber = parameters.rowScrubber(showsSurroundings: false)
    reviewer = parameters.rowScrubber(showsSurroundings: true)
    sample = parameters.sample
  }

  func map(_ rows: [StoredRow], into chunk: inout MappedChunk) throws {
    var found: [StoredRow] = []
    for stored in rows {
      let row = try stored.row()
      if case .tokens = row.content { chunk.count(Self.tokenRows) }
      let result = scrubber.scrub(row)
      guard !result.findings.isEmpty else {
        chunk.keep(stored)
        continue
      }
      found.append(stored)
      for finding in result.findings {
        chunk.count("\(finding.field)\(Self.border)\(finding.entity.name)")
      }
      chunk.change(
        stored, to: EncodedRow(result.content, result.fields),
        rule: ScrubAudit.rule(of: result.findings), detail: ScrubAudit.counts(of: result.findings))
    }
    try review(found, &chunk)
  }

  /// The rows with the smallest hashes: a choice that depends on the rows alone.
  private func review(_ found: [StoredRow], _ chunk: inout MappedChunk) throws {
    let chosen = found.sorted { $0.id.description < $1.id.description }.prefix(sample)
    for stored in chosen {
      let findings = reviewer.scrub(try stored.row()).findings
      chunk.append(
        ScrubAudit.review(findings, row: stored.id.description), to: Self.sampleFile)
    }
  }

  /// What the counts of all chunks say.
  static func audit(_ result: MapRun.Result) -> ScrubAudit {
    var audit = ScrubAudit()
    audit.rows = result.rowsIn
    audit.changed = result.changed
    for (name, count) in result.counts {
      guard name != tokenRows else {
        audit.tokenRows = count
        continue
      }
      guard let border = name.lastIndex(of: border) else { continue }
      audit.add(
        Entity(String(name[name.index(after: border)...])), field: String(name[..<border]),
        count: count)
    }
    return audit
  }
}
