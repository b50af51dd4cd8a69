internal import Curation
internal import Documents
package import StageKit

/// Drops rows by published rules of text quality, by rules for instruction data, by length and form.
package struct QualityFilter: Stage {
  package static let kind: StageKind = "quality_filter"
  package static let version = 1
  package static let summary =
    "Drops rows by the rules of Gopher, C4, FineWeb, Dolma and others, or by rules for instruction data."

  package typealias Parameters = QualityFilterParameters

  package static func ports(for parameters: Parameters) -> Ports {
    Ports(
      inputs: [Port("records", .records, help: "Rows to judge.")],
      outputs: [
        Port("records", .records, help: "The rows that every rule accepts, in order."),
        Port(
          "report", .report,
          help: "Rows dropped by rule; changes names rule, value and threshold of each."),
      ])
  }

  package init() {}

  package func run(_ parameters: Parameters, in context: StageContext) throws -> StageOutcome {
    let result = try MapRun(context, input: "records", output: "records", report: "report")
      .run(QualityMap(parameters))
    let refused = result.counts.filter { $0.key.hasPrefix("refused.") }
      .map { (String($0.key.dropFirst(8)), $0.value) }
    let sets: [JSONValue] = parameters.ruleSets.map { set in
      .object([
        "name": .string(set.name), "source": .string(set.source),
        "thresholds": .object(
          set.rules.filter { $0.threshold.isFinite }
            .map { JSONMember($0.key, .number($0.threshold)) }),
      ])
    }
    let report = FilterReport(
      title: "Quality filter", result: result,
      facts: [
        JSONMember("field", .string(parameters.field.name)), JSONMember("rule_sets", .array(sets)),
        JSONMember("instruction", .bool(parameters.instruction != nil)),
        JSONMember("refused", ReportFolder.counts(Dictionary(uniqueKeysWithValues: refused))),
        JSONMember(
          "rows_without_field", .integer(Int64(result.counts["rows_without_field"] ?? 0))),
      ],
      notes: [
        "Rule sets: "
          + (parameters.ruleSets.map(\.name)
          + (parameters.instruction == nil ? [] : ["instruction"]))
          .joined(separator: ", ") + ". Field: \(ReportFolder.cell(parameters.field.name)).",
        "A row is dropped by the first rule that refuses it; the second table counts every refusal "
          + "of rows that reached the rule sets.",
      ], tables: [("refused by", Dictionary(uniqueKeysWithValues: refused))])
    try report.write(context)
    return .succeeded
  }
}
