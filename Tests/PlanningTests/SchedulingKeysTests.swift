import Diagnostics
import Planning
import StageKit
import TestSupport
import Testing

/// `resources`, `priority`, `retry`, `hooks` and approvals of a pipeline file.
@Suite struct SchedulingKeysTests {
  private func load(_ body: String, head: String = "") throws -> PipelineSpec {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      "p.yaml",
      "name: p\n\(head)stages:\n  a:\n    uses: make\n    with: { sources: [ { path: ./x } ] }\n\(body)"
    )
    return try Planner.load(path, catalogue: Toy.catalogue).spec
  }

  private func problems(_ body: String, head: String = "") throws -> [Diagnostic] {
    do {
      _ = try load(body, head: head)
      return []
    } catch let failure as Failure { return failure.diagnostics }
  }

  @Test("resources, priority and retries are read")
  func keys() throws {
    let stage = try #require(
      try load(
        """
            resources: { cpu: 2, memory: 1.5GB, gpu: 1 }
            priority: -3
            retry: { attempts: 4, backoff: 2s, backoff_max: 1m, jitter: deterministic, on: [timeout, 75] }
        """
      ).stages.first)
    #expect(stage.resources == ResourceRequest(cpu: 2, memoryBytes: 3 << 29, gpu: 1))
    #expect(stage.priority == -3)
    #expect(
      stage.retry
        == RetryPolicy(
          attempts: 4, backoffSeconds: 2, backoffMaxSeconds: 60, jitter: .deterministic,
          on: [.timeout, .exitStatus(75)]))
    #expect(try load("    retry: { on: lost }\n").stages[0].retry.on == [.lost])
    #expect(try load("").stages[0].retry.on == RetryReason.all.sorted())
  }

  @Test(
    "mistakes are told with their place",
    arguments: [
      ("    priority: high\n", 6, "spec.wrong-type"),
      ("    resources: { memory: 4 }\n", 6, "spec.wrong-type"),
      ("    resources: { memory: 4XB }\n", 6, "spec.wrong-type"),
      ("    resources: { cpu: 0 }\n", 6, "spec.wrong-type"),
      ("    resources: { gpu: 0.5 }\n", 6, "spec.wrong-type"),
      ("    resources: { cpus: 2 }\n", 6, "spec.unknown-key"),
      ("    retry: { on: [tiemout] }\n", 6, "spec.unknown-reason"),
      ("    retry: { on: [bad_input] }\n", 6, "spec.unknown-reason"),
      ("    retry: { on: [256] }\n", 6, "spec.unknown-reason"),
      ("    retry: { on: [] }\n", 6, "spec.out-of-range"),
      ("    retry: { jitter: random }\n", 6, "spec.wrong-type"),
      ("    retry: { backoff: 5m, backoff_max: 1m }\n", 6, "spec.out-of-range"),
    ])
  func mistakes(body: String, line: Int, code: String) throws {
    let found = try problems(body)
    #expect(found.map(\.code) == [code])
    #expect(found.first?.span?.line == line)
  }

  @Test("a misspelt reason and one that is never tried again say what to do")
  func reasonFixes() throws {
    #expect(try problems("    retry: { on: tiemout }\n")[0].fix?.contains("'timeout'") == true)
    #expect(try problems("    retry: { on: refused }\n")[0].fix?.contains("never tried") == true)
  }

  @Test("hooks are a text for the shell or a list of arguments, without interpolation")
  func hooks() throws {
    let head = """
      hooks:
        on_finish: [./tell.sh, "a b"]
        on_failure: 'echo ${HOME} $ORCHESTRATE_RUN'
        timeout: 5s

      """
    let hooks = try #require(try load("", head: head).hooks)
    #expect(
      hooks.hooks == [
        .init(.onFailure, ["/bin/sh", "-c", "echo ${HOME} $ORCHESTRATE_RUN"]),
        .init(.onFinish, ["./tell.sh", "a b"]),
      ])
    #expect(hooks.timeoutSeconds == 5)
    #expect(try load("").hooks == nil)
    for (text, code) in [
      ("hooks: { on_finish: 'echo ${env.TOKEN}' }\n", "spec.hook-interpolation"),
      ("hooks: { on_finsh: x }\n", "spec.unknown-key"),
      ("hooks: { on_finish: [] }\n", "spec.wrong-type"),
      ("hooks: { on_finish: }\n", "spec.wrong-type"),
    ] {
      #expect(try problems("", head: text).map(\.code) == [code], "\(text)")
    }
  }

  @Test(
    "amounts of memory",
    arguments: [
      ("512MB", 512 << 20), ("4GB", 4 << 30), ("4 GiB", 4 << 30), ("2K", 2048), ("1.5T", 3 << 39),
    ])
  func memory(text: String, bytes: Int) {
    #expect(MemoryText.bytes(text) == bytes)
  }

  @Test("what is no amount", arguments: ["", "4", "GB", "-1GB", "4gb", "0MB", "2000TB", "1e3GB"])
  func noMemory(text: String) {
    #expect(MemoryText.bytes(text) == nil)
  }

  @Test("amounts in words")
  func words() {
    #expect(MemoryText.words(3 << 29) == "1.5 GB")
    #expect(MemoryText.words(512 << 20) == "512 MB")
    #expect(MemoryText.words(0) == "0 B")
  }
}
