import Foundation
import Testing

/// Random pipelines on random machines, with everything that goes wrong, against the rules of
/// docs/scheduling.md. `make simulate` runs 100,000 of them; a failing seed is replayed with
/// `SEED=n N=1 make simulate`, which prints what happened.
@Suite struct SimulationTests {
  private static func number(_ name: String, default value: Int) -> Int {
    ProcessInfo.processInfo.environment[name].flatMap { Int($0) } ?? value
  }

  @Test("random schedules keep the rules")
  func schedules() async throws {
    let first = Self.number("SIMULATE_SEED", default: 1)
    let count = Self.number("SIMULATE_N", default: 2000)
    let lanes = max(1, min(count, ProcessInfo.processInfo.activeProcessorCount))
    let launches = await withTaskGroup(of: Int.self) { group in
      for lane in 0..<lanes {
        group.addTask {
          var launches = 0
          for seed in stride(from: first + lane, to: first + count, by: lanes) {
            launches += Self.run(UInt64(seed), isTraced: count == 1)
          }
          return launches
        }
      }
      return await group.reduce(0, +)
    }
    // A simulator in which nothing runs would find nothing.
    if count >= 100 { #expect(launches > count, "\(launches) launches in \(count) schedules") }
    print("simulation: \(count) schedules from seed \(first), \(launches) launches")
  }

  /// Attempts that were started.
  private static func run(_ seed: UInt64, isTraced: Bool) -> Int {
    var run = SimulatedRun(seed: seed, isTraced: isTraced)
    do {
      try run.runToEnd()
    } catch {
      Issue.record("seed \(seed): \(error)")
    }
    if isTraced { print(run.trace.joined(separator: "\n")) }
    return run.launches
  }
}
