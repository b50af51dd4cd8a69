internal import Curation
internal import Records
package import StageKit

/// Deals rows to train, validation and a sealed test set; duplicates and groups stay on one side.
package struct Split: Stage {
  package static let kind: StageKind = "split"
  package static let version = 2  // 2: near-duplicates across sides, gold rows, folds, times
  package static let summary =
    "Deals rows to train, validation and a sealed test set, without leaks between them."

  package typealias Parameters = SplitParameters

  package static func ports(for parameters: Parameters) -> Ports {
    func side(_ name: String, _ help: String) -> [Port] {
      guard let folds = parameters.folds else { return [Port(name, .records, help: help)] }
      return (1...folds).map { Port("\(name)_\($0)", .records, help: "\(help) Fold \($0).") }
    }
    return Ports(
      inputs: [
        Port("records", .records, help: "Rows to deal."),
        Port(
          "clusters", .clusters, optional: true,
          help: "Clusters of minhash_dedup: each stays on one side."),
        Port(
          "gold", .records, optional: true,
          help: "Examples written by hand: always in test, and never trained on."),
      ],
      outputs: side("train", "Rows to train on.")
        + side("validation", "Rows to watch training by.") + [
          Port("test", .records, help: "Sealed rows for the gate; training on them is refused."),
          Port("report", .report, help: "Sizes by side and stratum, and the check for leaks."),
        ])
  }

  package init() {}

  package func run(_ parameters: Parameters, in context: StageContext) throws -> StageOutcome {
    let reader = try RecordsReader(context.input("records").tree)
    let gold = try context.optionalInput("gold").map { try RecordsReader($0.tree) }
    let clusters = try context.optionalInput("clusters").map { try RowClusters($0.tree) }
    let wanted = try parameters.sizes(of: reader.rowCount)
    let corpus = try SplitCorpus(reader, gold: gold, clusters, parameters, context)
    let plan = SplitPlan(
      corpus.rows, test: wanted.test, validation: wanted.validation, folds: parameters.folds,
      seed: UInt64(parameters.seed))
    var report = SplitReport(corpus, plan, parameters, wanted, hasClusters: clusters != nil)
    try report.check()
    let leaks =
      parameters.leakCheck == .near && clusters == nil
      ? try SplitLeaks(
        (gold.map { [$0] } ?? []) + [reader], plan, threshold: parameters.leakThreshold, context)
      : nil
    var writer = SplitWriter(corpus, plan, leaks, parameters, context)
    try writer.write(reader, gold: gold)
    report.writer = writer
    try report.checkLeaks()
    report.warn(context)
    try ReportFolder.write(report.json, report.markdown, to: context.output("report"))
    context.count("rows_in", reader.rowCount)
    for (side, name) in SplitReport.sides {
      let count = writer.counts[side.rawValue]
      context.count("rows_out.\(name)", count.rows)
      if side != .test { context.count("leaks.\(name)", count.leaks) }
    }
    return .succeeded
  }
}
