internal import Curation
internal import Diagnostics
internal import Documents
private import Foundation
internal import Records

/// What deduplication found, by source and by cluster; ids and counts alone.
struct DedupReport {
  /// Clusters listed, the largest first.
  private static let listedMax = 20
  /// A source of fewer rows is too small for its share to mean anything.
  private static let sourceRowsMin = 20
  /// Similarities at which the chance of being found is listed.
  private static let curve = [0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95]

  private let result: DedupResult
  private let substring: SubstringResult?
  private let sources: [DedupResult.SourceCount]
  private var rules: DedupRules { result.rules }

  init(_ result: DedupResult, _ substring: SubstringResult?) {
    self.result = result
    self.substring = substring
    sources = result.sources
  }

  /// Too much of a source removed is more often a wrong setting than a wish.
  ///
  /// - Throws: ``Failure`` of class `badInput`, one diagnostic for each such source.
  func refuseLargeRemoval(_ parameters: MinHashDedupParameters) throws {
    if parameters.allowLargeRemoval { return }
    let large = sources.filter {
      $0.rows >= Self.sourceRowsMin && Double($0.removed) > parameters.maxRemoval * Double($0.rows)
    }
    if large.isEmpty { return }
    let share =
      parameters.maxRemoval == 0.5
      ? "half" : "\(String(format: "%g", 100 * parameters.maxRemoval)) %"
    throw Failure(
      large.map { source in
        Diagnostic(
          "dedup.large-removal",
          "\(source.removed) of \(source.rows) rows"
            + (source.name.isEmpty ? "" : " of source '\(SafeText.escaped(source.name))'")
            + " are duplicates at threshold \(rules.threshold): more than \(share)",
          fix: "raise 'threshold', or set 'allow_large_removal: true' if this is right")
      }, .badInput)
  }

  private var largest: [DuplicateClusters.Cluster] {
    Array(
      result.clusters.clusters.sorted { ($1.rows, $0.kept) < ($0.rows, $1.kept) }
        .prefix(Self.listedMax))
  }

  var json: JSONValue {
    var members: [JSONMember] = [
      JSONMember("formatVersion", 2), JSONMember("rows", Self.count(result.rowCount)),
      JSONMember("kept", Self.count(result.rowCount - result.removedCount)),
      JSONMember("removed_exact", Self.count(result.removedExact)),
      JSONMember("removed_near", Self.count(result.removedNear)),
      JSONMember("removed_through_others", Self.count(result.removedThroughOthers)),
      JSONMember("clusters", Self.count(result.clusters.clusters.count)),
      JSONMember("method", .string(rules.method.rawValue)),
      JSONMember("cluster", .string(rules.clustering.rawValue)),
      JSONMember("compare", .string(rules.scope.rawValue)),
    ]
    if rules.method == .minhash { members += searchJSON }
    members += [
      JSONMember("bytes_per_row", Self.count(result.bytesPerRow)),
      JSONMember(
        "sources",
        .array(
          sources.map {
            .object([
              "source": .string($0.name), "rows": Self.count($0.rows),
              "removed": Self.count($0.removed),
            ])
          })),
      JSONMember("largest", .array(largest.map(json))),
    ]
    if let substring { members.append(JSONMember("substring", substring.json)) }
    return .object(members)
  }

  private var searchJSON: [JSONMember] {
    let curve = Self.curve.map { similarity in
      JSONValue.object([
        "similarity": .number(similarity),
        "found": .number(rules.minHash.candidateProbability(similarity)),
      ])
    }
    return [
      JSONMember("threshold", .number(rules.threshold)),
      JSONMember("normalisation", .string(rules.shingler.normalisation)),
      JSONMember("verify", .string(rules.verification.rawValue)),
      JSONMember("permutations", Self.count(rules.minHash.permutations)),
      JSONMember("bands", Self.count(rules.minHash.bands)),
      JSONMember("rows_per_band", Self.count(rules.minHash.rows)),
      JSONMember("curve", .array(curve)),
      JSONMember("pairs_verified", Self.count(result.pairsVerified)),
      JSONMember("pairs_confirmed", Self.count(result.pairsConfirmed)),
      JSONMember("split_buckets", Self.count(result.splitBuckets)),
      JSONMember("limited_rows", Self.count(result.limitedRows)),
    ]
  }

  private func json(_ cluster: DuplicateClusters.Cluster) -> JSONValue {
    .object([
      "cluster": .string(result.table.ids[Int(cluster.kept)].description),
      "rows": Self.count(cluster.rows), "diameter": .number(cluster.diameter),
      "diameter_exact": .bool(cluster.isDiameterExact),
    ])
  }

  private static func count(_ value: Int) -> JSONValue { .integer(Int64(value)) }

  var markdown: [String] {
    var lines = [
      "# Deduplication", "",
      "\(result.rowCount) rows, \(result.rowCount - result.removedCount) kept. Removed: "
        + "\(result.removedExact) that say the same as the row kept, \(result.removedNear) near "
        + "duplicates, in \(result.clusters.clusters.count) clusters (\(rules.clustering.rawValue)).",
      "",
    ]
    if rules.method == .minhash { lines += searchLines }
    lines.append("Memory: \(result.bytesPerRow) bytes a row.")
    if sources.contains(where: { !$0.name.isEmpty }) {
      lines += ["", "| source | rows | removed |", "|---|---:|---:|"]
      lines += sources.map { "| \(ReportFolder.cell($0.name)) | \($0.rows) | \($0.removed) |" }
    }
    if !result.clusters.clusters.isEmpty {
      lines += ["", "| kept row | rows | diameter |", "|---|---:|---:|"]
      lines += largest.map {
        "| \(result.table.ids[Int($0.kept)]) | \($0.rows) "
          + "| \($0.isDiameterExact ? "" : "≥ ")\(String(format: "%.3f", $0.diameter)) |"
      }
      lines += [
        "", "The diameter of a cluster is 1 - the lowest similarity of two of its rows.",
      ]
    }
    if let substring { lines += substring.markdown }
    return lines
  }

  private var searchLines: [String] {
    let minHash = rules.minHash
    var lines = [
      "Duplicates have a Jaccard similarity of at least \(rules.threshold)"
        + (rules.verification == .exact ? ", verified exactly" : ", not verified")
        + ". Compared: \(rules.shingler.normalisation).",
      "\(minHash.bands) bands of \(minHash.rows) rows; a pair at the threshold is missed with a "
        + "probability of "
        + String(format: "%.2g", 1 - minHash.candidateProbability(rules.threshold)) + ".",
      "\(result.pairsVerified) pairs were compared, \(result.pairsConfirmed) confirmed; "
        + "\(result.removedThroughOthers) removed rows are below the threshold of the row kept and "
        + "joined to it through others.",
    ]
    if result.splitBuckets > 0 {
      lines.append(
        "\(result.splitBuckets) groups of more than 512 candidates were split by a second band; "
          + "\(result.limitedRows) rows were compared with their neighbours alone.")
    }
    lines += ["", "| similarity | chance of being found |", "|---:|---:|"]
    lines += Self.curve.map {
      "| \($0) | \(String(format: "%.4f", minHash.candidateProbability($0))) |"
    }
    lines.append("")
    return lines
  }
}
