/// A stretch of text that a recognizer takes for personal data.
package struct Detection: Sendable, Hashable {
  package var entity: Entity
  /// UTF-8 offsets into the text.
  package var range: Range<Int>
  /// 0…1, by the rules of the recognizer; 1 is a passed checksum.
  package var score: Double
  /// Whether a checksum was passed.
  package var isVerified: Bool

  package init(_ entity: Entity, _ range: Range<Int>, score: Double, verified: Bool = false) {
    self.entity = entity
    self.range = range
    self.score = score
    self.isVerified = verified
  }
}

extension [Detection] {
  /// Detections without overlaps, in order of place.
  ///
  /// Of two that overlap the longer one wins, then the one with a checksum, then the higher score,
  /// then the name that sorts first. The winner takes what the loser covered beyond it, so that no
  /// character that any recognizer claimed is left in the text.
  package func resolved() -> [Detection] {
    var copy = self
    copy.resolve()
    return copy
  }

  /// ``resolved()`` in place.
  mutating func resolve() {
    if count < 2 { return }
    // Those of most texts are in order and apart as they were found.
    if areApart, isAscending { return }
    sort { a, b in
      if a.range.lowerBound != b.range.lowerBound {
        return a.range.lowerBound < b.range.lowerBound
      }
      if a.range.upperBound != b.range.upperBound { return a.range.upperBound > b.range.upperBound }
      return a.entity < b.entity
    }
    if !areApart { self = clustersResolved() }
  }

  /// Whether each ends before the next begins.
  private var areApart: Bool {
    for index in indices.dropFirst()
    where self[index - 1].range.upperBound > self[index].range.lowerBound {
      return false
    }
    return true
  }

  /// Whether each begins behind the place where the one before begins.
  private var isAscending: Bool {
    for index in indices.dropFirst()
    where self[index - 1].range.lowerBound >= self[index].range.lowerBound {
      return false
    }
    return true
  }

  /// The same for detections in order of place.
  private func clustersResolved() -> [Detection] {
    let byPlace = self
    var result: [Detection] = []
    result.reserveCapacity(count)
    var start = 0
    while start < byPlace.count {
      // Detections that overlap, through each other where not directly.
      var end = start + 1
      var reach = byPlace[start].range.upperBound
      while end < byPlace.count, byPlace[end].range.lowerBound < reach {
        reach = Swift.max(reach, byPlace[end].range.upperBound)
        end += 1
      }
      if end - start == 1 {
        result.append(byPlace[start])
      } else {
        result += Array(byPlace[start..<end]).clusterResolved()
      }
      start = end
    }
    return result
  }

  private func clusterResolved() -> [Detection] {
    let byRank = sorted { a, b in
      if a.range.count != b.range.count { return a.range.count > b.range.count }
      if a.isVerified != b.isVerified { return a.isVerified }
      if a.score != b.score { return a.score > b.score }
      if a.range.lowerBound != b.range.lowerBound {
        return a.range.lowerBound < b.range.lowerBound
      }
      return a.entity < b.entity
    }
    var kept: [Detection] = []
    for candidate in byRank {
      if let index = kept.firstIndex(where: { $0.range.overlaps(candidate.range) }) {
        let range = kept[index].range
        kept[index].range =
          Swift.min(
            range.lowerBound, candidate.range.lowerBound)..<Swift.max(
            range.upperBound, candidate.range.upperBound)
      } else {
        kept.append(candidate)
      }
    }
    kept.sort { $0.range.lowerBound < $1.range.lowerBound }
    return kept.joined()
  }

  /// Neighbours that came to overlap by growing become one, named after the longer.
  private func joined() -> [Detection] {
    var result: [Detection] = []
    for detection in self {
      guard let last = result.last, last.range.overlaps(detection.range) else {
        result.append(detection)
        continue
      }
      var winner = last.range.count >= detection.range.count ? last : detection
      winner.range =
        last.range.lowerBound..<Swift.max(last.range.upperBound, detection.range.upperBound)
      result[result.count - 1] = winner
    }
    return result
  }
}
