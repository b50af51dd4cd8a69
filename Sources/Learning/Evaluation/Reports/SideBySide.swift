package import Documents
internal import Records
package import Scoring

/// Answers of two models to the same rows, next to each other, for people to look at.
package struct SideBySide: Sendable {
  package enum Winner: String, Sendable, Hashable { case candidate, baseline, tie }

  package struct Line: Sendable {
    package var row: String
    package var prompt: String
    package var reference: String
    package var baseline: String
    package var candidate: String
    package var baselineScore: Double
    package var candidateScore: Double
    package var winner: Winner
  }

  package let metric: String
  package private(set) var lines: [Line] = []

  /// Asks both models about the items of a task whose metric is a number of each answer.
  ///
  /// - Parameter progress: called with the answers so far, of twice as many as items.
  package init(
    _ task: RowTask, candidate: some RequestModel, baseline: some RequestModel,
    progress: (Int) throws -> Void = { _ in }
  ) throws {
    metric = task.metrics[0].label
    let requests = task.items.indices.map { task.requests(for: $0)[0] }
    let mine = try candidate.answers(to: requests) { try progress($0) }
    let theirs = try baseline.answers(to: requests) { try progress(requests.count + $0) }
    for (item, row) in task.rows.enumerated() {
      let scores = try [mine[item], theirs[item]].map { answer in
        try task.values(for: item, [answer])[0].number(task.metrics[0])
      }
      let better = task.metrics[0].higherIsBetter ? scores[0] - scores[1] : scores[1] - scores[0]
      lines.append(
        Line(
          row: row.id.description, prompt: Self.text(requests[item]),
          reference: task.references[item], baseline: Self.text(theirs[item]),
          candidate: Self.text(mine[item]), baselineScore: scores[1], candidateScore: scores[0],
          winner: abs(better) < 1e-12 ? .tie : better > 0 ? .candidate : .baseline))
    }
  }

  private static func text(_ answer: ModelAnswer) -> String {
    guard case .completion(let written) = answer else { return "" }
    return written.first?.text ?? ""
  }

  private static func text(_ request: ModelRequest) -> String {
    guard case .completion(let prompt, _) = request else { return "" }
    switch prompt {
    case .text(let text): return text
    case .conversation(let turns, _):
      return turns.count == 1
        ? turns[0].content
        : turns.map { "\($0.role.rawValue): \($0.content)" }.joined(separator: "\n")
    }
  }

  private func count(_ winner: Winner) -> Int { lines.count { $0.winner == winner } }

  /// How often the candidate wins.
  package var rate: WinRate {
    WinRate(wins: count(.candidate), ties: count(.tie), losses: count(.baseline))
  }

  /// One sentence with the numbers.
  package var summary: String {
    let (rate, elo) = (rate.rate(confidence: 0.95), rate.elo(confidence: 0.95))
    return "by \(metric), the candidate wins \(count(.candidate)), ties \(count(.tie)) and loses "
      + "\(count(.baseline)) of \(Figures.rows(lines.count)): win rate "
      + "\(Figures.number(rate.estimate)) (\(Figures.interval(rate))), as "
      + "\(Figures.signed(elo.estimate)) Elo (\(Figures.number(elo.lower)) to "
      + "\(Figures.number(elo.upper)))"
  }
}

extension SideBySide {
  /// A section for each row.
  package var markdown: String {
    var text = "# Side by side\n\n\(summary).\n"
    for (index, line) in lines.enumerated() {
      text += "\n## \(index + 1). \(line.row): \(line.winner.rawValue)\n"
      for (name, content) in [
        ("prompt", line.prompt), ("expected", line.reference),
        ("baseline (\(Figures.number(line.baselineScore)))", line.baseline),
        ("candidate (\(Figures.number(line.candidateScore)))", line.candidate),
      ] {
        text += "\n**\(name)**\n\n" + Self.fenced(content)
      }
    }
    return text
  }

  /// A block that its content cannot end.
  private static func fenced(_ content: String) -> String {
    var longest = 0
    var run = 0
    for character in content {
      run = character == "`" ? run + 1 : 0
      longest = max(longest, run)
    }
    let fence = String(repeating: "`", count: max(3, longest + 1))
    return "\(fence)\n\(content)\n\(fence)\n"
  }

  private static let columns = [
    "row", "prompt", "expected", "baseline", "candidate", "baseline_score", "candidate_score",
    "winner",
  ]

  /// RFC 4180, with a header; cells that a spreadsheet would take for formulas begin with a quote.
  package var csv: String {
    var text = Self.columns.joined(separator: ",") + "\r\n"
    for line in lines {
      let cells = [
        line.row, line.prompt, line.reference, line.baseline, line.candidate,
        "\(line.baselineScore)", "\(line.candidateScore)", line.winner.rawValue,
      ]
      text += cells.map(Self.cell).joined(separator: ",") + "\r\n"
    }
    return text
  }

  private static func cell(_ text: String) -> String {
    var text = text
    if let first = text.unicodeScalars.first, "=+-@\t\r".unicodeScalars.contains(first),
      Double(text) == nil
    {
      text = "'" + text
    }
    guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }

  package var json: JSONValue {
    let (rate, elo) = (rate.rate(confidence: 0.95), rate.elo(confidence: 0.95))
    func interval(_ value: ConfidenceInterval) -> JSONValue {
      func number(_ value: Double) -> JSONValue { value.isFinite ? .number(value) : .null }
      return .object([
        "value": number(value.estimate), "lower": number(value.lower),
        "upper": number(value.upper), "confidence": .number(value.confidence),
        "method": .string(value.method),
      ])
    }
    return .object([
      "metric": .string(metric), "wins": .integer(Int64(count(.candidate))),
      "ties": .integer(Int64(count(.tie))), "losses": .integer(Int64(count(.baseline))),
      "win_rate": interval(rate), "elo": interval(elo),
      "rows": .array(
        lines.map { line in
          .object([
            "row": .string(line.row), "prompt": .string(line.prompt),
            "expected": .string(line.reference), "baseline": .string(line.baseline),
            "candidate": .string(line.candidate),
            "baseline_score": .number(line.baselineScore),
            "candidate_score": .number(line.candidateScore),
            "winner": .string(line.winner.rawValue),
          ])
        }),
    ])
  }
}
