internal import Curation
internal import Records
package import StageKit

/// Removes duplicate rows: equal ones, and near-duplicates by MinHash signatures, each candidate
/// verified by its exact Jaccard similarity.
package struct MinHashDedup: Stage {
  package static let kind: StageKind = "minhash_dedup"
  package static let version = 1
  package static let summary =
    "Removes equal and nearly equal rows; every removal is verified and can be explained."

  package typealias Parameters = MinHashDedupParameters

  package static func ports(for parameters: Parameters) -> Ports {
    Ports(
      inputs: [Port("records", .records, help: "Rows to compare with each other.")],
      outputs: [
        Port("kept", .records, help: "One row of each cluster, and all rows without duplicates."),
        Port(
          "clusters", .clusters,
          help: "clusters.jsonl: every row of a cluster of two or more, and which one was kept."),
        Port("report", .report, help: "Counts, the largest clusters, removals by source."),
      ])
  }

  package init() {}

  package func run(_ parameters: Parameters, in context: StageContext) throws -> StageOutcome {
    let reader = try RecordsReader(context.input("records").tree)
    let corpus = try DedupCorpus(reader, parameters, context)
    let result = try DedupResult(corpus, parameters, context)
    let report = DedupReport(corpus, result, parameters)
    try report.refuseLargeRemoval(parameters)
    try result.write(reader, corpus, context)
    try ReportFolder.write(report.json, report.markdown, to: context.output("report"))
    context.count("rows_in", corpus.rowCount)
    context.count("rows_out", corpus.rowCount - result.removedCount)
    context.count("dropped.duplicate_exact", result.removedExact)
    context.count("dropped.duplicate_near", result.removedNear)
    return .succeeded
  }
}
