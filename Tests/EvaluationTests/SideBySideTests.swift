import Documents
import Evaluation
import Records
import Scoring
import Testing

@Suite struct SideBySideTests {
  static let rows = [
    TestRows.question("a", "red fox"), TestRows.question("b", "blue, \"deep\" sea"),
    TestRows.question("c", "green"),
  ]
  static let candidate = FakeModel(answers: ["a": "red fox", "b": "deep", "c": "=1+1"])
  static let baseline = FakeModel(answers: ["a": "red", "b": "deep", "c": "green"])

  static func shown() throws -> SideBySide {
    try SideBySide(
      RowTask(RowTaskSettings(name: "t", metric: .tokenF1), rows), candidate: candidate,
      baseline: baseline)
  }

  @Test("each row has both answers, their scores and a winner")
  func lines() throws {
    let shown = try Self.shown()
    #expect(shown.lines.map(\.winner) == [.candidate, .tie, .baseline])
    #expect(shown.lines.map(\.prompt) == ["a", "b", "c"])
    #expect(shown.lines[0].candidateScore == 1 && shown.lines[0].baselineScore < 1)
    #expect(shown.rate.wins == 1 && shown.rate.ties == 1 && shown.rate.losses == 1)
    #expect(
      shown.summary.hasPrefix(
        "by token_f1, the candidate wins 1, ties 1 and loses 1 of 3 rows: win rate 0.500 (95 % "))
    #expect(shown.json["win_rate"]?["value"]?.doubleValue == 0.5)
    #expect(shown.json["elo"]?["value"]?.doubleValue == 0)
  }

  @Test(
    "metrics of a whole set tell single answers apart too",
    arguments: [RowMetric.chrf, .chrfPlusPlus])
  func sums(metric: RowMetric) throws {
    let shown = try SideBySide(
      RowTask(RowTaskSettings(name: "t", metric: metric), Self.rows), candidate: Self.candidate,
      baseline: Self.baseline)
    #expect(shown.lines[2].winner == .baseline && shown.lines[2].baselineScore > 0)
  }

  @Test("CSV is quoted, and no cell is a formula")
  func csv() throws {
    let lines = try Self.shown().csv.split(separator: "\r\n")
    #expect(lines.count == 4)
    #expect(
      lines[0] == "row,prompt,expected,baseline,candidate,baseline_score,candidate_score,winner")
    #expect(lines[2].contains(#","blue, ""deep"" sea",deep,deep,"#))
    #expect(lines[3].contains(",'=1+1,") && lines[3].hasSuffix(",baseline"))
  }

  @Test("a block of the Markdown is longer than any fence in its text")
  func markdown() throws {
    let rows = [TestRows.question("x", "````"), TestRows.question("y", "z")]
    let shown = try SideBySide(
      RowTask(RowTaskSettings(name: "t", metric: .exactMatch), rows),
      candidate: FakeModel(answers: ["x": "````"]), baseline: FakeModel())
    #expect(shown.markdown.contains("\n`````\n````\n`````\n"))
    #expect(shown.markdown.hasPrefix("# Side by side\n\nby exact_match, the candidate wins 1,"))
  }
}
