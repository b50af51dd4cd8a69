internal import Curation
package import StageKit

package struct MinHashDedupParameters: StageParameters {
  /// Which row of a cluster stays.
  enum Keep: String, CaseIterable {
    /// The one that comes first.
    case first
    /// The one with the most bytes of text.
    case longest
    /// The one with the highest number in `best_by`.
    case best
  }

  let threshold: Double
  let shingler: Shingler
  let permutations: Int
  let keep: Keep
  let bestBy: String?
  let sourceField: String
  let allowLargeRemoval: Bool
  let seed: Int

  package init(_ read: inout ParameterReader) {
    threshold = read.number(
      "threshold", default: 0.8, in: 0.3...1,
      help: "Jaccard similarity at or above which two rows are duplicates.")
    let unit = read.choice(
      "shingle", default: Shingler.Unit.words, help: "What a shingle is made of.")
    let words = read.integer(
      "shingle_words", default: 5, in: 1...64, help: "Words of a shingle, for shingle: words.")
    let characters = read.integer(
      "shingle_characters", default: 24, in: 1...64,
      help: "Characters of a shingle, for shingle: characters.")
    shingler = Shingler(
      unit, size: min(64, max(1, unit == .words ? words : characters)))
    permutations = read.integer(
      "permutations", default: 256, in: 32...1024,
      help: "Length of a signature, rounded up to a multiple of 32; bands follow from it.")
    keep = read.choice("keep", default: Keep.first, help: "Which row of a cluster stays.")
    bestBy = read.optionalString(
      "best_by", help: "For keep: best: the column whose highest number stays.")
    sourceField = read.string(
      "source_field", default: "source",
      help: "The column that names where a row comes from, for removals by source.")
    allowLargeRemoval = read.flag(
      "allow_large_removal", default: false,
      help: "Go on even if more than half of a source is removed.")
    seed = read.integer("seed", default: 1, in: 0...Int.max, help: "Seed of the signatures.")
    if keep == .best, bestBy == nil { read.problem("best_by", "keep: best needs a column") }
  }
}
