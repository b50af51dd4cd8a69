import Foundation
import Planning
import Reproducibility
import StageKit
import TestSupport
import Testing

/// Random pipelines, random edits: what the plan names is what the engine runs. No two stages ask
/// for the same, since the second would find the result of the first.
@Suite("plans of random edits")
struct PlanPropertyTests {
  private struct Pipeline {
    var sources: [[Int]]
    var limits: [Int]

    init(_ random: CounterRandom) {
      let count = 3 + random.integer(0, below: 8)
      sources = (0..<count).map { stage in
        stage == 0 ? [] : [random.integer(UInt64(100 + stage), below: stage)]
      }
      limits = (0..<count).map { 1 + 10 * $0 }
    }

    var text: String {
      var text = "name: r\nstages:\n"
      for (index, source) in sources.enumerated() {
        text +=
          source.isEmpty
          ? "  s0: { uses: make, with: { sources: [ { path: ./x } ] } }\n"
          : "  s\(index): { uses: clean, inputs: { records: s\(source[0]) }, with: { limit: \(limits[index]) } }\n"
      }
      return text
    }
  }

  @Test("predicted equals executed", arguments: 0..<60)
  func property(_ seed: Int) throws {
    let random = CounterRandom(seed: UInt64(seed), stream: "pipeline")
    let folder = try TemporaryFolder()
    try folder.write("x", "0")
    var pipeline = Pipeline(random)
    let past = PastRuns()
    let constant = Set(
      (0..<pipeline.limits.count).filter { random.integer(UInt64(200 + $0), below: 4) == 0 }.map {
        "s\($0)"
      })
    for edit in 0..<8 {
      let draw = UInt64(1000 + edit * 10)
      let stage = random.integer(draw, below: pipeline.limits.count)
      switch random.integer(draw + 1, below: 4) {
      case 0: try folder.write("x", "\(random.integer(draw + 2, below: 3))")
      case 1: if stage > 0 { pipeline.sources[stage] = [random.integer(draw + 3, below: stage)] }
      default: pipeline.limits[stage] = 1 + 10 * stage + random.integer(draw + 4, below: 3)
      }
      let plan = try folder.load(pipeline.text).plan(
        results: past, statCache: MemoryStatCache(), checkpoints: past)
      let ran = Set(try past.execute(plan, constant: constant))
      for verdict in plan.verdicts {
        switch verdict.decision {
        case .run: #expect(ran.contains(verdict.stage), "seed \(seed), edit \(edit), \(verdict)")
        case .cached:
          #expect(!ran.contains(verdict.stage), "seed \(seed), edit \(edit), \(verdict)")
        default: break
        }
      }
      let again = try folder.load(pipeline.text).plan(
        results: past, statCache: MemoryStatCache(), checkpoints: past)
      #expect(!again.hasWork)
    }
  }
}
