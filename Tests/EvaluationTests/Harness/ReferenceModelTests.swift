import Evaluation
import Generation
import ModelFiles
import Parallelism
import Records
import Reproducibility
import TestSupport
import Testing

/// The fast model answers what the definitions answer.
@Suite(.enabled(if: SharedMaterial.oracles.exists, "../shared/oracles is absent (set ORACLES)"))
struct ReferenceModelTests {
  static let requests: [ModelRequest] = [
    .continuation(context: "the sky is", continuation: " blue"),
    .continuation(context: "the sky is", continuation: " green and wide"),
    .continuation(context: "the sky is  ", continuation: "blue"),
    .continuation(context: "", continuation: " the sun"),
    .continuation(context: "a", continuation: "b"),
    .continuation(
      context: String(repeating: "the sea is teal. ", count: 200), continuation: " ash is grey"),
    .reply(
      to: [Message(.system, "Be brief."), Message(.user, "What is ash?")], continuation: "grey"),
    .text("the sun is gold."), .text(String(repeating: "ash is grey and wide. ", count: 150)),
    .completion(.text("the sky is"), CompletionSettings(maxNewTokens: 12, stops: ["."])),
    .completion(
      .conversation([Message(.user, "What is ash?")], tools: nil),
      CompletionSettings(maxNewTokens: 12, samples: 2)),
  ]

  @Test(
    "log-probabilities agree to the roundings of float32, answers to the letter",
    arguments: ["llama", "qwen2", "gemma2"])
  func agrees(_ name: String) throws {
    let pool = ThreadPool(threads: 2)
    let folder = try ModelFolder(FileTree(folder: SharedMaterial.oracles.path("models/\(name)")))
    let template = try ModelText.template(of: folder)
    let reference = try ReferenceModel(folder, template: template, pool: pool)
    let model = try LanguageModelUnderTest(folder, template: template, pool: pool)
    let theirs = try reference.answers(to: Self.requests) { _ in }
    let ours = try model.answers(to: Self.requests) { _ in }
    for ((own, other), request) in zip(zip(ours, theirs), Self.requests) {
      switch (own, other) {
      case (.continuation(let a), .continuation(let b)):
        #expect(
          abs(a.logProbability - b.logProbability) < 1e-4 * max(1, abs(b.logProbability) / 100))
        #expect(a.tokens == b.tokens && a.isGreedy == b.isGreedy, "\(request)")
      case (.likelihood(let a), .likelihood(let b)):
        #expect(
          abs(a.logProbability - b.logProbability) < 1e-4 * max(1, abs(b.logProbability) / 100))
      case (.completion(let a), .completion(let b)):
        #expect(a.map(\.text) == b.map(\.text))
      default: Issue.record("answers of two kinds")
      }
    }
  }
}
