import Foundation
import Processes
import TestSupport
import Testing

/// Two engines that take each other for engines of two hosts, on a folder where no lock of the kernel
/// holds between them.
@Suite(.enabled(if: BuiltTool.exists, "the program is not built beside the tests"))
struct NetworkFolderTests {
  static func host(_ name: String) -> [String: String] {
    [
      "ORCHESTRATE_NETWORK_FOLDER": "1", "ORCHESTRATE_HOST": name,
      "ORCHESTRATE_LEASE_SECONDS": "1",
    ]
  }

  static func project() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write(
      "pipeline.yaml",
      """
      name: slow
      stages:
        slow: { uses: drill, with: { steps: 40, checkpoint_steps: 4, step_milliseconds: 60 } }
        after: { uses: drill, inputs: { a: slow }, with: { inputs: [a], steps: 3 } }

      """)
    return folder
  }

  static func wait(_ seconds: Double, until condition: () throws -> Bool) rethrows -> Bool {
    let end = ContinuousClock.now + .seconds(seconds)
    while ContinuousClock.now < end {
      if try condition() { return true }
      usleep(20_000)
    }
    return false
  }

  static func hasCheckpoint(_ folder: TemporaryFolder) -> Bool {
    let root = folder.path + "/.orchestrate/checkpoints"
    let names = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
    return names.contains { $0.hasSuffix("checkpoint.json") && !$0.contains(".tmp-") }
  }

  @Test("one that sleeps is replaced, finds that out when it wakes, and ends what it had started")
  func stopped() throws {
    let reference = try Self.project()
    #expect(try BuiltTool.run(["run"], in: reference).status == 0)

    let folder = try Self.project()
    let first = try BuiltTool.start(["run"], in: folder, environment: Self.host("a"))
    #expect(Self.wait(20) { Self.hasCheckpoint(folder) })
    // While it lives, another host is told who it is.
    let began = ContinuousClock.now
    let refused = try BuiltTool.run(["resume"], in: folder, environment: Self.host("b"))
    #expect(refused.status == 75)
    #expect(ContinuousClock.now - began < .seconds(3))
    #expect(
      refused.errors.contains("process \(first.pid) on host 'a' since "), "\(refused.errors)")
    #expect(refused.errors.contains("('orchestrate run')"))

    first.send(SIGSTOP)
    let second = try BuiltTool.run(["resume"], in: folder, environment: Self.host("b"))
    #expect(second.status == 0, "\(second.output)\(second.errors)")
    #expect(second.output.contains("goes on from step"))
    first.send(SIGCONT)
    let woken = first.wait()
    #expect(woken.status == 75, "\(woken.output)\(woken.errors)")
    #expect(woken.errors.contains("run.fenced"), "\(woken.errors)")

    let marker = "ORCHESTRATE_PROJECT=\(folder.path)/.orchestrate"
    #expect(Self.wait(5) { ProcessGroups.pids(marked: marker).isEmpty })
    #expect(try BuiltTool.objects(in: folder) == BuiltTool.objects(in: reference))
    let verified = try BuiltTool.run(["verify", "--all"], in: folder)
    #expect(verified.status == 0, "\(verified.errors)")
    let again = try BuiltTool.run(["run"], in: folder)
    #expect(again.output.contains("0 ran, 2 cached"), "\(again.output)\(again.errors)")
  }

  @Test("one that was killed is replaced; its own host does not wait for that")
  func killed() throws {
    let folder = try Self.project()
    let first = try BuiltTool.start(["run"], in: folder, environment: Self.host("a"))
    #expect(Self.wait(20) { Self.hasCheckpoint(folder) })
    first.send(SIGKILL)
    _ = first.wait()
    let same = try BuiltTool.start(["resume"], in: folder, environment: Self.host("a"))
    #expect(Self.wait(5) { same.output.contains("goes on") }, "\(same.output)")
    same.send(SIGKILL)
    _ = same.wait()
    let other = try BuiltTool.run(["resume"], in: folder, environment: Self.host("b"))
    #expect(other.status == 0, "\(other.errors)")
  }

  @Test("one that waits goes on when the first has ended")
  func waits() throws {
    for network in [true, false] {
      let folder = try Self.project()
      let first = try BuiltTool.start(
        ["run"], in: folder, environment: network ? Self.host("a") : [:])
      #expect(Self.wait(20) { Self.hasCheckpoint(folder) })
      let second = try BuiltTool.run(
        ["run", "--wait"], in: folder, environment: network ? Self.host("b") : [:])
      #expect(first.wait().status == 0)
      #expect(second.status == 0, "\(second.errors)")
      #expect(second.errors.contains("waiting for process \(first.pid)"), "\(second.errors)")
      #expect(second.output.contains("0 ran, 2 cached"))
    }
  }
}
