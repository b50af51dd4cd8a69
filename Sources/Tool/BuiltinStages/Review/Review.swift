internal import Curation
internal import Diagnostics
internal import Documents
internal import Records
package import StageKit

/// Gives people a sample to judge, waits for their verdicts, and applies them.
package struct Review: Stage {
  package static let kind: StageKind = "review"
  package static let version = 1
  package static let summary =
    "Writes a sample of rows for people to judge, and goes on when their verdicts are there."

  package typealias Parameters = ReviewParameters

  package static func ports(for parameters: Parameters) -> Ports {
    var inputs = [Port("records", .records, help: "Rows that go on.")]
    if parameters.only != .all {
      inputs.append(
        Port("report", .report, help: "The report of the stage whose changes are reviewed."))
    }
    if parameters.only == .dropped {
      inputs.append(Port("before", .records, help: "The rows that stage was given."))
    }
    return Ports(
      inputs: inputs,
      outputs: [
        Port("records", .records, help: "Rows without the rejected ones, edited ones replaced."),
        Port(
          "sample", .files,
          help: "review.jsonl and review.csv to fill in, review.html to read: these hold contents."),
        Port("report", .report, help: "Verdicts, agreement of reviewers, and every change."),
      ])
  }

  package init() {}

  package func run(_ parameters: Parameters, in context: StageContext) throws -> StageOutcome {
    let reader = try RecordsReader(context.input("records").tree)
    let source =
      parameters.only == .dropped ? try RecordsReader(context.input("before").tree) : reader
    let sample = try ReviewSample(source, parameters, context)
    try ReviewFiles(sample.rows).write(to: context.output("sample"))
    let verdicts = try ReviewVerdicts(
      context.files(parameters.verdicts.parameter), sample: sample)
    let report = ReviewReport(parameters, sample, verdicts)
    let emitter = try RowEmitter(
      output: context.output("records"), report: context.output("report"))
    // Verdicts on dropped rows are measured; the rows do not come back.
    let decisions = parameters.only == .dropped ? [:] : verdicts.decisions
    try ChunkPass(reader, context.pool).run(before: {
      try context.checkCancelled()
      context.progress(emitter.rowCount, of: reader.rowCount, "rows written")
    }) { _, rows in
      rows
    } take: { _, rows in
      for row in rows {
        switch decisions.isEmpty ? nil : decisions[row.id] {
        case .reject: try emitter.drop(row.id, rule: "review.reject")
        case .edit(let new): try emitter.emit(new, was: row.id, rule: "review.edit")
        case .accept, nil: try emitter.emit(row)
        }
      }
    }
    try emitter.finish()
    try ReportFolder.write(report.json, report.markdown, to: context.output("report"))
    context.count("rows_in", reader.rowCount)
    context.count("rows_out", emitter.rowCount)
    context.count("sample", sample.rows.count)
    context.count("verdicts", verdicts.decisions.count)
    report.warn(context)
    let refusals = report.refusals
    return refusals.isEmpty ? .succeeded : .refused(refusals)
  }
}
