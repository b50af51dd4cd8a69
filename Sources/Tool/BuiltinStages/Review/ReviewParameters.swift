package import StageKit

package struct ReviewParameters: StageParameters {
  /// Which rows may be in the sample.
  enum Only: String, CaseIterable {
    case all
    /// Rows that the stage before has changed: see the input `report`.
    case changed
    /// Rows that it has dropped: they are read from the input `before`.
    case dropped
  }

  enum Require: String, CaseIterable {
    /// Every row of the sample has a verdict.
    case all
    /// At least one has.
    case any
    /// Nothing: the stage passes without verdicts.
    case none
  }

  enum OnInconclusive: String, CaseIterable { case fail, warn, pass }

  let sample: Int
  let stratifyBy: String?
  let only: Only
  let verdicts: FilePattern
  let require: Require
  let acceptMin: Double?
  let kappaMin: Double?
  let onInconclusive: OnInconclusive
  let seed: Int

  package init(_ read: inout ParameterReader) {
    sample = read.integer(
      "sample", default: 100, in: 1...1_000_000, help: "Rows to be looked at.")
    stratifyBy = read.optionalString(
      "stratify_by", help: "A column of whose values each gives its share, and at least one row.")
    only = read.choice("only", default: Only.all, help: "Which rows may be in the sample.")
    verdicts = read.files(
      "verdicts", optional: true,
      help: "Files of verdicts, review.jsonl or review.csv filled in: './review/*.jsonl'.")
    require = read.choice(
      "require", default: Require.all, help: "How much of the sample needs a verdict.")
    acceptMin = read.optionalNumber(
      "min_accept", in: 0...1,
      help: "Least share of accepted rows; judged with a 95 % interval.")
    kappaMin = read.optionalNumber(
      "min_kappa", in: -1...1, help: "Least agreement (Cohen's kappa) of any two reviewers.")
    onInconclusive = read.choice(
      "on_inconclusive", default: OnInconclusive.fail,
      help: "What follows when the interval of 'min_accept' holds the limit.")
    seed = read.integer("seed", default: 1, in: 0...Int.max, help: "Seed of the sample.")
  }
}
