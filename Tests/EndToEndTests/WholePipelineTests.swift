import Foundation
import TestSupport
import Testing

/// The binary, as a user runs it, over the smallest pipeline with every kind of stage.
@Suite("The whole pipeline", .serialized)
struct WholePipelineTests {
  @Test("raw tickets become files, and a second run runs nothing")
  func runs() throws {
    let project = try Project()
    let first = try Tool.orchestrate.run("run", "pipeline.yaml", in: project.folder.path)
    try #require(first.status == 0, "\(first.errors.suffix(2000))")
    #expect(!first.output.unicodeScalars.contains("\u{1B}"))
    let digests = try project.digests()
    #expect(digests.keys.contains("gguf.files"))
    #expect(digests.keys.contains("gate.verdict"))

    let second = try Tool.orchestrate.run("run", "pipeline.yaml", in: project.folder.path)
    #expect(second.status == 0)
    #expect(second.output.contains("0 ran, 13 cached"))
    #expect(try project.digests() == digests)

    let plan = try Tool.orchestrate.run("plan", "pipeline.yaml", in: project.folder.path)
    #expect(plan.output.contains("nothing to run"))
    let changed = try Tool.orchestrate.run(
      "plan", "pipeline.yaml", "-p", "learning_rate=1e-3", in: project.folder.path)
    #expect(
      changed.output.contains("learning_rate 3e-3 → 1e-3")
        || changed.output.contains("learning_rate 0.003 → 0.001"))
    let verified = try Tool.orchestrate.run("artifacts", "verify", in: project.folder.path)
    #expect(verified.status == 0)
  }

  @Test("one and two threads give the same bytes for every stage")
  func threads() throws {
    let one = try Project()
    let two = try Project()
    let a = try Tool.orchestrate.run("run", "pipeline.yaml", "--threads", "1", in: one.folder.path)
    let b = try Tool.orchestrate.run("run", "pipeline.yaml", "--threads", "2", in: two.folder.path)
    try #require(a.status == 0 && b.status == 0, "\(a.errors.suffix(2000))")
    #expect(try one.digests() == two.digests())
  }

  @Test("killed again and again, and resumed, it ends with the same bytes")
  func kills() throws {
    let calm = try Project()
    let start = Date()
    try #require(try Tool.orchestrate.run("run", "pipeline.yaml", in: calm.folder.path).status == 0)
    let seconds = Date().timeIntervalSince(start)

    let shaken = try Project()
    var arguments = ["run", "pipeline.yaml"]
    for share in [0.15, 0.35, 0.3, 0.25, 0.2] {
      let started = try Tool.orchestrate.start(arguments, in: shaken.folder.path)
      Thread.sleep(forTimeInterval: seconds * share)
      kill(started.process.processIdentifier, SIGKILL)
      _ = try Tool.orchestrate.finish(started)
      arguments = ["resume"]
    }
    let last = try Tool.orchestrate.run("resume", in: shaken.folder.path)
    try #require(last.status == 0, "\(last.errors.suffix(2000))")
    #expect(try calm.digests() == shaken.digests())
  }

  @Test("a gate that refuses leaves status 3, a sentence, and nothing exported")
  func refuses() throws {
    let project = try Project(perplexityMax: 1.01)
    let ended = try Tool.orchestrate.run("run", "pipeline.yaml", in: project.folder.path)
    #expect(ended.status == 3)
    #expect((ended.output + ended.errors).contains("perplexity"))
    let digests = try project.digests()
    #expect(!digests.keys.contains("gguf.files"))
    #expect(digests.keys.contains("gate.verdict"))
    let again = try Tool.orchestrate.run("run", "pipeline.yaml", in: project.folder.path)
    #expect(again.status == 3)
  }
}
