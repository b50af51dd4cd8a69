internal import Curation
internal import Documents
internal import Records
internal import StageKit

/// Which rows go, and why.
struct DedupResult {
  struct Cluster {
    /// Rows in order.
    var members: [Int]
    var kept: Int
    /// Of each member with the one kept.
    var similarities: [Double]
  }

  let clusters: [Cluster]
  let counts: DuplicateSearch.Counts
  private(set) var isRemoved: [Bool]
  /// Removed rows that say the same as the row kept, byte for byte.
  private(set) var removedExact = 0
  private(set) var removedNear = 0
  /// Removed rows that are below the threshold of the row kept, joined to it through others.
  private(set) var removedThroughOthers = 0

  var removedCount: Int { removedExact + removedNear }

  init(_ corpus: DedupCorpus, _ parameters: MinHashDedupParameters, _ context: StageContext) throws
  {
    var search = DuplicateSearch(corpus.sketches, corpus.minHash, pool: context.pool)
    let found = try search.clusters { try context.checkCancelled() }
    counts = search.counts
    isRemoved = [Bool](repeating: false, count: corpus.rowCount)
    var clusters: [Cluster] = []
    for members in found {
      let kept = Self.kept(members, corpus, parameters.keep)
      let similarities = members.map { search.similarity($0, kept) }
      for (member, similarity) in zip(members, similarities) where member != kept {
        isRemoved[member] = true
        if corpus.sketches.contents[member] == corpus.sketches.contents[kept] {
          removedExact += 1
        } else {
          removedNear += 1
        }
        if similarity < parameters.threshold { removedThroughOthers += 1 }
      }
      clusters.append(Cluster(members: members, kept: kept, similarities: similarities))
    }
    self.clusters = clusters
  }

  /// The member to keep; of equal ones the first.
  private static func kept(
    _ members: [Int], _ corpus: DedupCorpus, _ keep: MinHashDedupParameters.Keep
  ) -> Int {
    var best = members[0]
    for member in members.dropFirst() {
      let isBetter =
        switch keep {
        case .first: false
        case .longest: corpus.lengths[member] > corpus.lengths[best]
        case .best: corpus.scores[member] > corpus.scores[best]
        }
      if isBetter { best = member }
    }
    return best
  }

  /// Writes `kept` and `clusters`.
  func write(_ reader: RecordsReader, _ corpus: DedupCorpus, _ context: StageContext) throws {
    let writer = try RecordsWriter(folder: context.output("kept"))
    var index = 0
    for chunk in 0..<reader.chunkCount {
      try context.checkCancelled()
      for line in try reader.lines(chunk) {
        if !isRemoved[index] { try writer.append(line: line, id: corpus.ids[index]) }
        index += 1
      }
    }
    try writer.finish()
    let file = try OutputFile(context.output("clusters") + "/" + RowClusters.file)
    for cluster in clusters {
      for (member, similarity) in zip(cluster.members, cluster.similarities) {
        let line = RowClusters.Member(
          row: corpus.ids[member], cluster: corpus.ids[cluster.kept].description,
          isKept: member == cluster.kept, similarity: similarity)
        try file.append(JSONWriter.compact(line.json) + "\n")
      }
    }
    try file.finish()
  }
}
