import Diagnostics
import Documents
import Foundation
import FoundationXML
import Reports
import Reproducibility
import StageKit
import TestSupport
import Testing

@Suite struct CIReportTests {
  static let span = SourceSpan(file: "pipeline.yaml", line: 14, column: 3, length: 4)

  static func score(_ text: String) throws -> GateScore {
    try #require(GateScore(try JSONReader.parse(Array(text.utf8), file: "score")))
  }

  /// A refused run with everything in it.
  static func report() throws -> CIReport {
    var report = CIReport(
      pipeline: "triage <b>", file: "pipeline.yaml", ending: .refused, exitStatus: 3,
      sentence: "'gate' refused: triage: exact_match is 0.61")
    report.run = 7
    report.stages = [
      .init(
        name: "rows", kind: "ingest", span: nil, planned: "cached", reason: "", state: "succeeded",
        isReused: true),
      .init(
        name: "sft", kind: "sft", span: span, planned: "run", reason: "tickets.jsonl changed | +3",
        state: "succeeded", seconds: 61.2344),
      .init(
        name: "gate", kind: "eval_gate", span: span, planned: "run", reason: "", state: "refused",
        seconds: 3, sentences: ["exact_match is 0.61 < \"0.85\""]),
      .init(
        name: "export", kind: "gguf_export", span: span, planned: "blocked", reason: "gate refused",
        state: "blocked"),
    ]
    report.gates = [
      .init(
        stage: "gate", span: span,
        verdict: Verdict(
          decision: .refused,
          rules: [
            .init(rule: "at least 0.85", decision: .refused, sentence: "it is 0.61, @team"),
            .init(rule: "no leaks", decision: .pass, sentence: "none of 40 rows"),
            .init(rule: "no leaks", decision: .inconclusive, sentence: "too few rows"),
          ]),
        scores: [
          try score(
            #"{"task":"triage","metric":"exact_match","rows":40,"candidate":{"value":0.61,"lower":0.5,"upper":0.7},"versus":"champion","baseline":{"value":0.8,"lower":0.7,"upper":0.9},"gain":{"value":-0.19,"lower":-0.3,"upper":-0.05}}"#
          )
        ])
    ]
    report.curves = [
      (
        "sft",
        LineChart(
          title: "sft: loss",
          series: [
            .init("training", (1...2000).map { (Double($0), 3 / Double($0)) }),
            .init("validation", [(1000, 0.5), (2000, .nan)]),
          ])
      )
    ]
    var lineage = Lineage()
    lineage.licenses = [LicenseNote("./rows.jsonl", license: nil)]
    lineage.data = [Digest(of: [1])]
    report.model = .init(
      name: "triage", version: 4, isNew: true, digest: Digest(of: [2]), lineage: lineage,
      alias: "champion", was: 3, now: 3)
    report.changes = ["since main: 1 files", "rows.jsonl: +3 −0 lines, read by rows"]
    return report
  }

  // MARK: - Markdown

  @Test(
    "the summary tells the verdict, the rules, the numbers, the stages, and no markup of others")
  func summary() throws {
    let text = try Self.report().summary
    for part in [
      "# triage &lt;b>: refused", "'gate' refused: triage: exact\\_match".replacing("\\", with: ""),
      "| ❌ refused | at least 0.85 | it is 0.61, &#64;team |",
      "| triage | exact_match | 40 | 0.61 (0.5 to 0.7) | champion 0.8 (0.7 to 0.9) | -0.19 (-0.3 to -0.05) |",
      "| sft | sft | run: tickets.jsonl changed \\| +3 | succeeded | 1 m 1 s |",
      "| rows | ingest | cached | cached |  |", "`champion` still points to version 3",
      "./rows.jsonl: unknown", "- rows.jsonl: +3 −0 lines, read by rows",
    ] {
      #expect(text.contains(part), "\(part)")
    }
    #expect(!text.contains("<b>") && !text.contains("]("))
  }

  @Test("a summary beyond a mebibyte is cut at a line, with a note")
  func cut() throws {
    var report = try Self.report()
    report.changes = (0..<40_000).map { "file-\($0).jsonl: +1 −0 lines and so on" }
    let text = report.summary
    #expect(text.utf8.count < 1 << 20)
    #expect(text.utf8.count > 1 << 19)
    #expect(text.hasSuffix("more lines are in report.md._\n"))
    #expect(report.markdown(pictures: []).utf8.count > 1 << 20)
  }

  // MARK: - JUnit

  /// Names, and what stands in each test case.
  final class Cases: NSObject, XMLParserDelegate {
    var names: [String] = []
    var findings: [String: String] = [:]
    var counts: [String: String] = [:]
    func parser(
      _ parser: XMLParser, didStartElement element: String, namespaceURI: String?,
      qualifiedName: String?, attributes: [String: String]
    ) {
      switch element {
      case "testcase": names.append("\(attributes["classname"]!)/\(attributes["name"]!)")
      case "testsuite": counts = attributes
      case "failure", "error", "skipped":
        findings[names.last!] = element + (attributes["message"].map { ": \($0)" } ?? "")
      default: break
      }
    }
  }

  @Test("JUnit has a test case for each stage and rule; a refusal is a failure with its sentence")
  func junit() throws {
    let text = try Self.report().junit
    let parser = XMLParser(data: Data(text.utf8))
    let cases = Cases()
    parser.delegate = cases
    #expect(parser.parse())
    #expect(
      cases.names == [
        "stage/rows", "stage/sft", "stage/gate", "stage/export", "gate.gate/at least 0.85",
        "gate.gate/no leaks", "gate.gate/no leaks (2)",
      ])
    #expect(Set(cases.names).count == cases.names.count)
    #expect(
      cases.findings == [
        "stage/gate": "failure: exact_match is 0.61 < \"0.85\"", "stage/export": "skipped",
        "gate.gate/at least 0.85": "failure: it is 0.61, @team",
        "gate.gate/no leaks (2)": "failure: too few rows",
      ])
    #expect(cases.counts["tests"] == "7" && cases.counts["failures"] == "3")
    #expect(cases.counts["errors"] == "0" && cases.counts["skipped"] == "1")
  }

  @Test("a failed stage is an error; characters that XML does not have are replaced")
  func failed() throws {
    var report = try Self.report()
    report.gates = []
    report.stages = [
      .init(
        name: "a", kind: "x", span: nil, planned: "run", reason: "", state: "failed",
        sentences: ["bad \u{1} byte & <tag>"])
    ]
    let cases = Cases()
    let parser = XMLParser(data: Data(report.junit.utf8))
    parser.delegate = cases
    #expect(parser.parse())
    #expect(cases.findings == ["stage/a": "error: bad \u{FFFD} byte & <tag>"])
  }

  // MARK: - Metrics

  @Test("metrics are OpenMetrics text without times")
  func metrics() throws {
    let text = try Self.report().metrics
    let lines = text.split(separator: "\n").map(String.init)
    #expect(lines.last == "# EOF" && text.hasSuffix("# EOF\n"))
    let sample =
      #"orchestrate_score{gate="gate",task="triage",metric="exact_match",model="candidate"} 0.61"#
    #expect(lines.contains(sample))
    #expect(lines.contains(#"orchestrate_gate_passed{gate="gate"} 0"#))
    #expect(lines.contains(#"orchestrate_rules_refused{gate="gate"} 2"#))
    #expect(
      lines.contains(
        #"orchestrate_gain{gate="gate",task="triage",metric="exact_match",versus="champion"} -0.19"#
      ))
    // A family's lines stand together, and no series is there twice.
    let series = lines.filter { !$0.hasPrefix("#") }.map { $0.split(separator: " ")[0] }
    #expect(Set(series).count == series.count)
    #expect(!text.contains("61.2"))
  }

  // MARK: - GitHub

  @Test("annotations are escaped, placed, and at most ten of a kind")
  func annotations() throws {
    let report = try Self.report()
    let lines = WorkflowCommands.annotations(report.annotations) { "ml/" + $0 }
    #expect(
      lines == [
        "::error file=ml/pipeline.yaml,line=14,col=3,title=gate.refused::gate 'gate': it is 0.61, @team",
        "::error file=ml/pipeline.yaml,line=14,col=3,title=gate.inconclusive::gate 'gate': too few rows",
      ])
    let many = (0..<25).map {
      Diagnostic(
        "a.b", "100 % wrong\r\nline \($0)", at: SourceSpan(file: "a:b,c.yaml", line: 2), fix: "x")
    }
    let escaped = WorkflowCommands.annotations(many) { $0 }
    #expect(escaped.count == 10)
    #expect(
      escaped[0]
        == "::error file=a%3Ab%2Cc.yaml,line=2,col=1,title=a.b::100 %25 wrong%0D%0Aline 0%0Afix: x")
    #expect(escaped[9] == "::error title=ci.more::16 more are in the summary")
    #expect(escaped.allSatisfy { !$0.contains("\n") })
  }

  @Test("outputs are one line each, whatever the values hold")
  func outputs() {
    #expect(
      WorkflowCommands.outputs([("a", "x"), ("b", "two\nlines\r=1")]) == "a=x\nb=two lines =1\n")
  }

  // MARK: - Files

  @Test("the folder holds everything, pictures are linked and well-formed, secrets are not in it")
  func files() throws {
    let folder = try TemporaryFolder()
    try folder.write("out/loss-old.svg", "old")
    var report = try Self.report()
    report.sentence = "the token hunter2-hunter2 was in a message"
    let mask = SecretMask(environment: ["HUB_TOKEN": "hunter2-hunter2"])
    try report.write(to: folder.path + "/out", mask: mask)
    let names = try DurableFile.names(in: folder.path + "/out")
    #expect(
      names == [
        "gate-gate.svg", "junit.xml", "loss-sft.svg", "metrics.txt", "outputs.env", "report.json",
        "report.md",
      ])
    let page = String(decoding: try folder.read("out/report.md"), as: UTF8.self)
    #expect(page.contains("](gate-gate.svg)") && page.contains("](loss-sft.svg)"))
    for name in names {
      let bytes = try folder.read("out/" + name)
      #expect(!String(decoding: bytes, as: UTF8.self).contains("hunter2"))
      if name.hasSuffix(".svg") { #expect(XMLParser(data: Data(bytes)).parse(), "\(name)") }
    }
    let json = try JSONReader.parse(try folder.read("out/report.json"), file: "report.json")
    #expect(json["result"] == "refused" && json["model"]?["version"] == 4)
    // The same report gives the same bytes.
    try report.write(to: folder.path + "/again", mask: mask)
    for name in names {
      #expect(try folder.read("out/" + name) == folder.read("again/" + name))
    }
  }

  // MARK: - Pictures

  @Test("a long curve keeps its extremes; an interval without zero has the colour of its side")
  func pictures() throws {
    let peak = (1...5000).map { (x: Double($0), y: $0 == 3333 ? 9.0 : 1.0) }
    let svg = try #require(LineChart(title: "t", series: [.init("s", peak)]).svg)
    let points = svg.split(separator: "points=\"")[1].split(separator: "\"")[0].split(
      separator: " ")
    #expect(points.count <= 600)
    #expect(points.contains { $0.hasSuffix(",40") })
    #expect(LineChart(title: "t", series: [.init("s", [(1, .nan)])]).svg == nil)
    #expect(LineChart(title: "t", series: [.init("s", [(1, 2)])]).svg?.contains("<circle") == true)
    func color(_ lower: Double, _ upper: Double) -> Bool? {
      IntervalChart(
        title: "t",
        rows: [
          .init(label: "a", interval: .init(value: (lower + upper) / 2, lower: lower, upper: upper))
        ]
      ).svg.map { $0.contains("#1a7f37") != $0.contains("#cf222e") }
    }
    #expect(color(0.1, 0.2) == true)
    #expect(color(-0.2, -0.1) == true)
    #expect(color(-0.1, 0.1) == false)
    #expect(IntervalChart(title: "t", rows: []).svg == nil)
  }
}
