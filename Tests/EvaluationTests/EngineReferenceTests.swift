import Evaluation
import Generation
import ModelFiles
import Parallelism
import Reproducibility
import TestSupport
import Testing

/// The engine, which shares beginnings and packs texts, beside the reference that asks for one
/// thing at a time.
@Suite(.enabled(if: SharedMaterial.models.exists, "no folder of models"))
struct EngineReferenceTests {
  static let contexts = [
    "", "Once upon a time", "Once upon a time, there was a little girl named Lily. ",
    "One day, Tim saw a big dog.  ",
  ]
  static let continuations = [" there", " there was a big dog", "x", "  two", "\nLily's mom said"]

  static let requests: [ModelRequest] =
    contexts.flatMap { context in
      continuations.map { .continuation(context: context, continuation: $0) }
    } + [
      .text("Lily loved to play outside in the park."), .text("x"),
      .text(String(repeating: "The dog was happy. ", count: 200)),
    ]
    + contexts.dropFirst().map {
      .completion(.text($0), CompletionSettings(maxNewTokens: 12, stops: [".", "dog"]))
    }

  @Test("likelihoods agree within rounding, answers are the same, for one thread and two")
  func agree() throws {
    let folder = try ModelFolder(FileTree(folder: SharedMaterial.models.path("stories260k")))
    let reference = try ReferenceModel(folder, template: nil, pool: ThreadPool(threads: 1))
    let wanted = try reference.answers(to: Self.requests) { _ in }
    var all: [[ModelAnswer]] = []
    for threads in [1, 2] {
      let engine = try LanguageModelUnderTest(
        folder, template: nil, pool: ThreadPool(threads: threads))
      all.append(try engine.answers(to: Self.requests) { _ in })
      // One request at a time, in another order.
      let alone = try Self.requests.reversed().map { try engine.answers(to: [$0]) { _ in }[0] }
      all.append(alone.reversed())
    }
    for answers in all { #expect(answers == all[0]) }
    for (index, (own, other)) in zip(all[0], wanted).enumerated() {
      switch (own, other) {
      case (.continuation(let a), .continuation(let b)):
        #expect(abs(a.logProbability - b.logProbability) < 1e-4, "\(index)")
        #expect(a.tokens == b.tokens && a.isGreedy == b.isGreedy, "\(index)")
      case (.likelihood(let a), .likelihood(let b)):
        #expect(abs(a.logProbability - b.logProbability) < 1e-4 * Double(b.tokens), "\(index)")
        #expect(a.tokens == b.tokens && a.bytes == b.bytes, "\(index)")
      case (.completion(let a), .completion(let b)): #expect(a.map(\.text) == b.map(\.text))
      default: Issue.record("answers of other kinds at \(index)")
      }
    }
  }
}
