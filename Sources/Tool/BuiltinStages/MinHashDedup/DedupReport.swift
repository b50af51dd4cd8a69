internal import Curation
internal import Diagnostics
internal import Documents
private import Foundation
internal import Records

/// What deduplication found, by source and by cluster; ids and counts alone.
struct DedupReport {
  private struct SourceCount {
    var name: String
    var rows = 0
    var removed = 0
  }

  /// Clusters listed, the largest first.
  private static let listedMax = 20
  /// A source of fewer rows is too small for its share to mean anything.
  private static let sourceRowsMin = 20

  private let corpus: DedupCorpus
  private let result: DedupResult
  private let parameters: MinHashDedupParameters
  private let sources: [SourceCount]

  init(_ corpus: DedupCorpus, _ result: DedupResult, _ parameters: MinHashDedupParameters) {
    self.corpus = corpus
    self.result = result
    self.parameters = parameters
    var sources = corpus.sources.map { SourceCount(name: $0) }
    for (index, source) in corpus.sourceOf.enumerated() {
      sources[source].rows += 1
      if result.isRemoved[index] { sources[source].removed += 1 }
    }
    self.sources = sources.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  /// More than half of a source removed is more often a wrong setting than a wish.
  ///
  /// - Throws: ``Failure`` of class `badInput`, one diagnostic for each such source.
  func refuseLargeRemoval(_ parameters: MinHashDedupParameters) throws {
    if parameters.allowLargeRemoval { return }
    let large = sources.filter { $0.rows >= Self.sourceRowsMin && 2 * $0.removed > $0.rows }
    if large.isEmpty { return }
    throw Failure(
      large.map { source in
        Diagnostic(
          "dedup.large-removal",
          "\(source.removed) of \(source.rows) rows"
            + (source.name.isEmpty ? "" : " of source '\(SafeText.escaped(source.name))'")
            + " are duplicates at threshold \(parameters.threshold): more than half",
          fix: "raise 'threshold', or set 'allow_large_removal: true' if this is right")
      }, .badInput)
  }

  private var largest: [DedupResult.Cluster] {
    Array(
      result.clusters.sorted {
        ($1.members.count, $0.members[0]) < ($0.members.count, $1.members[0])
      }
      .prefix(Self.listedMax))
  }

  private var bytesPerRow: Int {
    corpus.rowCount == 0 ? 0 : corpus.sketches.byteCount / corpus.rowCount
  }

  var json: JSONValue {
    .object([
      "formatVersion": 1,
      "rows": .integer(Int64(corpus.rowCount)),
      "kept": .integer(Int64(corpus.rowCount - result.removedCount)),
      "removed_exact": .integer(Int64(result.removedExact)),
      "removed_near": .integer(Int64(result.removedNear)),
      "removed_through_others": .integer(Int64(result.removedThroughOthers)),
      "clusters": .integer(Int64(result.clusters.count)),
      "threshold": .number(parameters.threshold),
      "normalisation": .string(parameters.shingler.normalisation),
      "permutations": .integer(Int64(corpus.minHash.permutations)),
      "bands": .integer(Int64(corpus.minHash.bands)),
      "rows_per_band": .integer(Int64(corpus.minHash.rows)),
      "pairs_verified": .integer(Int64(result.counts.verified)),
      "pairs_confirmed": .integer(Int64(result.counts.confirmed)),
      "bytes_per_row": .integer(Int64(bytesPerRow)),
      "sources": .array(
        sources.map {
          .object([
            "source": .string($0.name), "rows": .integer(Int64($0.rows)),
            "removed": .integer(Int64($0.removed)),
          ])
        }),
      "largest": .array(
        largest.map { cluster in
          .object([
            "cluster": .string(corpus.ids[cluster.kept].description),
            "rows": .integer(Int64(cluster.members.count)),
            "lowest_similarity": .number(cluster.similarities.min() ?? 1),
          ])
        }),
    ])
  }

  var markdown: [String] {
    var lines = [
      "# Deduplication", "",
      "\(corpus.rowCount) rows, \(corpus.rowCount - result.removedCount) kept. Removed: "
        + "\(result.removedExact) that say the same as the row kept, \(result.removedNear) near "
        + "duplicates, in \(result.clusters.count) clusters.",
      "",
      "Duplicates have a Jaccard similarity of at least \(parameters.threshold), verified exactly. "
        + "Compared: \(parameters.shingler.normalisation).",
      "\(corpus.minHash.bands) bands of \(corpus.minHash.rows) rows; a pair at the threshold is "
        + "missed with a probability below \(MinHash.missedMax).",
      "\(result.counts.verified) pairs were compared, \(result.counts.confirmed) confirmed; "
        + "\(result.removedThroughOthers) removed rows are below the threshold of the row kept and "
        + "joined to it through others.",
      "Memory: \(bytesPerRow) bytes a row.",
    ]
    if sources.contains(where: { !$0.name.isEmpty }) {
      lines += ["", "| source | rows | removed |", "|---|---:|---:|"]
      lines += sources.map { "| \(ReportFolder.cell($0.name)) | \($0.rows) | \($0.removed) |" }
    }
    if !result.clusters.isEmpty {
      lines += ["", "| kept row | rows | lowest similarity |", "|---|---:|---:|"]
      lines += largest.map {
        "| \(corpus.ids[$0.kept]) | \($0.members.count) "
          + "| \(String(format: "%.3f", $0.similarities.min() ?? 1)) |"
      }
    }
    return lines
  }
}
