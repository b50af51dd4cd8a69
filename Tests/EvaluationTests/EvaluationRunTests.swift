import Diagnostics
import Documents
import Evaluation
import Parallelism
import Records
import Scoring
import Testing

@Suite struct EvaluationRunTests {
  static let triage = RowTaskSettings(name: "triage", metric: .exactMatch)

  static func report(
    _ tasks: [RowTaskSettings], _ rules: [GateRule], _ rows: [Row], _ candidate: FakeModel,
    _ baseline: FakeModel?, batchSize: Int = 8
  ) throws -> EvaluationReport {
    let run = EvaluationRun(
      tasks: try tasks.map { try RowTask($0, rows) }, rules: rules, batchSize: batchSize)
    let first = try run.measure(candidate) { _ in }
    let second = try baseline.map { Opponent("baseline", try run.measure($0) { _ in }) }
    return try run.report(
      first, second.map { [$0] } ?? [],
      ScoreSettings(seed: 1, pool: ThreadPool(threads: 2)))
  }

  static func rule(
    _ bound: GateRule.Bound, _ metric: RowMetric = .exactMatch, confidence: Double? = nil
  ) -> GateRule {
    GateRule(task: "triage", metric: metric.rawValue, bound: bound, confidence: confidence)
  }

  @Test(
    "a rule passes, refuses or is inconclusive, and says why with numbers",
    arguments: [
      (
        90, rule(.min(0.85)), GateDecision.pass,
        "triage: exact_match is 0.900 (95 % interval 0.826 to 0.945, 100 rows), at least 0.850 as required"
      ),
      (
        40, rule(.min(0.85)), .refused,
        "triage: exact_match is 0.400 (95 % interval 0.309 to 0.498, 100 rows), below the required 0.850"
      ),
      (
        90, rule(.min(0.85), confidence: 0.95), .inconclusive,
        "triage: exact_match is 0.900 (95 % interval 0.826 to 0.945, 100 rows), and the required 0.850 "
          + "lies inside the interval; about 222 rows like these would settle it (100 show a difference "
          + "of 0.085 four times in five)"
      ),
      (
        90, rule(.max(0.5)), .refused,
        "triage: exact_match is 0.900 (95 % interval 0.826 to 0.945, 100 rows), above the required 0.500"
      ),
      (
        90, rule(.minGain(0), confidence: 0.95), .pass,
        "triage: exact_match is 0.900 against the baseline's 0.500, a gain of +0.400 "
          + "(95 % interval 0.309 to 0.498, 100 rows), more than the required 0.000"
      ),
      (
        20, rule(.minGain(0), confidence: 0.95), .refused,
        "triage: exact_match is 0.200 against the baseline's 0.500, a gain of -0.300 "
          + "(95 % interval -0.396 to -0.219, 100 rows), not more than the required 0.000"
      ),
    ])
  func rules(right: Int, rule: GateRule, decision: GateDecision, sentence: String) throws {
    let report = try Self.report(
      [Self.triage], [rule], TestRows.questions(100), TestRows.model(right: right),
      TestRows.model(right: 50))
    #expect(report.decision == decision)
    #expect(report.verdicts.map(\.sentence) == [sentence])
  }

  @Test("the report says whether the candidate beats its baseline")
  func summary() throws {
    for (right, verb) in [
      (90, "The candidate beats its baseline"), (20, "The candidate is worse than its baseline"),
      (51, "The candidate cannot be told from its baseline"),
    ] {
      let report = try Self.report(
        [Self.triage], [], TestRows.questions(100), TestRows.model(right: right),
        TestRows.model(right: 50))
      #expect(report.summary.count == 1 && report.summary[0].hasPrefix(verb))
      #expect(report.markdown.contains(report.summary[0]))
      #expect(report.summary[0].hasSuffix("on 100 rows"))
    }
  }

  @Test("pairing is by row: models that are right on different rows are not equal in their items")
  func pairing() throws {
    var answers: [String: String] = [:]
    for k in 50..<100 { answers["q\(k)"] = "yes" }
    let report = try Self.report(
      [Self.triage], [], TestRows.questions(100), FakeModel(answers: answers),
      TestRows.model(right: 50))
    #expect(report.scores[0].gained == 50 && report.scores[0].lost == 50)
    #expect(report.scores[0].gain?.estimate == 0)
    #expect(report.scores[0].pValue == 1)
  }

  @Test("no result depends on the size of batches")
  func batches() throws {
    let rows = TestRows.questions(23)
    let reports = try [1, 7, 100].map {
      try Self.report(
        [Self.triage], [], rows, TestRows.model(right: 11), TestRows.model(right: 3), batchSize: $0)
    }
    #expect(reports[0].scores == reports[1].scores && reports[1].scores == reports[2].scores)
  }

  @Test("perplexity: lower is better, and the gain is the baseline's minus the candidate's")
  func perplexity() throws {
    let rows = (1...40).map { TestRows.row(.text(String(repeating: "x", count: $0))) }
    let task = RowTaskSettings(name: "triage", metric: .perplexity)
    let report = try Self.report(
      [task],
      [Self.rule(.minGain(0.1), .perplexity, confidence: 0.95), Self.rule(.max(3), .perplexity)],
      rows, FakeModel(perToken: -1), FakeModel(perToken: -2))
    let score = try #require(report.scores.first)
    #expect(abs(score.candidate.estimate - 2.718281828459045) < 1e-9)
    #expect(abs((score.gain?.estimate ?? 0) - (7.38905609893065 - 2.718281828459045)) < 1e-9)
    #expect(report.verdicts.map(\.decision) == [.pass, .pass])
    let bytes = RowTaskSettings(name: "triage", metric: .bytePerplexity)
    let other = try Self.report([bytes], [], rows, FakeModel(perToken: -1), nil)
    #expect(abs(other.scores[0].candidate.estimate - 1.6487212707001282) < 1e-9)
  }

  @Test("preference accuracy counts rows whose chosen answer is likelier; a tie is not")
  func preferences() throws {
    let rows = (0..<10).map { k in
      TestRows.row(
        .preference(
          prompt: [Message(.user, "p\(k)")], chosen: [Message(.assistant, "good\(k)")],
          rejected: [Message(.assistant, "bad")]))
    }
    let scores = Dictionary(uniqueKeysWithValues: (0..<10).map { ("good\($0)", Double($0) - 4) })
    let task = RowTaskSettings(name: "replies", metric: .preferenceAccuracy)
    let report = try Self.report([task], [], rows, FakeModel(answerScores: scores), FakeModel())
    // good5…good9 are above 0, good4 ties.
    #expect(report.scores[0].candidate.estimate == 0.5)
    #expect(report.scores[0].baseline?.estimate == 0)
  }

  @Test("classes and overlap of words")
  func textMetrics() throws {
    let rows = [
      TestRows.question("a", "billing"), TestRows.question("b", "fraud desk"),
      TestRows.question("c", "billing"),
    ]
    let model = FakeModel(answers: ["a": "Billing.", "b": "desk", "c": "nonsense"])
    let task = RowTaskSettings(
      name: "triage", metric: .accuracy, others: [.macroF1, .tokenF1, .exactMatch])
    let report = try Self.report(
      [task],
      [
        Self.rule(.min(0), .macroF1), Self.rule(.min(0), .tokenF1), Self.rule(.min(0), .exactMatch),
      ],
      rows, model, nil)
    func value(_ metric: RowMetric) -> Double? {
      report.scores.first { $0.metric == metric.rawValue }?.candidate.estimate
    }
    #expect(value(.accuracy) == 1.0 / 3)
    #expect(value(.exactMatch) == 0)
    // billing: right 1, missed 1 → 2/3; fraud desk: missed 1 → 0.
    #expect(abs((value(.macroF1) ?? 0) - 1.0 / 3) < 1e-12)
    #expect(abs((value(.tokenF1) ?? 0) - (1 + 2.0 / 3) / 3) < 1e-12)
  }

  @Test("rows without an answer are left out and said; none left is an error")
  func unfit() throws {
    let rows = TestRows.questions(3) + [TestRows.row(.text("plain"))]
    let report = try Self.report([Self.triage], [], rows, TestRows.model(right: 3), nil)
    #expect(report.scores[0].count == 3)
    #expect(
      report.notes == [
        "triage: 1 of 4 rows have nothing that exact_match measures and were left out"
      ])
    do {
      _ = try Self.report([Self.triage], [], [rows[3]], FakeModel(), nil)
      Issue.record("an evaluation of nothing ran")
    } catch let failure as Failure {
      #expect(failure.failureClass == .badInput)
      #expect(failure.diagnostics.map(\.code) == ["eval.no-rows"])
    }
  }

  @Test("a limit takes the same rows whatever stands around them")
  func limit() throws {
    var task = Self.triage
    task.limit = 10
    let rows = TestRows.questions(50)
    let one = try RowTask(task, rows)
    let other = try RowTask(task, rows.reversed())
    #expect(one.items.count == 10)
    #expect(Set(one.rows) == Set(other.rows))
    #expect(one.rows == rows.filter { Set(one.rows).contains($0) })
  }

  @Test("lines of items hold ids and numbers, and no text")
  func itemLines() throws {
    let run = EvaluationRun(
      tasks: [try RowTask(Self.triage, TestRows.questions(2, answer: "secret"))], rules: [],
      batchSize: 4)
    let first = try run.measure(TestRows.model(right: 1, answer: "secret")) { _ in }
    let second = try run.measure(FakeModel()) { _ in }
    let lines = run.itemLines(first, [Opponent("baseline", second)])
    #expect(lines.map { $0["candidate"] } == [1, 0].map { JSONValue.number($0) })
    #expect(lines.map { $0["baseline"] } == [0, 0].map { JSONValue.number($0) })
    #expect(lines.allSatisfy { !JSONWriter.compact($0).contains("secret") })
  }

  @Test("a relative bound is kept, broken or open, whatever the size of the number")
  func relativeDrop() throws {
    let settings = RowTaskSettings(name: "triage", metric: .exactMatch)
    for (right, decision) in [(400, GateDecision.pass), (300, .refused), (380, .inconclusive)] {
      let report = try Self.report(
        [settings], [Self.rule(.maxRelativeDrop(0.05), confidence: 0.95)],
        TestRows.questions(500), TestRows.model(right: right), TestRows.model(right: 400))
      #expect(report.decision == decision, "\(right): \(report.verdicts[0].sentence)")
    }
    let refused = try Self.report(
      [settings], [Self.rule(.maxRelativeDrop(0.05))], TestRows.questions(500),
      TestRows.model(right: 300), TestRows.model(right: 400))
    #expect(
      refused.verdicts[0].sentence.hasPrefix(
        "triage: exact_match is 0.600 against the baseline's 0.800, -25.0 % (500 rows); that is a "
          + "loss of 5 % or more"))
    // Lower is better: a rise of the perplexity is the loss.
    let rows = (1...40).map { TestRows.row(.text(String(repeating: "x", count: $0))) }
    for (perToken, decision) in [(-1.01, GateDecision.pass), (-1.2, .refused)] {
      let report = try Self.report(
        [RowTaskSettings(name: "triage", metric: .perplexity)],
        [Self.rule(.maxRelativeDrop(0.05), .perplexity, confidence: 0.95)], rows,
        FakeModel(perToken: perToken), FakeModel(perToken: -1))
      #expect(report.decision == decision)
    }
  }

  @Test("results are told apart by a column, and rules ask for a part")
  func slices() throws {
    let rows = (0..<60).map { k in
      TestRows.question(
        "q\(k)", "yes", [JSONMember("language", .string(k % 3 == 0 ? "de" : "en"))])
    }
    let wrongInGerman = FakeModel(
      answers: Dictionary(
        uniqueKeysWithValues: (0..<60).map { ("q\($0)", $0 % 3 == 0 ? "" : "yes") }))
    var settings = Self.triage
    settings.by = ["language"]
    func rule(_ value: String) -> GateRule {
      GateRule(
        task: "triage", metric: "exact_match", bound: .min(0.6),
        slice: MetricScore.Slice(column: "language", value: value))
    }
    let report = try Self.report(
      [settings], [rule("en"), rule("de"), rule("fr")], rows, wrongInGerman, nil)
    #expect(report.scores.map(\.count) == [60, 20, 40])
    #expect(report.scores.map(\.slice?.value) == [nil, "de", "en"])
    #expect(report.scores.map(\.candidate.estimate) == [40.0 / 60, 0, 1])
    #expect(report.verdicts.map(\.decision) == [.pass, .refused, .inconclusive])
    #expect(
      report.verdicts[1].sentence
        == "triage: exact_match where language is de is 0.000 (95 % interval 0.000 to 0.161, 20 "
        + "rows), below the required 0.600")
    #expect(
      report.verdicts[2].sentence
        == "triage: exact_match where language is fr: no row has this value, so that nothing was "
        + "measured")
  }

  @Test("a candidate is compared with its baseline and the champion on the same rows")
  func champion() throws {
    let run = EvaluationRun(
      tasks: [try RowTask(Self.triage, TestRows.questions(100))],
      rules: ["baseline", "champion"].map {
        GateRule(
          task: "triage", metric: "exact_match", bound: .minGain(0), confidence: 0.95, versus: $0)
      })
    func results(_ right: Int) throws -> [TaskResult] {
      try run.measure(TestRows.model(right: right)) { _ in }
    }
    let report = try run.report(
      results(80), [Opponent("baseline", results(50)), Opponent("champion", results(95))],
      ScoreSettings(seed: 1, pool: ThreadPool(threads: 2)))
    #expect(report.scores.map(\.versus) == ["baseline", "champion"])
    #expect(report.scores.map { $0.gain?.estimate ?? 0 } == [0.3, -0.15])
    #expect(report.verdicts.map(\.decision) == [.pass, .refused])
    #expect(report.verdicts[1].sentence.contains("against the champion's 0.950"))
    #expect(report.summary.count == 2)
    #expect(report.summary[1].hasPrefix("The candidate is worse than the champion"))
  }

  @Test("answers without an end are counted")
  func unended() throws {
    var model = TestRows.model(right: 10)
    model.unended = ["q1", "q5"]
    let run = EvaluationRun(
      tasks: [try RowTask(Self.triage, TestRows.questions(12))], rules: [])
    let facts = try run.measure(model) { _ in }[0].generated
    #expect(facts.answers == 12 && facts.unended == 2 && facts.empty == 2)
  }
}
