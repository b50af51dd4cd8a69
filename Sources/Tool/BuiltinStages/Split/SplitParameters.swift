internal import Diagnostics
private import Foundation
package import StageKit

package struct SplitParameters: StageParameters {
  /// How rows are compared across sides.
  enum LeakCheck: String, CaseIterable {
    /// Equal contents, and near-duplicates unless clusters are given.
    case near
    /// Equal contents alone: they always stay on one side.
    case exact
  }

  /// What happens to a row that a side held out says again.
  enum OnLeak: String, CaseIterable {
    /// It is left out, and told in `changes.jsonl`.
    case drop
    /// The stage fails.
    case refuse
    /// It stays where it is, and is counted.
    case keep
  }

  let testSize: Double?
  let validationSize: Double?
  let stratifyBy: [String]
  let groupBy: [String]
  let byTime: String?
  let folds: Int?
  let leakCheck: LeakCheck
  let leakThreshold: Double
  let onLeak: OnLeak
  let rowsMin: Int
  let seed: Int

  package init(_ read: inout ParameterReader) {
    testSize = Self.size(&read, "test_size", "test")
    validationSize = Self.size(&read, "validation_size", "validation")
    stratifyBy = read.strings(
      "stratify_by", default: [],
      help: "Columns whose values have the same shares on every side.")
    groupBy = read.strings(
      "group_by", default: [],
      help: "Columns whose values must not be on two sides, such as an author.")
    byTime = read.optionalString(
      "by_time",
      help: "A column of dates or numbers: the newest rows are test, those before them validation.")
    folds = read.optionalInteger(
      "folds", in: 2...20,
      help: "Deals what is not test to so many parts: outputs train_1, validation_1, train_2, …")
    leakCheck = read.choice(
      "leak_check", default: LeakCheck.near,
      help: "near also looks for near-duplicates across sides; not needed where clusters are given."
    )
    leakThreshold = read.number(
      "leak_threshold", default: 0.8, in: 0.3...1,
      help: "Jaccard similarity of word 5-shingles from which a row is known on the other side.")
    onLeak = read.choice(
      "on_leak", default: OnLeak.drop,
      help: "What happens to a row of train or validation that a side held out says again.")
    rowsMin = read.integer(
      "min_rows", default: 50, in: 0...1_000_000_000,
      help: "Fewer rows are refused: a model would learn them by heart.")
    seed = read.integer("seed", default: 1, in: 0...Int.max, help: "Seed of the deal.")
    check(&read)
  }

  private func check(_ read: inout ParameterReader) {
    if let testSize, let validationSize, testSize < 1, validationSize < 1,
      testSize + validationSize >= 1
    {
      read.problem("test_size", "test and validation together leave nothing to train on")
    }
    if byTime != nil, !stratifyBy.isEmpty {
      read.problem("by_time", "rows are dealt either by time or by strata", fix: "remove one")
    }
    if byTime != nil, folds != nil {
      read.problem("by_time", "folds would train on what is newer than the rows validated on")
    }
    if folds != nil, validationSize != nil {
      read.problem("validation_size", "with folds the validation rows are those of the fold")
    }
  }

  private static func size(_ read: inout ParameterReader, _ key: String, _ side: String) -> Double?
  {
    let value = read.optionalNumber(
      key, in: 0...1e9,
      help: "Share (below 1) or number of rows of \(side); 0.05, below 1,000 rows 0.1.")
    if let value, value >= 1, value != value.rounded() {
      read.problem(key, "\(value) is neither a share below 1 nor a whole number")
    }
    return value
  }

  /// Rows wanted on each side.
  ///
  /// - Throws: ``Failure`` of class `badInput` when nothing is left to train on, or when there are
  ///   fewer rows than `min_rows`.
  func sizes(of rows: Int) throws -> (validation: Int, test: Int) {
    let usual = rows < 1000 ? 0.1 : 0.05
    func count(_ size: Double?) -> Int {
      let size = size ?? usual
      if size == 0 { return 0 }
      return size < 1 ? max(1, Int((size * Double(rows)).rounded())) : Int(size)
    }
    if rows < rowsMin {
      throw Diagnostic(
        "split.few-rows", "\(rows) rows are fewer than 'min_rows' (\(rowsMin))",
        fix: "collect more rows, or set 'min_rows: \(rows)' to go on with these"
      ).failure(.badInput)
    }
    let (validation, test) = (folds == nil ? count(validationSize) : 0, count(testSize))
    guard validation + test < rows else {
      throw Diagnostic(
        "split.too-few-rows",
        "\(rows) rows, but \(validation) for validation and \(test) for test leave none to train on",
        fix: "give it more rows, or lower 'validation_size' and 'test_size'"
      ).failure(.badInput)
    }
    return (validation, test)
  }
}
