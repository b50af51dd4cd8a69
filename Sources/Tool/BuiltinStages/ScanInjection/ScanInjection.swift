internal import Curation
internal import Documents
internal import Records
package import StageKit

/// Finds text in rows that is meant for the model: injected instructions, spoofed roles, hidden
/// characters.
package struct ScanInjection: Stage {
  package static let kind: StageKind = "scan_injection"
  package static let version = 1
  package static let summary =
    "Finds prompt injection in rows: phrases, template tokens, hidden and encoded text."

  enum Action: String, CaseIterable {
    /// The row goes.
    case drop
    /// The row goes to the output `quarantine`.
    case quarantine
    /// The row stays, with the column `injection`.
    case mark
  }

  package struct Parameters: StageParameters {
    let action: Action
    let threshold: Double
    let includesAnswers: Bool
    let ignored: [String]

    package init(_ read: inout ParameterReader) {
      action = read.choice(
        "action", default: Action.quarantine,
        help: "What becomes of a row at or above the threshold: dropped, put into the output "
          + "'quarantine', or kept with the column 'injection'.")
      threshold = read.number(
        "threshold", default: 0.5, in: 0...1,
        help: "Score of a row, 1 - product of (1 - score) over its findings, at which it counts.")
      includesAnswers = read.flag(
        "scan_answers", default: false,
        help: "Look at assistant and system turns too; by default only at what others wrote.")
      ignored = read.strings(
        "ignore_rules", default: [],
        help: "Rules that are not asked: \(InjectionScanner.rules.joined(separator: ", ")).")
      for rule in ignored where !InjectionScanner.rules.contains(rule) {
        read.problem(
          "ignore_rules", "there is no such rule",
          fix: "the rules are \(InjectionScanner.rules.joined(separator: ", "))")
      }
    }
  }

  package static func ports(for parameters: Parameters) -> Ports {
    var outputs = [
      Port("records", .records, help: "Rows below the threshold, in order."),
      Port("report", .report, help: "Rows by rule; changes has the scores of each."),
    ]
    if parameters.action == .quarantine {
      outputs.append(
        Port("quarantine", .records, help: "Rows at or above the threshold, as they came."))
    }
    return Ports(
      inputs: [Port("records", .records, help: "Rows that others wrote.")], outputs: outputs)
  }

  package init() {}

  package func run(_ parameters: Parameters, in context: StageContext) throws -> StageOutcome {
    let result = try MapRun(context, input: "records", output: "records", report: "report")
      .run(InjectionMap(parameters: parameters))
    if parameters.action == .quarantine {
      try Quarantine(context.output("report") + "/" + InjectionMap.list)
        .write(try RecordsReader(context.input("records").tree), to: context.output("quarantine"))
    }
    try FilterReport(
      title: "Prompt injection", result: result,
      facts: [
        JSONMember("action", .string(parameters.action.rawValue)),
        JSONMember("threshold", .number(parameters.threshold)),
        JSONMember("found", ReportFolder.counts(result.counts)),
      ],
      notes: [
        "The second table counts rows in which a rule found something, below the threshold too."
      ],
      tables: [("found by", result.counts)]
    ).write(context)
    return .succeeded
  }
}

/// Scores each row.
private struct InjectionMap: RowMap {
  let parameters: ScanInjection.Parameters
  private let scanner = InjectionScanner()

  /// Ids of quarantined rows, in order.
  static let list = "quarantined.jsonl"

  init(parameters: ScanInjection.Parameters) { self.parameters = parameters }

  func map(_ rows: [StoredRow], into chunk: inout MappedChunk) throws {
    for row in rows {
      let whole = try row.row()
      let findings = findings(whole)
      let score = InjectionScanner.score(findings)
      for finding in findings { chunk.count(finding.rule) }
      guard let first = findings.max(by: { $0.score < $1.score }), score >= parameters.threshold
      else {
        chunk.keep(row)
        continue
      }
      let rules = findings.map { JSONMember($0.rule, .number($0.score)) }
      let detail = JSONValue.object([
        "score": .number((score * 1000).rounded() / 1000), "rules": .object(rules),
      ])
      switch parameters.action {
      case .drop: chunk.drop(row, rule: first.rule, detail: detail)
      case .quarantine:
        chunk.drop(row, rule: first.rule, detail: detail)
        chunk.append(.string(row.id.description), to: Self.list)
      case .mark:
        var fields = whole.fields.filter { $0.key != "injection" }
        fields.append(JSONMember("injection", detail))
        chunk.change(row, to: EncodedRow(whole.content, fields), rule: first.rule, detail: detail)
      }
    }
  }

  /// The highest finding of each rule over the row's texts.
  private func findings(_ row: Row) -> [InjectionScanner.Finding] {
    var highest: [String: Double] = [:]
    for var text in texts(row) {
      for finding in text.withUTF8({ scanner.scan($0) })
      where !parameters.ignored.contains(finding.rule) {
        highest[finding.rule] = max(highest[finding.rule] ?? 0, finding.score)
      }
    }
    return InjectionScanner.rules.compactMap { rule in
      highest[rule].map { InjectionScanner.Finding(rule: rule, score: $0) }
    }
  }

  private func texts(_ row: Row) -> [String] {
    if parameters.includesAnswers { return row.content.texts }
    func asked(_ turns: [Message]) -> [String] {
      turns.filter { $0.role == .user || $0.role == .tool }.map(\.content)
    }
    switch row.content {
    case .conversation(let turns, _): return asked(turns)
    case .preference(let prompt, _, _), .unpaired(let prompt, _, _): return asked(prompt)
    case .completion(let prompt, _): return [prompt]
    case .text(let text): return [text]
    case .tokens: return []
    }
  }
}
