import Documents
import Foundation
import Reproducibility
import TestSupport
import Testing

/// Random edits of a pipeline of real stages: what `plan` says will run is what runs.
///
/// `PLAN_EDITS` sets how many (40), `PLAN_SEED` which (1). Scripts/check-plan.sh makes 300.
@Suite(.enabled(if: BuiltTool.exists, "the program is not built beside the tests"))
struct PlanEditTests {
  static let count = ProcessInfo.processInfo.environment["PLAN_EDITS"].flatMap(Int.init) ?? 40
  static let seed = ProcessInfo.processInfo.environment["PLAN_SEED"].flatMap(UInt64.init) ?? 1

  @Test("plan names what runs, and nothing more, for random edits")
  func edits() throws {
    let folder = try TemporaryFolder()
    let random = CounterRandom(seed: Self.seed, stream: "plan edits")
    var pipeline = EditedPipeline(folder)
    try pipeline.write()
    var past: [EditedPipeline] = []
    var tally = (run: 0, conditional: 0, conditionalRan: 0, cached: 0)
    for number in 0...Self.count {
      var edit = "nothing, at first"
      if number > 0 {
        past.append(pipeline)
        edit = try pipeline.edit(UInt64(number) << 8, random, past)
        try pipeline.write()
      }
      let forced = number > 0 && random.integer(UInt64(number) << 8 | 200, below: 12) == 0
      let options = forced ? ["--force", pipeline.names["splits"] ?? ""] : []
      let verdicts = try Self.plan(folder, options)
      let ran = try Self.run(folder, options, "seed \(Self.seed), edit \(number): \(edit)")
      let what = "seed \(Self.seed), edit \(number): \(edit), forced \(forced)"
      for (stage, verdict) in verdicts {
        switch verdict {
        case "run", "resume":
          tally.run += 1
          #expect(ran.contains(stage), "\(what): '\(stage)' was to run and did not")
        case "run_unless_same", "at_run_time":
          tally.conditional += 1
          if ran.contains(stage) { tally.conditionalRan += 1 }
        default:
          tally.cached += 1
          #expect(!ran.contains(stage), "\(what): '\(stage)' was \(verdict) and ran")
        }
      }
      #expect(Set(verdicts.map(\.stage)).isSuperset(of: ran), "\(what)")
      let after = try BuiltTool.run(["plan", "--detailed-exitcode"], in: folder)
      #expect(after.status == 4, "\(what): something is left to do\n\(after.output)\(after.errors)")
    }
    print(
      "plan edits: \(Self.count) edits, \(tally.run) stages named to run did, \(tally.cached) named "
        + "not to did not, \(tally.conditionalRan) of \(tally.conditional) left open ran")
    #expect(tally.run + tally.conditionalRan > Self.count, "the edits are too tame")
  }

  private static func plan(_ folder: TemporaryFolder, _ options: [String]) throws
    -> [(stage: String, verdict: String)]
  {
    let planned = try BuiltTool.run(["plan", "--json"] + options, in: folder)
    #expect(planned.status == 0, "\(planned.errors)")
    let json = try JSONReader.parse(Array(planned.output.utf8), file: "plan")
    return (json["stages"]?.arrayValue ?? []).compactMap { stage in
      guard let name = stage["stage"]?.stringValue, let verdict = stage["verdict"]?.stringValue
      else { return nil }
      return (name, verdict)
    }
  }

  /// Stages that an attempt was made of.
  private static func run(_ folder: TemporaryFolder, _ options: [String], _ what: String) throws
    -> Set<String>
  {
    let ended = try BuiltTool.run(["run", "--json"] + options, in: folder)
    let failed = ended.output.split(separator: "\n").filter { $0.contains("\"failed\"") }
    #expect(ended.status == 0, "\(what): \(ended.errors) \(failed)")
    var ran: Set<String> = []
    for line in ended.output.split(separator: "\n") {
      let event = try JSONReader.parse(Array(line.utf8), file: "events")
      if event["event"] == "started", let stage = event["stage"]?.stringValue { ran.insert(stage) }
    }
    return ran
  }
}
