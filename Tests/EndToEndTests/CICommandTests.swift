import Documents
import Foundation
import TestSupport
import Testing

/// `orchestrate ci` and `registry`, with stages that take no time: a command that makes a "model",
/// and a gate that says what it is told.
@Suite(.enabled(if: BuiltTool.exists, "the program is not built beside the tests"))
struct CICommandTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try pipeline()
    try folder.write("rows.jsonl", #"{"text":"one"}"# + "\n")
  }

  func pipeline(refuse: Bool = false, comment: String = "", command: String = "sort") throws {
    try folder.write(
      "pipeline.yaml",
      """
      name: quick
      stages:
        rows: { uses: ingest, with: { sources: [ { path: ./rows.jsonl, license: mit } ] } }
        train:
          uses: shell
          inputs: { rows: rows }
          with:
            inputs: [rows]
            outputs: [model]
            types: { model: model }
            command: "cat $INPUT_ROWS/chunks/* | \(command) > $OUTPUT_MODEL/model.safetensors"
        gate: { uses: drill, inputs: { candidate: train }, with: { inputs: [candidate], refuse: \(refuse) } }
        register: { uses: register, inputs: { model: train, verdict: gate.verdict }, with: { name: quick }, needs: gate }
      \(comment)
      """)
  }

  func ci(_ arguments: String..., environment: [String: String] = [:]) throws -> BuiltTool.Result {
    try BuiltTool.run(["ci"] + arguments, in: folder, environment: environment)
  }

  func report() throws -> JSONValue {
    try JSONReader.parse(try folder.read("orchestrate-ci/report.json"), file: "report.json")
  }

  func champion() throws -> Int? {
    let shown = try BuiltTool.run(
      ["registry", "show", "quick@champion", "--json"], in: folder)
    guard shown.status == 0 else { return nil }
    return try JSONReader.parse(Array(shown.output.utf8), file: "show")["version"]?.integerValue
  }

  func text(_ name: String) throws -> String {
    String(decoding: try folder.read(name), as: UTF8.self)
  }

  @Test("new rows are trained, gated and promoted; a comment is nothing to do")
  func path() throws {
    let first = try ci()
    #expect(first.status == 0, "\(first.errors)")
    #expect(
      first.output.hasSuffix("promoted: version 1 of 'quick' passed its gate and is the champion\n")
    )
    #expect(try champion() == 1)

    try pipeline(comment: "# a comment")
    let idle = try ci()
    #expect(idle.status == 4)
    #expect(
      idle.output
        == "nothing to do: no stage that trains is stale; the model is version 1 of 'quick'\n")
    #expect(try report()["result"] == "nothing_to_do")

    try folder.write("rows.jsonl", #"{"text":"one"}"# + "\n" + #"{"text":"two"}"# + "\n")
    #expect(try ci().status == 0)
    #expect(try champion() == 2)
    #expect(try report()["model"]?["was"] == 1)
    #expect(try ci().status == 4)
  }

  @Test("a refusal keeps the champion, tells why everywhere, and stays one when it is asked again")
  func refused() throws {
    #expect(try ci().status == 0)
    try folder.write("rows.jsonl", #"{"text":"bad"}"# + "\n")
    try pipeline(refuse: true)
    let summary = folder.path + "/summary.md"
    let environment = [
      "GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": summary,
      "GITHUB_OUTPUT": folder.path + "/output", "GITHUB_WORKSPACE": folder.path,
    ]
    for _ in 0..<2 {
      let result = try ci(environment: environment)
      #expect(result.status == 3)
      #expect(
        result.output.contains(
          "::error file=pipeline.yaml,line=12,col=3,title=gate.refused::gate 'gate': the drill was told to refuse\n"
        ))
      #expect(try champion() == 1)
    }
    #expect(
      try text("summary.md").contains(
        "# quick: refused\n\n'gate' refused: the drill was told to refuse"))
    let output = try text("output")
    #expect(
      output.contains(
        "result=refused\nexit_status=3\nreason='gate' refused: the drill was told to refuse\n"))
    #expect(
      try text("orchestrate-ci/junit.xml").contains(
        "<failure message=\"the drill was told to refuse\">"))
    #expect(
      try text("orchestrate-ci/metrics.txt") == """
        # TYPE orchestrate_gate_passed gauge
        # HELP orchestrate_gate_passed 1: every rule of the gate passed.
        orchestrate_gate_passed{gate="gate"} 0
        # TYPE orchestrate_rules_refused gauge
        # HELP orchestrate_rules_refused Rules of the gate that did not pass.
        orchestrate_rules_refused{gate="gate"} 1
        # EOF

        """)
    // Annotations are for GitHub alone.
    #expect(try !ci().output.contains("::error"))
  }

  @Test("a broken pipeline file and a failed stage are reported, too")
  func broken() throws {
    try folder.write("pipeline.yaml", "name: quick\nstages:\n  a: { uses: nothing }\n")
    let environment = ["GITHUB_ACTIONS": "true"]
    let broken = try ci(environment: environment)
    #expect(broken.status == 65)
    #expect(
      broken.output.contains("::error file=pipeline.yaml,line=3,col=14,title=spec.unknown-kind::"))
    #expect(try report()["result"] == "failed")

    try pipeline(command: "false; exit 7; cat")
    let failed = try ci(environment: environment)
    #expect(failed.status == 1)
    #expect(failed.errors.contains("resume with: orchestrate resume"))
    #expect(
      try report()["reason"]?.stringValue?.hasPrefix(
        "'train' failed: the command ended with status 7") == true)
    #expect(
      try text("orchestrate-ci/junit.xml").contains(
        "<error message=\"the command ended with status 7"))
  }

  @Test("a model that passed and was never promoted is promoted by the next run")
  func unfinished() throws {
    #expect(try ci("--no-promote").status == 0)
    #expect(try report()["result"] == "registered")
    #expect(try champion() == nil)
    #expect(try ci("--no-promote").status == 4)
    #expect(try ci().status == 0)
    #expect(try champion() == 1)
    // A rollback is not undone by the next run.
    try folder.write("rows.jsonl", #"{"text":"two"}"# + "\n")
    #expect(try ci().status == 0)
    #expect(try BuiltTool.run(["registry", "rollback", "quick"], in: folder).status == 0)
    #expect(try ci().status == 4)
    #expect(try champion() == 1)
  }

  @Test("secrets of the environment are in no file and no output")
  func secrets() throws {
    try pipeline(command: "grep -q nothing; echo hunter2-hunter2 >&2; exit 1; cat")
    // The secret is part of a message: the name of a file that is not there.
    try folder.write(
      "pipeline.yaml",
      try text("pipeline.yaml").replacing("./rows.jsonl", with: "./hunter2-hunter2.jsonl"))
    let result = try ci(environment: [
      "HUB_TOKEN": "hunter2-hunter2", "GITHUB_ACTIONS": "true",
      "GITHUB_STEP_SUMMARY": folder.path + "/summary.md", "GITHUB_OUTPUT": folder.path + "/output",
    ])
    #expect(result.status == 65)
    #expect(!result.output.contains("hunter2"))
    for name in ["summary.md", "output"] { #expect(try !text(name).contains("hunter2")) }
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path + "/orchestrate-ci")
    {
      #expect(try !text("orchestrate-ci/" + name).contains("hunter2"), "\(name)")
    }
  }

  @Test("the registry's commands: list, show, promote by force, history")
  func registry() throws {
    #expect(
      try BuiltTool.run(["registry", "list"], in: folder).output == "no model is registered yet\n")
    #expect(try ci().status == 0)
    let shown = try BuiltTool.run(["registry", "show", "quick/1"], in: folder).output
    for part in [
      "quick/1  ← challenger, champion", "  licence   mit: ./rows.jsonl",
      "  gate      pass, verdict ",
    ] {
      #expect(shown.contains(part), "\(shown)")
    }
    for (arguments, status, message) in [
      (["show", "quick@chalenger"], Int32(2), "did you mean 'challenger'?"),
      (["show", "quick"], 2, "write NAME@ALIAS or NAME/VERSION"),
      (["show", "quik/1"], 2, "did you mean 'quick'?"),
      (["promote", "quick", "9"], 2, "it has version 1"),
      (["promote", "quick", "1", "--force"], 2, "--force needs --reason"),
      (
        ["promote", "quick", "1", "--expect", "0", "--alias", "champion"], 75,
        "was moved by somebody else"
      ),
      (["rollback", "quick"], 2, "pointed to no version before 1"),
    ] {
      let result = try BuiltTool.run(["registry"] + arguments, in: folder)
      #expect(result.status == status, "\(arguments)")
      #expect(result.errors.contains(message), "\(result.errors)")
    }
    let history = try BuiltTool.run(["registry", "history"], in: folder).output.split(
      separator: "\n")
    #expect(history.count == 3)
    #expect(history[2].hasSuffix("quick  champion: version 1 (promote)"))
  }

  @Test("a row leads to the models that read it, and a model back to its rows")
  func lineage() throws {
    #expect(try ci().status == 0)
    #expect(try BuiltTool.run(["artifacts", "get", "rows", "--to", "got"], in: folder).status == 0)
    let line = try folder.read("got/chunks/000001.jsonl").split(separator: 10)[0]
    let id = try #require(try JSONReader.parse(Array(line), file: "row")["id"]?.stringValue)
    let told = try BuiltTool.run(["explain", "--row", id], in: folder).output
    #expect(told.contains("models that read it\n  train.model  "))
    #expect(told.contains("  run 1  registered as quick/1\n"))
    let trace = try BuiltTool.run(["artifacts", "trace", "train"], in: folder).output
    #expect(
      trace.contains("  train.model   shell  request ")
        && trace.contains("sources[0].path: rows.jsonl"))
    #expect(trace.contains("registered as\n  quick/1"))
    let strange = try BuiltTool.run(["artifacts", "trace", "rows.jsonl"], in: folder)
    #expect(strange.status == 2 && strange.errors.contains("give a .gguf or .safetensors file"))
  }

  @Test("watch runs again when a row is added, once, and ends with the signal")
  func watch() throws {
    let running = try BuiltTool.start(
      ["watch", "--poll", "0.05", "--settle", "0.2"], in: folder)
    func count(_ text: String) -> Int { running.output.components(separatedBy: text).count - 1 }
    RunCommandTests.wait("the first run") { count("; waiting") == 1 }
    #expect(try champion() == 1)
    for text in ["a", "b", "c"] {
      try folder.write("rows.jsonl", #"{"text":"\#(text)"}"# + "\n")
      usleep(50_000)
    }
    RunCommandTests.wait("the second run") { count("; waiting") == 2 }
    #expect(count("watch: ci because '") == 1)
    #expect(try champion() == 2)
    running.send(SIGINT)
    #expect(running.wait().status == 130)
  }

  @Test("clocks that never strike, and hooks without a secret, are refused")
  func usage() throws {
    for (arguments, message) in [
      (["watch", "--every", "1x"], "expected a duration"),
      (["watch", "--cron", "* * *"], "has 3 fields, expected 5"),
      (["watch", "--cron", "61 * * * *"], "is none of 0 to 59"),
      (["watch", "--cron", "0 0 31 2 *"], "never comes"),
      (["watch", "--ignore-files"], "needs --every or --cron"),
      (["hooks", "--port", "0"], "there is no secret"),
      (["hooks", "--ref", "main"], "does not begin with refs/"),
      (["ci", "--alias", "a b"], "is not fit for an alias"),
      (["ci", "--base-ref=-x"], "is no git ref"),
    ] {
      let result = try BuiltTool.run(arguments, in: folder)
      #expect(result.status == 2, "\(arguments): \(result.errors)")
      #expect(result.errors.contains(message), "\(result.errors)")
    }
    let short = try BuiltTool.run(
      ["hooks", "--port", "0"], in: folder, environment: ["ORCHESTRATE_GITHUB_SECRET": "abc"])
    #expect(short.status == 2 && short.errors.contains("has 3 bytes, expected at least 16"))
  }
}
