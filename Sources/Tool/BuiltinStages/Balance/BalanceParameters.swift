internal import Curation
package import StageKit

package struct BalanceParameters: StageParameters {
  let by: String?
  let ratioMax: Double
  let reference: BalancePlan.Reference
  let method: BalancePlan.Method
  let targets: [(name: String, value: Double)]
  let copiesMax: Int
  let weightBy: String?
  let weights: [(name: String, value: Double)]
  let allowDuplicates: Bool
  let allowLargeRemoval: Bool
  let seed: Int

  package init(_ read: inout ParameterReader) {
    by = read.optionalString("by", help: "The column whose values are the classes.")
    ratioMax = read.number(
      "max_class_ratio", default: 5, in: 1...1e6,
      help: "No class has more rows than so many times the reference class.")
    reference = read.choice(
      "reference", default: BalancePlan.Reference.smallest,
      help: "What a large class is measured by; oversample compares with the largest class.")
    method = read.choice(
      "method", default: BalancePlan.Method.undersample,
      help: "undersample leaves out rows of large classes, oversample copies rows of small ones.")
    targets = read.numbers(
      "targets", in: 0...1e9, help: "Rows wanted of single classes: '{billing: 500}'.")
    copiesMax = read.integer(
      "max_copies", default: 4, in: 1...100, help: "A row is in the result at most so many times.")
    weightBy = read.optionalString("weight_by", help: "The column of tags that 'weights' names.")
    weights = read.numbers(
      "weights", in: 0...100,
      help: "How often rows of a tag are shown, after balancing: '{hard: 2, easy: 0.5}'.")
    allowDuplicates = read.flag(
      "allow_duplicates", default: false,
      help: "Copies rows though they have near-duplicates in their class.")
    allowLargeRemoval = read.flag(
      "allow_large_removal", default: false, help: "Leaves out more than half of all rows.")
    seed = read.integer("seed", default: 1, in: 0...Int.max, help: "Seed of the choice.")
    for (name, value) in targets where value != value.rounded() {
      read.problem("targets", "'\(name)' is no whole number")
    }
    if weightBy == nil, !weights.isEmpty {
      read.problem("weights", "no column is named", fix: "add 'weight_by:' with the column of tags")
    }
    if by == nil, weights.isEmpty {
      read.problem("by", "nothing to balance", fix: "add 'by:' with the column of classes")
    }
    if by == nil, !targets.isEmpty { read.problem("targets", "no column 'by' is named") }
  }
}
