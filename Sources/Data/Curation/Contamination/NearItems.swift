/// Finds evaluation items that are near-duplicates of a text by exact Jaccard similarity of their
/// shingles: the paraphrase that changes a word in every window.
package struct NearItems: Sendable {
  package struct Hit: Sendable, Hashable {
    package var set: Int
    package var item: Int
    package var similarity: Double
  }

  private let shingler: Shingler
  private var items: [(set: Int, item: Int, size: Int)] = []
  private var postings: [UInt32: [Int32]] = [:]

  package init(shingler: Shingler) { self.shingler = shingler }

  package mutating func add(_ texts: [String], set: Int, item: Int) {
    let shingles = shingler.set(of: texts)
    if shingles.isEmpty { return }
    for shingle in shingles { postings[shingle, default: []].append(Int32(items.count)) }
    items.append((set, item, shingles.count))
  }

  /// The most similar item at or above `threshold`; of equals the first.
  package func hit(in texts: [String], threshold: Double) -> Hit? {
    let shingles = shingler.set(of: texts)
    var common: [Int32: Int] = [:]
    for shingle in shingles {
      for index in postings[shingle] ?? [] { common[index, default: 0] += 1 }
    }
    var best: Hit?
    for index in common.keys.sorted() {
      let (set, item, size) = items[Int(index)]
      let shared = common[index] ?? 0
      let similarity = Double(shared) / Double(size + shingles.count - shared)
      if similarity >= threshold, similarity > best?.similarity ?? -1 {
        best = Hit(set: set, item: item, similarity: similarity)
      }
    }
    return best
  }
}
