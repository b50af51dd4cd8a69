internal import Diagnostics
internal import Documents
internal import Records
internal import Reproducibility
internal import Scrubbing
package import StageKit

/// Takes personal data out of records.
package struct PIIScrub: Stage {
  package static let kind: StageKind = "pii_scrub"
  package static let version = 2  // 2: many more entities; samples for review
  package static let summary = "Takes personal data out of records, with an audit of counts."

  package static func ports(for parameters: Parameters) -> Ports {
    Ports(
      inputs: [Port("records", .records, help: "Rows to scrub.")],
      outputs: [
        Port("records", .records, help: "The same rows, in the same order, scrubbed."),
        Port(
          "audit", .report,
          help: "What was found, by entity and field, which rows changed, and a sample for "
            + "review; no values."),
      ])
  }

  package init() {}

  package func run(_ parameters: Parameters, in context: StageContext) throws -> StageOutcome {
    let map = PIIScrubMap(parameters)
    let result = try MapRun(context, input: "records", output: "records", report: "audit")
      .run(map, smallest: [PIIScrubMap.sampleFile: parameters.sample])
    let audit = PIIScrubMap.audit(result)
    let folder = context.output("audit")
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
