package import Documents
package import Records

/// What a scrubbing did, without any value: counts by entity and field, and a few findings masked to
/// their shape.
package struct ScrubAudit: Sendable {
  /// Findings listed per entity.
  package static let samplesMax = 5

  package private(set) var rows = 0
  package private(set) var changed = 0
  /// Rows of token ids, which nothing can be found in.
  package private(set) var tokenRows = 0
  private var byEntity: [Entity: Int] = [:]
  private var byField: [String: [Entity: Int]] = [:]
  private var samples: [Entity: [(row: RowID, finding: RowScrubber.Finding)]] = [:]

  package init() {}

  /// Counts one row; call in order of rows.
  ///
  /// - Parameter row: the row's identity after scrubbing.
  package mutating func add(
    _ findings: [RowScrubber.Finding], row: RowID, isTokens: Bool, isChanged: Bool
  ) {
    rows += 1
    if isTokens { tokenRows += 1 }
    if isChanged { changed += 1 }
    for finding in findings {
      byEntity[finding.entity, default: 0] += 1
      byField[finding.field, default: [:]][finding.entity, default: 0] += 1
      if samples[finding.entity, default: []].count < Self.samplesMax {
        samples[finding.entity, default: []].append((row, finding))
      }
    }
  }

  /// Findings by entity, in order of name.
  package var counts: [(entity: Entity, count: Int)] {
    byEntity.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// Findings by entity in one row, for the list of changed rows.
  package static func counts(of findings: [RowScrubber.Finding]) -> JSONValue {
    var byEntity: [Entity: Int] = [:]
    for finding in findings { byEntity[finding.entity, default: 0] += 1 }
    return object(byEntity)
  }

  /// `report.json`.
  package var json: JSONValue {
    let fields = byField.sorted { $0.key < $1.key }.map {
      JSONMember($0.key, Self.object($0.value))
    }
    let samples = samples.sorted { $0.key < $1.key }.flatMap { entity, list in
      list.map { item in
        JSONValue.object([
          "entity": .string(entity.name), "row": .string(item.row.description),
          "field": .string(item.finding.field), "score": .number(item.finding.score),
          "shape": .string(item.finding.shape),
        ])
      }
    }
    return .object([
      "formatVersion": 1, "rows": .integer(Int64(rows)), "changed": .integer(Int64(changed)),
      "token_rows": .integer(Int64(tokenRows)), "entities": Self.object(byEntity),
      "fields": .object(fields), "samples": .array(samples),
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
