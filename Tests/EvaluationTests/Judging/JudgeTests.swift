import Evaluation
import Records
import Scoring
import Testing

struct JudgeTests {
  static func item(_ id: String, _ own: String, _ other: String, category: String = "writing")
    -> JudgeItem
  {
    let question = Message(.user, "question \(id)")
    return JudgeItem(
      id: id, category: category, references: ["right"],
      candidate: [question, Message(.assistant, own)],
      baseline: [question, Message(.assistant, other)])
  }

  /// What stands in a block of a prompt.
  static func block(_ name: String, _ prompt: String) -> String {
    guard let open = prompt.firstRange(of: "<\(name)>\n"),
      let close = prompt.firstRange(of: "\n</\(name)>")
    else { return "" }
    return String(prompt[open.upperBound..<close.lowerBound])
  }

  /// A judge that prefers the answer with the larger number.
  static func fair(_ prompt: String) -> String {
    let (a, b) = (
      Int(block("answer of assistant A", prompt)) ?? 0,
      Int(block("answer of assistant B", prompt)) ?? 0
    )
    return a == b ? "[[C]]" : a > b ? "[[A]]" : "[[B]]"
  }

  @Test("a win needs the same winner in both orders")
  func orders() throws {
    let items = [Self.item("1", "9", "3"), Self.item("2", "3", "9"), Self.item("3", "4", "4")]
    let model = FakeTextModel(replying: Self.fair)
    let judged = try Judge(model: model).compare(items)
    #expect(judged.map { PairOutcome($0) } == [.win, .loss, .tie])
    #expect(model.asked.count == 6)
    #expect(model.asked.allSatisfy { $0.settings.temperature == 0 })
    #expect(model.asked.allSatisfy { $0.settings.maxNewTokens == 10 })
    let summary = PairSummary(items, judged)
    #expect((summary.wins, summary.ties, summary.losses) == (1, 1, 1))
    #expect(summary.agreement == 1)
    #expect(summary.firstShare == 0.5)
    #expect(summary.winRate(confidence: 0.95)?.estimate == 0.5)
  }

  @Test("a judge that always takes the first answer gives ties, no agreement and a bias of 1")
  func positionBias() throws {
    let items = (0..<8).map { Self.item("\($0)", "1", "2") }
    let judged = try Judge(model: FakeTextModel { _ in TextAnswer("[[A]]") }).compare(items)
    let summary = PairSummary(items, judged)
    #expect((summary.wins, summary.ties, summary.losses) == (0, 8, 0))
    #expect(summary.inconsistent == 8)
    #expect(summary.agreement == 0)
    #expect(summary.firstShare == 1)
  }

  @Test("a verdict in one order and a tie in the other is a tie")
  func half() throws {
    let items = [Self.item("1", "9", "3")]
    let model = FakeTextModel(replying: {
      Self.block("answer of assistant A", $0) == "9" ? "[[A]]" : "[[C]]"
    })
    let judged = try Judge(model: model).compare(items)
    #expect(PairOutcome(judged[0]) == .tie)
    #expect(PairSummary(items, judged).inconsistent == 1)
  }

  @Test("a reply without a verdict is asked for once more, then the pair counts nowhere")
  func retry() throws {
    let items = [Self.item("1", "9", "3"), Self.item("2", "9", "3")]
    let model = FakeTextModel { request in
      let text = request.turns[1].content
      if text.contains("question 1"), request.turns.count == 2 { return TextAnswer("I think A") }
      if text.contains("question 2") { return TextAnswer("nothing to say") }
      return TextAnswer(Self.fair(text))
    }
    let judged = try Judge(model: model).compare(items)
    #expect(judged.map { PairOutcome($0) } == [.win, .invalid])
    #expect(model.asked.count == 8)
    #expect(model.asked[4].turns.map(\.role) == [.system, .user, .assistant, .user])
    #expect(model.asked[4].turns[2].content == "I think A")
    let summary = PairSummary(items, judged)
    #expect(summary.retried == 4)
    #expect(summary.invalidRate == 0.5)
    #expect(summary.count == 1)
  }

  @Test("the right answer is shown for math, reasoning and coding alone")
  func references() throws {
    for (category, isShown) in [
      ("math", true), ("reasoning", true), ("coding", true), ("writing", false), ("", false),
    ] {
      let model = FakeTextModel(replying: Self.fair)
      _ = try Judge(model: model).compare([Self.item("1", "1", "2", category: category)])
      #expect(Self.block("reference", model.asked[0].turns[1].content) == (isShown ? "right" : ""))
      #expect(model.asked[0].turns[0].content.contains("reference") == isShown)
    }
    let model = FakeTextModel(replying: Self.fair)
    _ = try Judge(model: model, referenceCategories: nil).compare([Self.item("1", "1", "2")])
    #expect(Self.block("reference", model.asked[0].turns[1].content) == "right")
  }

  @Test("a second turn is judged with the whole conversation")
  func secondTurn() throws {
    func turns(_ answers: [String]) -> [Message] {
      answers.enumerated().flatMap {
        [Message(.user, "question \($0.offset + 1)"), Message(.assistant, $0.element)]
      }
    }
    let item = JudgeItem(
      id: "1", category: "math", turn: 2, references: ["r1", "r2"],
      candidate: turns(["own 1", "own 2"]), baseline: turns(["other 1", "other 2"]))
    let model = FakeTextModel { _ in TextAnswer("[[A]]") }
    _ = try Judge(model: model, explains: true).compare([item])
    #expect(
      model.asked[1].turns[1].content == """
        <reference for question 1>
        r1
        </reference for question 1>

        <reference for question 2>
        r2
        </reference for question 2>

        ==== conversation with assistant A ====

        <user>
        question 1
        </user>

        <assistant A>
        other 1
        </assistant A>

        <user>
        question 2
        </user>

        <assistant A>
        other 2
        </assistant A>

        ==== end of the conversation with assistant A ====

        ==== conversation with assistant B ====

        <user>
        question 1
        </user>

        <assistant B>
        own 1
        </assistant B>

        <user>
        question 2
        </user>

        <assistant B>
        own 2
        </assistant B>

        ==== end of the conversation with assistant B ====
        """)
    #expect(model.asked[0].settings.maxNewTokens == 1024)
  }

  @Test("grades within a tenth of each other are ties")
  func grades() throws {
    #expect(GradeSummary.outcome(7.1, 7) == .tie)
    #expect(GradeSummary.outcome(7, 7.1) == .tie)
    #expect(GradeSummary.outcome(7.2, 7) == .win)
    #expect(GradeSummary.outcome(7, 7.2) == .loss)
    let items = (0..<3).map { Self.item("\($0)", "\($0 + 5)", "6") }
    let judge = Judge(
      model: FakeTextModel(replying: {
        let grade = Self.block("answer", $0)
        return grade == "7" ? "none" : "[[\(grade)]]"
      }))
    let own = try judge.grade(items)
    #expect(own.map(\.grade) == [5, 6, nil])
    let others = try judge.grade(
      items.map {
        JudgeItem(id: $0.id, candidate: $0.baseline ?? [])
      })
    let summary = GradeSummary(own, others)
    #expect((summary.wins, summary.ties, summary.losses, summary.invalid) == (0, 1, 1, 1))
    #expect(summary.candidate == [5, 6])
    #expect(summary.baseline == [6, 6])
    #expect(summary.retried == 1)
    #expect(GradeSummary(own, nil).candidate == [5, 6])
  }

  @Test("what length has to do with winning is told")
  func length() throws {
    let items = [
      Self.item("1", "100", "2"), Self.item("2", "300", "2"), Self.item("3", "1", "2222"),
      Self.item("4", "9", "8"),
    ]
    let judged = try Judge(model: FakeTextModel(replying: Self.fair)).compare(items)
    let summary = PairSummary(items, judged)
    #expect(summary.longer.rate == 1)
    #expect(summary.shorter.rate == 0)
    #expect(summary.equallyLong.rate == 1)
    #expect(summary.longerWins == 1)
    #expect(summary.lengthBalancedRate == 0.5)
    #expect(summary.lengthRatio == 8.0 / 7)
    #expect(abs(PairSummary.elo(0.75) - 190.848) < 0.001)
  }

  @Test("an endpoint that refuses leaves a pair without a verdict")
  func refused() throws {
    let items = [Self.item("1", "9", "3")]
    let model = FakeTextModel { _ in TextAnswer("[[A]]", isRefused: true) }
    let judged = try Judge(model: model).compare(items)
    #expect(PairOutcome(judged[0]) == .invalid)
    #expect(PairSummary(items, judged).winRate(confidence: 0.95) == nil)
  }
}
