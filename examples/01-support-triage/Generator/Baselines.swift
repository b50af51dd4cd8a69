import Documents
import Records

/// What a team would have without a model.
enum Baselines {
  /// The share of `labels` equal to the most frequent label of the training rows.
  static func majority(_ train: [Row], on labels: [String]) -> Double {
    var counts: [String: Int] = [:]
    for row in train { counts[row.field("label")?.stringValue ?? "", default: 0] += 1 }
    let best = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? ""
    return share(labels.count { $0 == best }, labels.count)
  }

  /// The share that a keyword filter routes right: the team with the most keywords in the ticket,
  /// the larger team on a tie. Its words are the generator's own, so it knows every topic.
  static func keywords(_ test: [Row], _ labels: [String]) -> Double {
    let queues = Queue.all.map { (name: $0.name, words: Set($0.keywords), share: $0.share) }
    var right = 0
    for (row, label) in zip(test, labels) {
      let words = (row.content.texts.first ?? "").lowercased()
        .split { !($0.isLetter || $0.isNumber) }.map(String.init)
      let best = queues.max { a, b in
        let (hitsA, hitsB) = (
          words.count(where: a.words.contains), words.count(where: b.words.contains)
        )
        return (hitsA, a.share) < (hitsB, b.share)
      }
      if best?.name == label { right += 1 }
    }
    return share(right, labels.count)
  }

  private static func share(_ part: Int, _ whole: Int) -> Double {
    whole == 0 ? .nan : Double(part) / Double(whole)
  }
}
