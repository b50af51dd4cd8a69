package import Models
package import Records
private import Reproducibility

/// One row's ids on their way into a batch.
package struct LabelledSequence: Sendable, Hashable {
  package var ids: [Int32]
  /// Of each position its own id, or -100 where it is not trained.
  package var labels: [Int32]
  /// What its dropout is keyed by.
  package var key: UInt64

  package init(ids: [Int32], labels: [Int32], key: UInt64) {
    self.ids = ids
    self.labels = labels
    self.key = key
  }
}

extension LabelledSequence {
  /// Tokens at the beginning that both have, before anything that either is trained on: computed
  /// once, they serve both. 0 where it is not worth it.
  package func sharedPrefix(_ other: LabelledSequence) -> Int {
    let common = zip(ids, other.ids).prefix { $0 == $1 }.count
    // The last shared token predicts nothing either: what comes next differs.
    let shared = min(common, firstLabel - 1, other.firstLabel - 1)
    return shared >= Self.sharedTokensMin ? shared : 0
  }

  /// Below this the copies that attention makes cost more than they save.
  private static let sharedTokensMin = 16

  private var firstLabel: Int {
    labels.firstIndex { $0 != TokenBatch.ignored } ?? labels.count
  }
}

extension TokenBatch {
  /// As ``init(_:)``, neighbours with the same beginning computing it once: the answers to one
  /// prompt. Their log-probabilities come in the same order and are the same but for rounding.
  package init(sharingPrefixes sequences: [LabelledSequence]) {
    self.init(ids: [], starts: [0], labels: [])
    var next = 0
    while next < sequences.count {
      let first = sequences[next]
      let shared = next + 1 < sequences.count ? first.sharedPrefix(sequences[next + 1]) : 0
      guard shared > 0 else {
        append(first, from: 0, after: nil)
        next += 1
        continue
      }
      let root = sequenceCount
      append(
        LabelledSequence(
          ids: Array(first.ids.prefix(shared)),
          labels: Array(repeating: Self.ignored, count: shared), key: first.key), from: 0,
        after: nil)
      repeat {
        append(sequences[next], from: shared, after: root)
        next += 1
      } while next < sequences.count && first.sharedPrefix(sequences[next]) == shared
    }
    if prefixes.allSatisfy({ $0 == nil }) { prefixes = [] }
  }

  private mutating func append(_ sequence: LabelledSequence, from first: Int, after prefix: Int?) {
    ids += sequence.ids[first...]
    labels += sequence.labels[(first + 1)...]
    labels.append(Self.ignored)
    starts.append(ids.count)
    rowKeys.append(sequence.key)
    prefixes.append(prefix)
  }

  /// Sequences one after the other, without padding. A position carries the label of the next one
  /// and the last carries none, so the first token of a sequence is never predicted.
  package init(_ sequences: [LabelledSequence]) {
    let total = sequences.reduce(0) { $0 + $1.ids.count }
    var ids: [Int32] = []
    var labels: [Int32] = []
    var starts = [0]
    ids.reserveCapacity(total)
    labels.reserveCapacity(total)
    for sequence in sequences {
      precondition(
        sequence.ids.count == sequence.labels.count && !sequence.ids.isEmpty,
        "a sequence has one label per token and at least one token")
      ids += sequence.ids
      labels += sequence.labels.dropFirst()
      labels.append(Self.ignored)
      starts.append(ids.count)
    }
    self.init(ids: ids, starts: starts, labels: labels, rowKeys: sequences.map(\.key))
  }
}

extension RowID {
  /// A number for this row and one of its sequences, from the row's content alone.
  package func key(sequence: Int = 0) -> UInt64 {
    let high = UInt64(hash.prefix(16), radix: 16) ?? 0
    let part = UInt64(ordinal) << 8 | UInt64(sequence)
    return CounterRandom(seed: high, stream: "row", part).bits(0)
  }
}
