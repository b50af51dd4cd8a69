internal import Curation
internal import Records
package import StageKit

/// Removes duplicate rows: equal ones, and near-duplicates by MinHash signatures, each candidate
/// verified by its exact Jaccard similarity.
package struct MinHashDedup: Stage {
  package static let kind: StageKind = "minhash_dedup"
  package static let version = 2  // 2: fewer permutations, greedy clusters, substrings
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
        Port(
          "report", .report,
          help: "Counts, the largest clusters, removals by source; changes.jsonl names every row "
            + "removed and the row kept for it."),
      ])
  }

  package init() {}

  package func run(_ parameters: Parameters, in context: StageContext) throws -> StageOutcome {
    let reader = try RecordsReader(context.input("records").tree)
    let temporary = context.output("clusters")
    var hooks = Deduplication.Hooks()
    hooks.checkCancelled = { try context.checkCancelled() }
    hooks.progress = { context.progress($0, of: $1, $2) }
    let sketches = KeptSketches(reader, context.chunkResults(of: "records", for: "sketch"))
    hooks.cached = { try sketches.find($0) }
    hooks.made = { try sketches.keep($0, $1) }
    if case .gather(let runParts) = context.shard { try runParts() }
    if context.shard.isPart {
      try sketches.makeMissing(ChunkSketcher(parameters.rules), context)
      return .succeeded
    }
    let result = try Deduplication(parameters.rules, context.pool, temporary: temporary, hooks)
      .run(reader)
    try DedupReport(result, nil).refuseLargeRemoval(parameters)
    try sketches.trim()
    let files = DedupFiles(result, context.pool, hooks.checkCancelled)
    var substring = try parameters.substring.map { rules in
      try SubstringSearch(rules, context.pool, temporary: temporary, hooks).run(reader, result)
    }
    try files.write(
      reader, &substring, kept: context.output("kept"), clusters: context.output("clusters"),
      report: context.output("report"))
    let report = DedupReport(result, substring)
    try ReportFolder.write(report.json, report.markdown, to: context.output("report"))
    context.count("rows_in", result.rowCount)
    context.count("rows_out", files.rowsWritten)
    context.count("dropped.duplicate_exact", result.removedExact)
    context.count("dropped.duplicate_near", result.removedNear)
    if let substring {
      context.count("dropped.duplicate_substring", substring.droppedRows)
      context.count("changed.duplicate_substring", substring.changedRows)
    }
    return .succeeded
  }
}
