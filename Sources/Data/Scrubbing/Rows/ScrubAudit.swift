package import Documents

/// What a scrubbing did, without any value: counts by entity and field.
package struct ScrubAudit: Sendable {
  package var rows = 0
  package var changed = 0
  /// Rows of token ids, which nothing can be found in.
  package var tokenRows = 0
  private var byEntity: [Entity: Int] = [:]
  private var byField: [String: [Entity: Int]] = [:]

  package init() {}

  package mutating func add(_ entity: Entity, field: String, count: Int) {
    byEntity[entity, default: 0] += count
    byField[field, default: [:]][entity, default: 0] += count
  }

  /// Findings by entity, in order of name.
  package var counts: [(entity: Entity, count: Int)] {
    byEntity.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// The entities found in one row, in order of name: the rule of a changed row.
  package static func rule(of findings: [RowScrubber.Finding]) -> String {
    Set(findings.map(\.entity)).sorted().map(\.name).joined(separator: ",")
  }

  /// Findings by entity in one row, for the list of changed rows.
  package static func counts(of findings: [RowScrubber.Finding]) -> JSONValue {
    var byEntity: [Entity: Int] = [:]
    for finding in findings { byEntity[finding.entity, default: 0] += 1 }
    return object(byEntity)
  }

  /// Findings of one row for human review: shapes, never a value.
  package static func review(_ findings: [RowScrubber.Finding], row: String) -> JSONValue {
    .object([
      "row": .string(row),
      "findings": .array(
        findings.map { finding in
          .object([
            "field": .string(finding.field), "entity": .string(finding.entity.name),
            "score": .number(finding.score), "shape": .string(finding.shape),
            "around": .string(finding.around),
          ])
        }),
    ])
  }

  /// `report.json`.
  package var json: JSONValue {
    let fields = byField.sorted { $0.key < $1.key }.map {
      JSONMember($0.key, Self.object($0.value))
    }
    return .object([
      "formatVersion": 2, "rows": .integer(Int64(rows)), "changed": .integer(Int64(changed)),
      "token_rows": .integer(Int64(tokenRows)), "entities": Self.object(byEntity),
      "fields": .object(fields),
    ])
  }

  /// `report.md`.
  package var markdown: String {
    var text = "# Personal data\n\n\(changed) of \(rows) rows changed.\n"
    if tokenRows > 0 {
      text += "\n\(tokenRows) rows hold token ids only; nothing was looked for in them.\n"
    }
    guard !byEntity.isEmpty else { return text + "\nNothing was found.\n" }
    text += "\n| entity | found |\n|---|---:|\n"
    for (entity, count) in counts { text += "| \(entity.name) | \(count) |\n" }
    text += "\n| field | entity | found |\n|---|---|---:|\n"
    for (field, entities) in byField.sorted(by: { $0.key < $1.key }) {
      for (entity, count) in entities.sorted(by: { $0.key < $1.key }) {
        text += "| \(Self.cell(field)) | \(entity.name) | \(count) |\n"
      }
    }
    return text
  }

  private static func object(_ counts: [Entity: Int]) -> JSONValue {
    .object(
      counts.sorted { $0.key < $1.key }.map { JSONMember($0.key.name, .integer(Int64($0.value))) })
  }

  /// Column names are the user's text: a bar or a line break would break the table.
  private static func cell(_ text: String) -> String {
    text.replacing("|", with: "\\|").replacing("\n", with: " ")
  }
}
