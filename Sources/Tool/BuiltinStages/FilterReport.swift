internal import Documents
internal import StageKit

/// The report of a stage that keeps, drops and changes rows one by one.
struct FilterReport {
  var title: String
  var result: MapRun.Result
  /// Further members of `report.json`.
  var facts: [JSONMember] = []
  /// Sentences of `report.md`.
  var notes: [String] = []
  var tables: [(title: String, counts: [String: Int])] = []

  /// Writes the report to the port `report` and tells the run its counts.
  func write(_ context: StageContext) throws {
    let dropped = result.rowsIn - result.rowsOut
    let json = JSONValue.object(
      [
        JSONMember("formatVersion", 1), JSONMember("rows", .integer(Int64(result.rowsIn))),
        JSONMember("kept", .integer(Int64(result.rowsOut))),
        JSONMember("changed", .integer(Int64(result.changed))),
        JSONMember("dropped", ReportFolder.counts(result.dropped)),
      ] + facts)
    var lines = [
      "# \(title)", "",
      "\(result.rowsIn) rows, \(result.rowsOut) kept, \(dropped) dropped, \(result.changed) changed.",
    ]
    if !notes.isEmpty { lines += [""] + notes }
    lines += ReportFolder.table("dropped by", result.dropped)
    for table in tables { lines += ReportFolder.table(table.title, table.counts) }
    try ReportFolder.write(json, lines, to: context.output("report"))
    context.count("rows_in", result.rowsIn)
    context.count("rows_out", result.rowsOut)
    if result.changed > 0 { context.count("rows_changed", result.changed) }
    for (rule, count) in result.dropped.sorted(by: { $0.key < $1.key }) {
      context.count("dropped.\(rule)", count)
    }
  }
}
