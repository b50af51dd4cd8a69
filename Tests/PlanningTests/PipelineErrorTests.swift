import Diagnostics
import Planning
import TestSupport
import Testing

@Suite("errors of a pipeline file")
struct PipelineErrorTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var id: String
    var text: String
    var messages: [String]
    var fix: String?
    var testDescription: String { id }

    init(_ id: String, _ text: String, _ messages: String..., fix: String? = nil) {
      (self.id, self.text, self.messages, self.fix) = (id, text, messages, fix)
    }
  }

  static let head =
    "name: x\nstages:\n  a:\n    uses: make\n    with: { sources: [ { path: ./x } ] }\n"

  /// Up to the value of `path`.
  static let headCut = head.dropLast("./x } ] }\n".count)

  static let cases: [Case] = [
    Case(
      "no name, no stages", "«params: {}\n", "the pipeline has no 'name'",
      "the pipeline has no 'stages'", fix: "add 'name: my-pipeline'"),
    Case("not a mapping", "«- a\n", "the pipeline file is a list, expected a mapping"),
    Case(
      "unknown key",
      "name: x\n«stage: {}\nstages:\n  a: { uses: gate, inputs: {candidate: ./m} }\n",
      "a pipeline has no key 'stage'",
      fix:
        "did you mean 'stages'? it takes name, include, params, stages, hooks, tracking, executor, slurm"
    ),
    Case(
      "bad stage name", "name: x\nstages:\n  «a.b: { uses: make, with: { sources: [] } }\n",
      "'a.b' cannot name a stage"),
    Case("no uses", "name: x\nstages:\n  «a: { with: {} }\n", "stage 'a' has no 'uses'"),
    Case(
      "unknown kind", "name: x\nstages:\n  a: { uses: «mkae }\n", "there is no stage kind 'mkae'",
      fix: "did you mean 'make'? 'orchestrate explain' lists all 5 kinds"),
    Case(
      "unknown stage key", head + "    «inptus: {}\n", "stage 'a' has no key 'inptus'",
      fix:
        "did you mean 'inputs'? it takes uses, with, inputs, needs, if, strategy, timeout, shards, retry, resources, priority, executor, slurm"
    ),
    Case(
      "unknown executor", head + "    executor: «slrum\n",
      "'executor' is 'slrum', expected local or slurm", fix: "did you mean 'slurm'?"),
    Case(
      "unknown option of sbatch", head + "    slurm: { «partion: gpu, time: «2 }\n",
      "'slurm' has no key 'partion'",
      "'slurm.time' is '2', expected a duration such as 30s, 10m or 1h30m",
      fix:
        "did you mean 'partition'? it takes partition, account, qos, constraint, reservation, gres, time, options"
    ),
    Case(
      "a bare word for sbatch", head + "    slurm: { options: [«nice] }\n",
      "an option of sbatch starts with '--' and is one line", fix: "write '--nice=100'"),
    Case(
      "secret", headCut + "««{ secret: { env: X } } } ] }\n",
      "'sources[0].path' cannot be a secret",
      "'sources[0].path' is a mapping, expected a path or a glob"),
    Case(
      "a secret's form",
      "name: x\nhooks: { on_finish: a, environment: { A: «{ secret: sk-1234 }, B: «{ secret: { env: a-b } } } }\n"
        + head.dropFirst("name: x\n".count),
      "a secret is named by the variable that holds it",
      "a secret is named by the variable that holds it",
      fix: "write 'secret: { env: NAME }'; the value itself never stands in this file"),
    Case(
      "a secret that is not set",
      "name: x\nhooks: { on_finish: a, environment: { A: «{ secret: { env: NOBODY_SETS_THIS } } } }\n"
        + head.dropFirst("name: x\n".count),
      "the environment variable 'NOBODY_SETS_THIS' of a secret is not set",
      fix: "type 'export NOBODY_SETS_THIS=…' before orchestrate"),
    Case(
      "unknown parameter",
      head + "  b:\n    uses: clean\n    inputs: { records: a }\n    with:\n      «treshold: 0.5\n",
      "stage 'clean' has no parameter 'treshold'",
      fix: "did you mean 'threshold'? it takes labels, limit, mode, steps, strict, threshold"),
    Case(
      "unknown parameter in a list",
      "name: x\nstages:\n  a:\n    uses: make\n    with: { sources: [ { path: ./x, «typ: text } ] }\n",
      "stage 'make' has no parameter 'sources[0].typ'",
      fix: "did you mean 'type'? it takes path, type"),
    Case(
      "missing parameter", "name: x\nstages:\n  «a: { uses: make }\n",
      "stage 'make' needs the parameter 'sources'", fix: "add 'sources:' under 'with:'"),
    Case(
      "wrong types",
      head
        + "  b:\n    uses: clean\n    inputs: { records: a }\n    with: { threshold: «high, labels: [«[x]], mode: «dorp, limit: «0, strict: «yes }\n",
      "'threshold' is 'high', expected a number from 0 to 1", "'labels' is a list, expected a text",
      "'mode' is 'dorp', expected one of drop, keep",
      "'limit' is '0', expected a whole number of at least 1",
      "'strict' is 'yes', expected true or false"),
    Case(
      "quoted number",
      head + "  b:\n    uses: clean\n    inputs: { records: a }\n    with: { threshold: «'0.5' }\n",
      "'threshold' is '0.5', expected a number from 0 to 1"),
    Case(
      "number out of range",
      head + "  b:\n    uses: clean\n    inputs: { records: a }\n    with: { threshold: «1.5 }\n",
      "'threshold' is '1.5', expected a number from 0 to 1"),
    Case(
      "null",
      head + "  b:\n    uses: clean\n    inputs: { records: a }\n    with: { threshold: «~ }\n",
      "'threshold' is nothing, expected a number from 0 to 1"),
    Case(
      "with is a list", "name: x\nstages:\n  a:\n    uses: make\n    with:\n      «- x\n",
      "'with' of 'make' is a list, expected a mapping"),
    Case(
      "entry is a text", "name: x\nstages:\n  a: { uses: make, with: { sources: [ «./x ] } }\n",
      "'sources[0]' is './x', expected a mapping"),
    Case(
      "missing input", head + "  «b: { uses: clean }\n",
      "stage 'b' needs the input 'records' (records)", fix: "add 'records: STAGE' under 'inputs:'"),
    Case(
      "unknown input port", head + "  b: { uses: clean, inputs: { records: a, «clusters: a } }\n",
      "stage 'b' has no input 'clusters'", fix: "it takes records"),
    Case(
      "unknown stage", head + "  b: { uses: clean, inputs: { records: «aa } }\n",
      "there is no stage 'aa'", fix: "did you mean 'a'?"),
    Case(
      "path without a dot", head + "  b: { uses: clean, inputs: { records: «data/x.jsonl } }\n",
      "there is no stage 'data/x'",
      fix: "name a stage of this file, or a path that starts with ./ ../ or /"),
    Case(
      "unknown output port", head + "  b: { uses: clean, inputs: { records: «a.recrods } }\n",
      "stage 'a' has no output 'recrods'",
      fix: "did you mean 'a.records'? it makes records, report"),
    Case(
      "port type", head + "  b: { uses: clean, inputs: { records: «a.report } }\n",
      "input 'records' of 'b' takes records, but 'a.report' is report",
      fix: "did you mean 'a.records'?"),
    Case(
      "port type of two", head + "  b: { uses: export, inputs: { model: «a } }\n",
      "input 'model' of 'b' takes model or files, but 'a.records' is records"),
    Case("unknown need", head + "    needs: [«b]\n", "there is no stage 'b'"),
    Case(
      "cycle",
      "name: x\nstages:\n  a: { uses: clean, inputs: { records: «c } }\n  b: { uses: clean, inputs: { records: a } }\n  c: { uses: clean, inputs: { records: b } }\n",
      "these stages wait for each other: a → c → b → a"),
    Case(
      "cycle of one by needs", head + "    needs: «a\n",
      "these stages wait for each other: a → a"),
    Case(
      "cycle behind a good stage",
      head
        + "  b: { uses: clean, inputs: { records: «c } }\n  c: { uses: clean, inputs: { records: b } }\n  d: { uses: clean, inputs: { records: c } }\n",
      "these stages wait for each other: b → c → b"),
    Case(
      "retry",
      head + "    retry: { attempts: «0, backof: 1s }\n".replacingFirst("backof", "«backof"),
      "'retry.attempts' is '0', expected a whole number from 1 to 100",
      "'retry' has no key 'backof'"),
    Case(
      "timeout without a unit", head + "    timeout: «30\n",
      "'timeout' is '30', expected a duration such as 30s, 10m or 1h30m", fix: "add a unit: 30s"),
    Case(
      "unknown reference",
      "name: x\nparams: { rate: 1 }\n" + headCut.dropFirst(8)
        + "\"«${params.rat}/x\" } ] }\n",
      "'${params.rat}' names no parameter of 'params'", fix: "did you mean '${params.rate}'?"),
    Case(
      "no such namespace", headCut + "\"a «${HOME}\" } ] }\n",
      "'${HOME}' is no reference, expected params.NAME, matrix.NAME or env.NAME",
      fix: "write '$${' for a literal '${'"),
    Case(
      "unset variable",
      headCut + "\"«${env.NOT_SET}\" } ] }\n",
      "the environment variable 'NOT_SET' is not set",
      fix: "set it, or give a value to fall back to: ${env.NOT_SET:-value}"),
    Case(
      "matrix reference", headCut + "\"«${matrix.x}\" } ] }\n",
      "'${matrix.x}' stands outside of a stage with a matrix",
      fix: "add 'strategy: { matrix: { x: [ … ] } }' to the stage"),
    Case("open reference", headCut + "\"x«${params\" } ] }\n", "'${' has no '}' after it"),
    Case(
      "list inside a text",
      "name: x\nparams: { l: [1] }\n" + headCut.dropFirst(8) + "\"a«${params.l}\" } ] }\n",
      "'${params.l}' is a list, which cannot stand inside a text"),
    Case(
      "condition on a metric", head + "    if: «sft.loss > 3\n",
      "there is no stage 'sft'",
      fix: "name a stage of this file, or a path that starts with ./ ../ or /"),
    Case(
      "order of a text", head + "    if: 3 < «abc\n",
      "'if': 'abc' is no number, and '<' compares numbers"),
    Case(
      "condition with an open end", head + "    if: true ==«\n",
      "'if': the expression ends where a value is expected"),
    Case(
      "condition with an unknown parameter", head + "    if: «${params.x} == 1\n",
      "'${params.x}' names no parameter of 'params'"),
    Case(
      "two phases at once",
      "name: x\n«nmae: y\nstages:\n  a: { uses: make, with: «{ «sorces: [] } }\n",
      "a pipeline has no key 'nmae'", "stage 'make' needs the parameter 'sources'",
      "stage 'make' has no parameter 'sorces'"),
  ]

  @Test("names every place and cause", arguments: cases)
  func errors(_ item: Case) throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/p.yaml"
    let marked = Marked(item.text, file: path)
    let failure = try #require(throws: Failure.self) { try folder.load(marked.text) }
    #expect(failure.failureClass == .badInput)
    let found = Diagnostic.inSourceOrder(failure.diagnostics)
    #expect(found.map(\.message) == item.messages)
    if marked.places.count == found.count {
      let places = found.map { "\($0.span?.line ?? 0):\($0.span?.column ?? 0)" }
      #expect(places == marked.places.map { "\($0.line):\($0.column)" })
    } else {
      #expect(marked.places.count == 1)
      #expect(found.first?.span?.line == marked.places.first?.line)
    }
    if let fix = item.fix { #expect(found.first?.fix == fix) }
  }

  @Test("an override must fit a parameter")
  func overrides() throws {
    let folder = try TemporaryFolder()
    let text = "name: x\nparams: { rate: 0.1 }\n" + Self.head.dropFirst(8)
    let failure = try #require(throws: Failure.self) {
      try folder.load(text, overrides: ["rat=1", "novalue"])
    }
    #expect(failure.failureClass == .usage)
    #expect(
      failure.diagnostics.map(\.message) == [
        "the pipeline has no parameter 'rat'", "'-p novalue' has no '='",
      ])
    #expect(failure.diagnostics[0].fix == "did you mean '-p rate=…'?")
  }

  @Test("missing files are found all at once")
  func missingFiles() throws {
    let folder = try TemporaryFolder()
    try folder.write("data/rows.jsonl", "x")
    let pipeline = try folder.load(
      """
      name: x
      stages:
        a: { uses: make, with: { sources: [ { path: ./data/row.jsonl }, { path: ./none/*.jsonl }, { path: ./data } ] } }
        t: { uses: train, inputs: { model: ./base, train: a }, with: { learning_rate: 1e-4 } }
      """)
    let failure = try #require(throws: Failure.self) { try pipeline.checkFiles() }
    #expect(
      failure.diagnostics.map(\.message) == [
        "there is no file './data/row.jsonl'", "'./none/*.jsonl' matches no file",
        "'./data' is a folder, expected a file", "there is no file or folder './base'",
      ])
    #expect(failure.diagnostics[0].fix == "did you mean 'rows.jsonl'?")
    #expect(failure.diagnostics.map { $0.span?.line } == [3, 3, 3, 4])
  }
}

extension String {
  fileprivate func replacingFirst(_ a: String, _ b: String) -> String {
    guard let range = Substring(self).firstPlace(of: a) else { return self }
    return String(self[..<range.lowerBound]) + b + self[range.upperBound...]
  }
}

extension Substring {
  fileprivate func firstPlace(of text: String) -> Range<Index>? {
    var at = startIndex
    while at < endIndex {
      if self[at...].hasPrefix(text) { return at..<index(at, offsetBy: text.count) }
      at = index(after: at)
    }
    return nil
  }
}
