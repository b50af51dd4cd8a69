import Diagnostics
import Evaluation
import Foundation
import Processes
import TestSupport
import Testing

/// A sandbox of some walls with a Python that runs in it; nil where there is none.
private func madeTester(_ walls: SandboxWalls, seconds: Double) -> SandboxedCodeTester? {
  // Without namespaces root becomes another user, who may not reach root's own Python.
  for name in ["python3", "/usr/bin/python3"] {
    var settings = CodeTestSettings(interpreter: name, seconds: seconds, threads: 4)
    settings.allowsUnsafe = walls.isEmpty
    if let tester = try? SandboxedCodeTester(settings, walls: walls) { return tester }
  }
  return nil
}

@Suite(
  .serialized, .enabled(if: CodeTesting.isPossible, "no python3, or no sandbox can be made here"))
struct EscapeTests {
  /// The strongest and the weakest set; the one between them where the table is asked for.
  static let walls: [SandboxWalls] =
    [.all, [.landlock, .seccomp]] + (tablePath == nil ? [] : [[.namespaces, .seccomp]])

  /// For `Scripts/check-sandbox.sh`.
  static let tablePath = ProcessInfo.processInfo.environment["SANDBOX_TABLE"]

  @Test("every escape program is held, and nothing of it is left", arguments: walls)
  func held(walls: SandboxWalls) throws {
    guard let quick = madeTester(walls, seconds: 1.5), let patient = madeTester(walls, seconds: 30)
    else {
      return  // These walls cannot be had alone here.
    }
    let ground = try EscapeGround()
    #expect(ground.isComplete)
    // Programs that must run out of time need little of it; the others all that a busy machine takes.
    let (slow, others) = (
      EscapeProgram.all.filter { $0.expected.contains(.timedOut) },
      EscapeProgram.all.filter { !$0.expected.contains(.timedOut) }
    )
    var lines = ["walls: \(quick.strength)"]
    for (programs, tester) in [(slow, quick), (others, patient)] {
      let verdicts = try tester.verdicts(of: programs.map { Self.program($0, ground) })
      for (program, verdict) in zip(programs, verdicts) {
        let isHeld = program.expected.contains(verdict)
        #expect(isHeld, "\(program.name): \(verdict.rawValue)")
        lines.append("\(isHeld ? "held" : "OUT ")  \(verdict.rawValue)\t\(program.name)")
      }
    }
    let traces = ground.traces()
    #expect(traces.isEmpty)
    lines.append("left outside: \(traces.isEmpty ? "nothing" : traces.joined(separator: "; "))")
    try Self.report(lines)
  }

  @Test("attacks are real: without walls they get out")
  func real() throws {
    let tester = try #require(madeTester([], seconds: 30))
    #expect(tester.strength.description == "limits only: no sandbox")
    let ground = try EscapeGround()
    let programs = EscapeProgram.all.filter(\.succeedsWithoutWalls)
    #expect(programs.count >= 15)
    let verdicts = try tester.verdicts(of: programs.map { Self.program($0, ground) })
    for (program, verdict) in zip(programs, verdicts) {
      #expect(verdict == .failed, "\(program.name)")
    }
    #expect(ground.traces().count >= 7)
    unlink("/dev/shm/" + ground.mark)
  }

  @Test("there are at least 40 programs, each with a name of its own")
  func count() {
    let names = EscapeProgram.all.map(\.name)
    #expect(names.count >= 40 && Set(names).count == names.count)
  }

  private static func program(_ escape: EscapeProgram, _ ground: EscapeGround) -> CodeProgram {
    CodeProgram(code: EscapeProgram.preamble + ground.filled(escape.code), test: escape.test)
  }

  private static func report(_ lines: [String]) throws {
    guard let path = tablePath else { return }
    let old = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    try (old + lines.joined(separator: "\n") + "\n\n").write(
      toFile: path, atomically: false, encoding: .utf8)
  }
}
