internal import Diagnostics
internal import Documents
internal import Records
internal import Reproducibility
internal import StageKit

/// What one earlier stage did to the number of rows, as its `report.json` says.
struct FunnelStep {
  let name: String
  /// Nil where the report does not say.
  let rowsIn: Int?
  let rowsOut: Int?
  let changed: Int?
  /// Rows lost, by reason, in order of name.
  let dropped: [(reason: String, rows: Int)]
  /// Personal data found, by entity, in order of name.
  let entities: [(entity: String, count: Int)]

  /// - Throws: ``Failure`` of class `badInput` when there is no report.
  init(_ name: String, _ tree: FileTree) throws {
    self.name = name
    let json = try JSONReader.parse(
      try BlockReader.bytes(of: try tree.path("report.json")), file: "report.json")
    func number(_ keys: String...) -> Int? {
      keys.lazy.compactMap { json[$0]?.integerValue }.first
    }
    rowsIn = number("rows_in", "rows")
    changed = number("changed", "rows_changed")
    var dropped: [String: Int] = [:]
    for member in json["dropped"]?.objectValue ?? [] {
      if let count = member.value.integerValue { dropped[member.key] = count }
    }
    let reasons = [
      ("removed_exact", "duplicate_exact"), ("removed_near", "duplicate_near"),
      ("bad_rows", "bad_row"),
    ]
    for (key, reason) in reasons {
      if let count = json[key]?.integerValue, count > 0 { dropped[reason] = count }
    }
    if dropped.isEmpty, let count = json["dropped"]?.integerValue, count > 0 {
      dropped["dropped"] = count
    }
    let lost = dropped.isEmpty ? nil : rowsIn.map { $0 - dropped.values.reduce(0, +) }
    rowsOut = Self.sides(json) ?? number("rows_out", "kept") ?? lost ?? rowsIn
    self.dropped = dropped.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      .map { ($0.key, $0.value) }
    entities = (json["entities"]?.objectValue ?? []).compactMap { member in
      member.value.integerValue.map { (member.key, $0) }
    }.sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }
  }

  /// Rows of all sides of a split.
  private static func sides(_ json: JSONValue) -> Int? {
    json["sides"]?.objectValue.map { $0.reduce(0) { $0 + ($1.value["rows"]?.integerValue ?? 0) } }
  }
}
