import Diagnostics
import Documents
import Foundation
import Planning
import Reproducibility
import StageKit
import Synchronization
import TestSupport
import Testing

/// A command with files of the working folder, for plans alone.
private struct Step: Stage {
  static let kind: StageKind = "step"
  static let version = 1
  static let summary = "Reads and writes files."
  struct Parameters: StageParameters {
    let outs: [WorkspacePath]
    init(_ read: inout ParameterReader) {
      _ = read.workspaceReads("deps", help: "Read.")
      outs = read.workspaceWrites("outs", help: "Written.")
    }
  }
  static func ports(for parameters: Parameters) -> Ports {
    Ports(
      outputs: parameters.outs.map { path in
        var port = Port(path.name, .files, help: "Written.")
        port.workspace = path
        return port
      })
  }
  func run(_ parameters: Parameters, in context: StageContext) -> StageOutcome { .succeeded }
}

/// A past in which nothing happened, and how often it was asked.
private final class CountingPast: RecordedResults, RecordedCheckpoints {
  private let questions = Mutex(0)
  var count: Int { questions.withLock { $0 } }

  private func ask() { questions.withLock { $0 += 1 } }
  func result(for fingerprint: Digest) -> RecordedResult? {
    ask()
    return nil
  }
  func outcome(for fingerprint: Digest) -> RecordedOutcome? {
    ask()
    return nil
  }
  func lastResult(ofStage name: String) -> RecordedResult? {
    ask()
    return nil
  }
  func artifact(_ digest: Digest) -> InputArtifact? {
    ask()
    return nil
  }
  func facts(of fingerprint: Digest) -> ResultFacts? {
    ask()
    return nil
  }
  func hasResult(ofShape shape: Digest, inputs: [String: Digest]) -> Bool {
    ask()
    return false
  }
  func latestStep(for fingerprint: Digest) -> Int? {
    ask()
    return nil
  }
}

@Suite("large plans")
struct LargePlanTests {
  /// - Parameter shape: the stage numbers each stage reads from.
  private func text(_ count: Int, _ shape: (Int) -> [Int]) -> String {
    var lines = ["name: large", "stages:"]
    for index in 0..<count {
      let deps = shape(index).map { "out/s\($0)" } + ["seed"]
      lines.append(
        "  s\(index): { uses: step, with: { deps: [\(deps.joined(separator: ", "))], "
          + "outs: [out/s\(index)] } }")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Seconds of this thread's processor time to load and plan, and how often the past was asked.
  private func cost(_ folder: TemporaryFolder, _ text: String) throws -> (
    seconds: Double, questions: Int, plan: Plan
  ) {
    let path = try folder.write("pipeline.yaml", text)
    let past = CountingPast()
    let began = threadSeconds()
    let loaded = try Planner.load(path, catalogue: StageCatalogue([Step.self]))
    let plan = try loaded.plan(
      results: past, statCache: MemoryStatCache(), checkpoints: past)
    return (threadSeconds() - began, past.count, plan)
  }

  /// Other tests run beside this one: the time of the whole process would count theirs.
  private func threadSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
  }

  @Test(
    "ten thousand stages are planned in linear time, whatever their order in the file",
    arguments: ["chain", "backwards", "fan"])
  func linear(name: String) throws {
    let folder = try TemporaryFolder()
    try folder.write("seed", "1")
    func text(_ count: Int) -> String {
      self.text(count) { index in
        switch name {
        case "chain": index == 0 ? [] : [index - 1]
        case "backwards": index == count - 1 ? [] : [index + 1]
        default: index == count - 1 ? Array(0..<count - 1) : []
        }
      }
    }
    let few = try cost(folder, text(2_500))
    let many = try cost(folder, text(10_000))
    #expect(many.plan.verdicts.count == 10_000)
    // But for what is asked once a plan.
    #expect(abs(many.questions - 4 * few.questions) < 10)
    // Four times as many cost four times as much; sixteen times would be quadratic.
    #expect(many.seconds < 9 * few.seconds, "\(few.seconds) s, then \(many.seconds) s")
    if name == "backwards" {
      #expect(many.plan.verdicts.first?.stage == "s9999")
      #expect(many.plan.verdicts.last?.stage == "s0")
    }
  }

  @Test("the order is that of the file among stages that are ready")
  func order() throws {
    let folder = try TemporaryFolder()
    try folder.write("seed", "1")
    let waits = [0: [3], 1: [], 2: [0], 3: [], 4: [1]]
    let plan = try cost(folder, text(5) { waits[$0] ?? [] }).plan
    #expect(plan.verdicts.map(\.stage) == ["s1", "s3", "s0", "s2", "s4"])
  }
}
