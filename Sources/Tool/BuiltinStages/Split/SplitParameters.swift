internal import Diagnostics
private import Foundation
package import StageKit

package struct SplitParameters: StageParameters {
  let testSize: Double?
  let validationSize: Double?
  let stratifyBy: [String]
  let groupBy: [String]
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
    seed = read.integer("seed", default: 1, in: 0...Int.max, help: "Seed of the deal.")
    if let testSize, let validationSize, testSize < 1, validationSize < 1,
      testSize + validationSize >= 1
    {
      read.problem("test_size", "test and validation together leave nothing to train on")
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
  /// - Throws: ``Failure`` of class `badInput` when nothing is left to train on.
  func sizes(of rows: Int) throws -> (validation: Int, test: Int) {
    let usual = rows < 1000 ? 0.1 : 0.05
    func count(_ size: Double?) -> Int {
      let size = size ?? usual
      if size == 0 { return 0 }
      return size < 1 ? max(1, Int((size * Double(rows)).rounded())) : Int(size)
    }
    let (validation, test) = (count(validationSize), count(testSize))
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
