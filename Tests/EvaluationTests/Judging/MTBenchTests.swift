import Diagnostics
import Evaluation
import Records
import Testing

struct MTBenchTests {
  static let text = """
    {"question_id": 81, "category": "writing", "turns": ["Write.", "Rewrite."]}

    {"question_id": 111, "category": "math", "turns": ["Add.", "Multiply."], "reference": ["3", "2"]}
    """

  @Test("questions are read with categories, turns and references")
  func questions() throws {
    let questions = try MTBenchQuestion.read(Array(Self.text.utf8), file: "q.jsonl")
    #expect(
      questions == [
        MTBenchQuestion(id: 81, category: "writing", turns: ["Write.", "Rewrite."]),
        MTBenchQuestion(
          id: 111, category: "math", turns: ["Add.", "Multiply."], references: ["3", "2"]),
      ])
    #expect(questions.map(\.temperature) == [0.7, 0])
  }

  @Test(
    "temperatures are those of the category",
    arguments: [
      ("writing", 0.7), ("roleplay", 0.7), ("extraction", 0), ("math", 0), ("coding", 0),
      ("reasoning", 0), ("stem", 0.1), ("humanities", 0.1), ("", 0.7),
    ])
  func temperature(category: String, expected: Double) {
    #expect(MTBenchQuestion(id: 1, category: category, turns: ["x"]).temperature == expected)
  }

  @Test(
    "bad lines are told with their place",
    arguments: [
      ("{\"question_id\": 1}", "q:1:1 'turns' is missing, expected a list of texts"),
      (
        "{\"question_id\": \"a\", \"turns\": [\"x\"]}",
        "q:1:1 'question_id' is a string, expected a whole number"
      ),
      (
        "\n{\"question_id\": 1, \"turns\": [5]}",
        "q:2:1 'turns' is a list of something else, expected a list of texts"
      ),
      (
        "{\"question_id\": 1, \"turns\": [\"x\"]}\n{\"question_id\": 1, \"turns\": [\"x\"]}",
        "q:2:1 question 1 is there twice"
      ),
      ("{\"question_id\": 1,, }", "q:1:19 "), ("", ": 'q' holds no question"),
    ])
  func bad(text: String, expected: String) {
    var found = "no error"
    do {
      _ = try MTBenchQuestion.read(Array(text.utf8), file: "q")
    } catch let failure as Failure {
      let one = failure.diagnostics[0]
      found =
        (one.span.map { "\($0.file):\($0.line):\($0.column) " } ?? ": ") + one.message
    } catch {}
    #expect(found.hasPrefix(expected), "\(found)")
  }

  @Test("answers are written without a clock and read back")
  func answers() throws {
    let answer = MTBenchAnswer(question: 81, model: "m", turns: ["one", "two\n"])
    #expect(try MTBenchAnswer.read(Array(answer.line.utf8), file: "a") == [answer])
    #expect(answer.line.contains(#""choices":[{"index":0,"turns":["one","two\n"]}],"tstamp":0}"#))
    #expect(answer.line == answer.line)
  }

  @Test("judgments name winners from each order's side")
  func judgments() throws {
    let items = [JudgeTests.item("81", "9", "3")]
    let judged = try Judge(model: FakeTextModel(replying: JudgeTests.fair)).compare(items)
    let place = MTBenchJudgment.Place(
      question: "81", turn: 1, candidate: "own", baseline: "base", judge: "j")
    let line = MTBenchJudgment.pair(place, judged[0])
    #expect(
      line.hasPrefix(
        #"{"question_id":81,"model_1":"own","model_2":"base","g1_winner":"model_1","g2_winner":"model_1","judge":["j","pair"],"#
      ))
    let grade = try Judge(model: FakeTextModel { _ in TextAnswer("[[8]]") }).grade(items)[0]
    let single = MTBenchJudgment.single(place, model: "own", grade)
    #expect(single.contains(#""judgment":"[[8]]","score":8.0,"turn":1,"tstamp":0}"#))
  }

  @Test("later turns are asked with the model's own answers before them")
  func writer() throws {
    let model = FakeTextModel { TextAnswer("answer after \($0.turns.count)") }
    let scripts = [
      ConversationWriter.Script([Message(.user, "a")], followUps: ["b"], TextSettings()),
      ConversationWriter.Script([Message(.user, "c")], TextSettings()),
    ]
    var progress: [Int] = []
    let written = try ConversationWriter(model).write(scripts) { progress.append($0) }
    #expect(
      written.map { $0.map(\.content) } == [
        ["a", "answer after 1", "b", "answer after 3"], ["c", "answer after 1"],
      ])
    #expect(progress == [2, 3])
  }
}
