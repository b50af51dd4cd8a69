import Documents
import Foundation
import TestSupport
import Testing

/// Parts of pipelines, saved plans and reasons, as a user types them.
@Suite(.enabled(if: BuiltTool.exists, "the program is not built beside the tests"))
struct PlanCommandTests {
  static let stages = """
      tickets: { uses: ingest, with: { sources: [ { path: ./rows.jsonl, type: completion } ] } }
      count:
        uses: shell
        inputs: { rows: tickets }
        with: { inputs: [rows], command: "cat $INPUT_ROWS/chunks/*.jsonl | wc -l > $OUTPUT_FILES/n" }
      copy: { uses: shell, inputs: { n: count }, with: { inputs: [n], command: "cp $INPUT_N/n $OUTPUT_FILES/" } }

    """

  private func project() throws -> TemporaryFolder {
    let folder = try RunCommandTests.project(Self.stages)
    try folder.write("rows.jsonl", "{\"text\": \"one\"}\n{\"text\": \"two\"}\n")
    return folder
  }

  private func run(_ arguments: String..., in folder: TemporaryFolder) throws -> BuiltTool.Result {
    try BuiltTool.run(arguments, in: folder)
  }

  @Test("--until, --from and --only; what is missing is named and nothing starts")
  func parts() throws {
    let folder = try project()
    let missing = try run("run", "--only", "copy", in: folder)
    #expect(missing.status == 65)
    #expect(missing.errors.contains("tickets (never ran), count (never ran)"))
    #expect(missing.errors.contains("orchestrate run --until count"))
    let until = try run("run", "--until", "count", in: folder)
    #expect(until.status == 0)
    #expect(until.output.contains("2 ran, 0 cached"))
    let from = try run("run", "--from", "copy", in: folder)
    #expect(from.output.contains("1 ran, 2 cached"))
    let unknown = try run("plan", "--from", "cuont", in: folder)
    #expect(unknown.status == 2)
    #expect(unknown.errors.contains("did you mean 'count'?"))
  }

  @Test("--force runs what is known, with names and without; the file may stand last")
  func force() throws {
    let folder = try project()
    #expect(try run("run", in: folder).status == 0)
    #expect(
      try run("run", "--force", "count", "pipeline.yaml", in: folder).output.contains(
        "1 ran, 2 cached"))
    #expect(try run("run", "--force", in: folder).output.contains("3 ran, 0 cached"))
    #expect(
      try run("run", "--force", "pipeline.yaml", in: folder).output.contains("3 ran, 0 cached"))
    #expect(try run("run", "--only", "copy", "--force", "--json", in: folder).status == 0)
  }

  @Test("a run that was limited is resumed as it was, whatever else the file says by then")
  func limitedResume() throws {
    let folder = try project()
    let broken = Self.stages.replacingOccurrences(
      of: "cat $INPUT_ROWS", with: "test -e ok \\&\\& cat $INPUT_ROWS"
    )
    .replacingOccurrences(of: "\\&\\&", with: "&&")
    try folder.write("pipeline.yaml", "name: p\nstages:\n" + broken)
    #expect(try run("run", "--until", "count", in: folder).status == 1)
    try folder.write("ok", "")
    try folder.write("pipeline.yaml", "# a comment\nname: p\nstages:\n" + broken)
    let resumed = try run("resume", in: folder)
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(!resumed.output.contains("copy"))
  }

  @Test("a saved plan runs as it was shown, and not after a change")
  func savedPlan() throws {
    let folder = try project()
    #expect(try run("plan", "--out", "plan.json", in: folder).status == 0)
    #expect(try run("run", "--plan", "plan.json", in: folder).output.contains("3 ran"))
    let again = try run("run", "--plan", "plan.json", in: folder)
    #expect(again.status == 65)
    #expect(again.errors.contains("'count' was 'run' and is 'cached'"))
    #expect(try run("plan", "--out", "plan.json", "--force", in: folder).status == 0)
    try folder.write("rows.jsonl", "{\"text\": \"one\"}\n")
    let changed = try run("run", "--plan", "plan.json", in: folder)
    #expect(changed.status == 65)
    #expect(changed.errors.contains("'tickets' differs"))
    #expect(try run("run", "--plan", "rows.jsonl", in: folder).errors.contains("is no saved plan"))
    #expect(try run("run", "--plan", "plan.json", "--from", "copy", in: folder).status == 2)
  }

  @Test("an included file that changed is noticed by a resume")
  func includes() throws {
    let folder = try project()
    func write(_ status: Int, _ comment: String = "") throws {
      try folder.write(
        "parts/p.yaml",
        "stages:\n  s: { uses: shell, with: { command: \"touch $OUTPUT_FILES/x; exit \(status)\" } }\(comment)\n"
      )
    }
    try write(1)
    try folder.write(
      "pipeline.yaml",
      "name: p\ninclude: parts/p.yaml\nstages:\n  t: { uses: shell, with: { command: \"touch $OUTPUT_FILES/x\" } }\n"
    )
    #expect(try run("run", in: folder).status == 1)
    try write(0)
    let refused = try run("resume", in: folder)
    #expect(refused.status == 65)
    #expect(refused.errors.contains("parts/p.yaml' has changed since run 1"))
    #expect(refused.errors.contains("'s' differs in command"))
    try write(1, " # the same")
    #expect(try run("resume", in: folder).status == 1)
  }

  @Test(
    "reasons go down to the rows, in plan, explain and status; estimates come from the last time")
  func reasons() throws {
    let folder = try project()
    #expect(try run("run", in: folder).status == 0)
    try folder.write(
      "rows.jsonl", "{\"text\": \"one\"}\n{\"text\": \"two\"}\n{\"text\": \"three\"}\n")
    let reason = "file rows.jsonl changed: 2 → 3 rows, 1 more"
    let plan = try run("plan", in: folder)
    #expect(plan.output.contains(reason))
    #expect(plan.output.contains("by the last time:\n    tickets  about "))
    #expect(plan.output.contains(" s for 2 rows), "))
    let json = try JSONReader.parse(
      Array(try run("plan", "--json", in: folder).output.utf8), file: "")
    let chain = json["stages"]?.arrayValue?[2]["chain"]?.arrayValue ?? []
    #expect(chain.map { $0["stage"]?.stringValue } == ["copy", "count", "tickets"])
    #expect(json["stages"]?.arrayValue?[0]["last_time"]?["peak_bytes"]?.integerValue ?? 0 > 1 << 20)
    let why = try run("explain", "--why", "copy", "--file", "pipeline.yaml", in: folder)
    #expect(
      why.output == """
        copy: run unless its input comes out the same
          copy     input n comes from count, which runs
          count    input rows comes from tickets, which runs
          tickets  \(reason)

        """)
    #expect(try run("run", in: folder).status == 0)
    #expect(try run("status", in: folder).output.contains(reason))
    #expect(try run("plan", "--detailed-exitcode", in: folder).status == 4)
    #expect(try run("plan", "--detailed-exitcode", "--force", in: folder).status == 0)
    #expect(try run("plan", in: folder).status == 0)
  }

  @Test("a matrix, a choice and a condition on what it reports, end to end")
  func matrix() throws {
    let folder = try RunCommandTests.project(
      """
        try:
          uses: shell
          with: { outputs: [scores], types: { scores: scores }, command: 'echo "{\\"loss\\": ${matrix.loss}}" > $OUTPUT_SCORES/scores.json' }
          strategy: { matrix: { loss: [3, 1, 2] }, select: { metric: loss, mode: min } }
        take: { uses: shell, inputs: { s: try }, with: { inputs: [s], command: "cp $INPUT_S/scores.json $OUTPUT_FILES/" } }
        good: { uses: shell, if: try.loss < 2, with: { command: "touch $OUTPUT_FILES/x" } }
        bad: { uses: shell, if: try.loss > 2, with: { command: "touch $OUTPUT_FILES/x" } }
        never: { uses: shell, needs: [bad], with: { command: "touch $OUTPUT_FILES/x" } }

      """)
    let planned = try run("plan", in: folder)
    #expect(planned.output.contains("takes the one of 3 with the least loss"), "\(planned.errors)")
    let ran = try run("run", in: folder)
    #expect(ran.status == 0, "\(ran.errors)")
    #expect(ran.output.contains("takes try-loss-1: loss 1"))
    let status = try run("status", in: folder).output
    #expect(status.contains("skipped: if: try.loss > 2 is false"))
    #expect(status.contains("skipped: 'bad' is skipped"))
    let listed = try run("artifacts", "ls", in: folder)
    #expect(listed.status == 0, "\(listed.errors)")
    let again = try run("run", in: folder).output
    #expect(again.contains(" 0 ran"))
    #expect(try run("plan", "--detailed-exitcode", in: folder).status == 4)
  }

  @Test("a smoke run reads 100 rows and keeps its results apart")
  func smoke() throws {
    let folder = try project()
    try folder.write(
      "rows.jsonl", (0..<300).map { "{\"text\": \"row \($0)\"}\n" }.joined())
    // As it was planned: at most 100 rows of 300, over its own results.
    let before = try run("plan", "--smoke", "--detailed-exitcode", in: folder)
    #expect(before.status == 0 && before.output.contains("never ran"))
    #expect(try run("run", "--smoke", in: folder).status == 0)
    #expect(try run("plan", "--smoke", "--detailed-exitcode", in: folder).status == 4)
    let kept = try run("plan", "--smoke", "--out", "p.json", in: folder)
    #expect(kept.status == 2 && kept.errors.contains("a plan of a smoke run is not kept"))
    #expect(try run("plan", "--detailed-exitcode", in: folder).status == 0)
    let json = try run("status", "--json", "--project", ".orchestrate/smoke", in: folder).output
    let status = try JSONReader.parse(Array(json.utf8), file: "")
    #expect(status["stages"]?.arrayValue?[0]["counts"]?["rows_out"] == 100)
    #expect(try run("run", in: folder).output.contains("3 ran, 0 cached"))
  }
}
