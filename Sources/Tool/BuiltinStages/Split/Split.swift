internal import Curation
internal import Records
package import StageKit

/// Deals rows to train, validation and a sealed test set; duplicates and groups stay on one side.
package struct Split: Stage {
  package static let kind: StageKind = "split"
  package static let version = 1
  package static let summary =
    "Deals rows to train, validation and a sealed test set, without leaks between them."

  package typealias Parameters = SplitParameters

  package static func ports(for parameters: Parameters) -> Ports {
    Ports(
      inputs: [
        Port("records", .records, help: "Rows to deal."),
        Port(
          "clusters", .clusters, optional: true,
          help: "Clusters of minhash_dedup: each stays on one side."),
      ],
      outputs: [
        Port("train", .records, help: "Rows to train on."),
        Port("validation", .records, help: "Rows to watch training by."),
        Port("test", .records, help: "Sealed rows for the gate; training on them is refused."),
        Port("report", .report, help: "Sizes by side and stratum, and the check for leaks."),
      ])
  }

  package init() {}

  package func run(_ parameters: Parameters, in context: StageContext) throws -> StageOutcome {
    let reader = try RecordsReader(context.input("records").tree)
    let clusters = try context.optionalInput("clusters").map { try RowClusters($0.tree) }
    let corpus = try SplitCorpus(reader, clusters, parameters, context)
    let sizes = try parameters.sizes(of: corpus.items.count)
    let plan = SplitPlan(
      corpus.items, test: sizes.test, validation: sizes.validation, seed: UInt64(parameters.seed))
    let report = SplitReport(corpus, plan, parameters, sizes)
    try report.check()
    try write(plan, corpus, reader, context)
    try ReportFolder.write(report.json, report.markdown, to: context.output("report"))
    context.count("rows_in", corpus.items.count)
    for (side, name) in SplitReport.sides {
      context.count("rows_out.\(name)", plan.sides.count { $0 == side })
    }
    return .succeeded
  }

  /// Rows keep their order on every side.
  private func write(
    _ plan: SplitPlan, _ corpus: SplitCorpus, _ reader: RecordsReader, _ context: StageContext
  ) throws {
    let writers = try SplitReport.sides.map { try RecordsWriter(folder: context.output($0.name)) }
    var index = 0
    for chunk in 0..<reader.chunkCount {
      try context.checkCancelled()
      for line in try reader.lines(chunk) {
        try writers[plan.sides[index].rawValue].append(line: line, id: corpus.items[index].id)
        index += 1
      }
    }
    for writer in writers { try writer.finish() }
    let sealed = writers[SplitPlan.Side.test.rawValue].rowCount
    try SealedSplit.seal(context.output("test"), rows: sealed)
  }
}
