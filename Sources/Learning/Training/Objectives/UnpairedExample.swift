package import Records

/// One answer to a prompt and whether it is a good one. The answer is without the prompt,
/// end-of-turn token included.
package struct UnpairedExample: Sendable, Hashable {
  package var row: RowID
  package var prompt: [Int32]
  package var completion: [Int32]
  package var isDesirable: Bool

  package init(row: RowID, prompt: [Int32], completion: [Int32], isDesirable: Bool) {
    self.row = row
    self.prompt = prompt
    self.completion = completion
    self.isDesirable = isDesirable
  }
}
