/// How a run asks its tasks: what the harness' command line says.
package struct HarnessOptions: Sendable {
  /// `--num_fewshot`: examples in a prompt, except where a task says none.
  package var exampleCount: Int?
  /// `--limit`: documents of a task, from the first; below 1 a share of them.
  package var limit: Double?
  /// `--apply_chat_template`.
  package var isChat = false
  /// `--fewshot_as_multiturn`: examples are turns of their own.
  package var isMultiturn = false
  /// `--system_instruction`.
  package var system: String?
  /// Of the examples; the harness' own is 1234.
  package var seed: UInt64 = 1234
  package var tester: (any CodeTester)?

  package init() {}

  func count(of documents: Int) -> Int {
    guard let limit else { return documents }
    let wanted = limit < 1 ? (Double(documents) * limit).rounded(.up) : limit.rounded(.down)
    return min(documents, Int(min(wanted, Double(documents))))
  }
}
