internal import Curation
internal import Documents
internal import Records
internal import StageKit

/// Groups by ids and counts, and the check of the label set.
struct LabelNoiseReport {
  let corpus: LabelNoiseCorpus
  let result: MapRun.Result
  let parameters: LabelNoiseStage.Parameters

  /// Groups listed, the largest first.
  private static let listedMax = 100

  private var largest: ArraySlice<LabelNoise.Group> {
    corpus.groups.sorted { ($1.rows.count, $0.rows[0]) < ($0.rows.count, $1.rows[0]) }
      .prefix(Self.listedMax)
  }

  func write(_ context: StageContext) throws {
    let rows = corpus.groups.reduce(0) { $0 + $1.rows.count }
    let suspects = corpus.labels.suspects
    try FilterReport(
      title: "Label noise", result: result,
      facts: [
        JSONMember("action", .string(parameters.action.rawValue)),
        JSONMember("match", .string(parameters.match.rawValue)),
        JSONMember("rows_with_output", .integer(Int64(corpus.labeledCount))),
        JSONMember("groups", .integer(Int64(corpus.groups.count))),
        JSONMember("rows_in_groups", .integer(Int64(rows))),
        JSONMember(
          "largest",
          .array(
            largest.map { group in
              .object([
                "first": .string(corpus.ids[group.rows[0]].description),
                "rows": .array(
                  group.rows.prefix(20).map { .string(corpus.ids[$0].description) }),
                "counts": .array(group.counts.map { .integer(Int64($0)) }),
              ])
            })),
        JSONMember("labels", .integer(Int64(corpus.labels.labels.count))),
        JSONMember("suspect_labels", .array(suspects.map(json))),
      ],
      notes: [
        "\(corpus.groups.count) inputs have more than one output; they are \(rows) of the "
          + "\(corpus.labeledCount) rows with an output.",
        "Memory: about 90 bytes a row, 32 more for each row with an output, 100 for each in a group.",
      ]
        + suspects.map {
          "- label '\(ReportFolder.cell($0.label))' (\($0.rows) rows) resembles "
            + "'\(ReportFolder.cell($0.resembles))' (\($0.resemblesRows) rows): \($0.reason.rawValue)"
        }
    ).write(context)
    context.count("groups", corpus.groups.count)
    context.count("suspect_labels", suspects.count)
  }

  private func json(_ suspect: LabelSet.Suspect) -> JSONValue {
    .object([
      "label": .string(suspect.label), "rows": .integer(Int64(suspect.rows)),
      "resembles": .string(suspect.resembles),
      "resembles_rows": .integer(Int64(suspect.resemblesRows)),
      "reason": .string(suspect.reason.rawValue),
    ])
  }
}
