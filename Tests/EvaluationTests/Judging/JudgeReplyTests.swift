import Evaluation
import Testing

struct JudgeReplyTests {
  @Test(
    "a verdict is one kind of letter in double brackets",
    arguments: [
      ("[[A]]", "A"), ("Both are fine, but [[B]]", "B"), ("[[C]].", "C"), ("[[ A ]]", "A"),
      ("[[A]] and again [[A]]", "A"), ("[[[[B]]", "B"), ("A", nil), ("[A]", nil), ("", nil),
      ("[[A]] or [[B]]", nil), ("[[D]]", nil), ("[[a]]", nil), ("[[A", nil), ("[[]]", nil),
      ("[[\u{1F600}]] [[B]]", "B"), ("Assistant A is better", nil),
    ] as [(String, String?)])
  func preference(reply: String, expected: String?) {
    #expect(JudgeReply.preference(reply)?.rawValue == expected)
  }

  @Test(
    "a grade is one number from 1 to 10 in double brackets",
    arguments: [
      ("[[7]]", 7), ("Rating: [[7.5]]", 7.5), ("[[10]]", 10), ("[[1]] [[1]]", 1), ("[[0]]", nil),
      ("[[11]]", nil), ("[[-5]]", nil), ("[[5]] [[6]]", nil), ("[5]", nil), ("5/10", nil),
      ("[[5.]]", nil), ("[[1e1]]", nil), ("[[NaN]]", nil), ("[[ 8 ]]", 8), ("[[3.3.3]]", nil),
    ] as [(String, Double?)])
  func grade(reply: String, expected: Double?) {
    #expect(JudgeReply.grade(reply) == expected)
  }
}
