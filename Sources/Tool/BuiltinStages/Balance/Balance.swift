internal import Curation
internal import Diagnostics
internal import Documents
internal import Parallelism
internal import Records
package import StageKit

/// Evens out classes: large ones lose rows, or small ones get copies.
package struct Balance: Stage {
  package static let kind: StageKind = "balance"
  package static let version = 1
  package static let summary =
    "Evens out the classes of a column by leaving out rows or repeating some."

  package typealias Parameters = BalanceParameters

  package static func ports(for parameters: Parameters) -> Ports {
    Ports(
      inputs: [
        Port("records", .records, help: "Rows to balance."),
        Port(
          "clusters", .clusters, optional: true,
          help: "Clusters of minhash_dedup: near-duplicates of a class are not multiplied."),
      ],
      outputs: [
        Port("records", .records, help: "Rows in their order; second and further copies follow."),
        Port("report", .report, help: "Rows of each class before and after, and every change."),
      ])
  }

  package init() {}

  package func run(_ parameters: Parameters, in context: StageContext) throws -> StageOutcome {
    let reader = try RecordsReader(context.input("records").tree)
    let clusters = try context.optionalInput("clusters").map { try RowClusters($0.tree) }
    let corpus = try BalanceCorpus(reader, clusters, parameters, context)
    let decision = try BalanceDecision(corpus, parameters)
    let report = BalanceReport(corpus, decision, parameters)
    try report.check()
    let emitter = try RowEmitter(
      output: context.output("records"), report: context.output("report"))
    let starts = ChunkRows.starts(reader)
    // The first round writes every row that stays, the next ones the copies.
    for round in 1...max(1, Int(decision.times.max() ?? 1)) {
      try ChunkPass(reader, context.pool).run(before: {
        try context.checkCancelled()
        context.progress(emitter.rowCount, of: decision.total, "rows written")
      }) { _, rows in
        rows
      } take: { chunk, rows in
        for (offset, row) in rows.enumerated() {
          let times = Int(decision.times[starts[chunk] + offset])
          if times == 0, round == 1 { try emitter.drop(row.id, rule: "balance.undersample") }
          if times >= round {
            try emitter.emit(row, rule: round == 1 ? nil : "balance.copy")
          }
        }
      }
    }
    try emitter.finish()
    try ReportFolder.write(report.json, report.markdown, to: context.output("report"))
    context.count("rows_in", reader.rowCount)
    context.count("rows_out", emitter.rowCount)
    context.count("dropped.balance.undersample", decision.times.count { $0 == 0 })
    context.count("copies", decision.copies)
    report.warn(context)
    return .succeeded
  }
}
