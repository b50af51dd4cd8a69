package import StageKit

/// Parameters of ``JudgeStage``.
package struct JudgeParameters: StageParameters {
  enum Mode: String, CaseIterable { case pairwise, single }
  enum References: String, CaseIterable { case auto, all, none }

  let name: String
  let mode: Mode
  let questions: FilePattern
  let candidateAnswers: FilePattern
  let baselineAnswers: FilePattern
  let endpoint: EndpointParameters
  let explains: Bool
  let judgeTokensMax: Int?
  let references: References
  let category: String
  let tokensMax: Int
  let temperature: Double?
  let limit: Int?
  let seed: UInt64
  let device: DeviceClass
  let confidence: Double

  package init(_ read: inout ParameterReader) {
    name = read.string("name", default: "judge", help: "What scores and reports call the task.")
    mode = read.choice(
      "mode", default: Mode.pairwise,
      help: "pairwise compares two answers in both orders, single grades each from 1 to 10.")
    questions = read.files(
      "questions", optional: true,
      help: "A file of MT-Bench's form (question_id, category, turns, reference) instead of the "
        + "input 'test'.")
    candidateAnswers = read.files(
      "candidate_answers", optional: true,
      help: "FastChat's file of answers to 'questions' instead of the input 'candidate'.")
    baselineAnswers = read.files(
      "baseline_answers", optional: true, help: "The same instead of the input 'baseline'.")
    explains = read.flag(
      "explain", default: false,
      help: "Let the judge explain before its verdict; else it replies with the verdict alone.")
    judgeTokensMax = read.optionalInteger(
      "judge_max_new_tokens", in: 1...100_000,
      help: "Tokens of a reply at most; default 10, or 1024 with 'explain'.")
    references = read.choice(
      "references", default: References.auto,
      help: "Whether the judge sees right answers: auto for the categories math, reasoning and "
        + "coding, all, or none.")
    category = read.string(
      "category", default: "category", help: "The column of 'test' that holds a row's category.")
    tokensMax = read.integer(
      "max_new_tokens", default: 1024, in: 1...1_000_000, help: "Tokens of an answer at most.")
    temperature = read.optionalNumber(
      "temperature", in: 0...100,
      help: "What answers are drawn with; default 0, with 'questions' by category: 0.7 for writing "
        + "and roleplay, 0.1 for stem and humanities, 0 for extraction, math, coding and reasoning."
    )
    limit = read.optionalInteger(
      "limit", in: 1...Int.max, smoke: .atMost(20),
      help: "Rows or questions at most, chosen by identity; default all.")
    seed = UInt64(
      read.integer("seed", default: 1, in: 0...Int.max, help: "Seed of answers and intervals."))
    device = read.device()
    confidence = read.number(
      "confidence", default: 0.95, in: 0.5...0.9999, help: "Confidence of intervals.")
    endpoint = EndpointParameters(&read, role: "the judge")
    for (key, given) in [
      ("candidate_answers", candidateAnswers.pattern),
      ("baseline_answers", baselineAnswers.pattern),
    ] where given != nil && questions.pattern == nil {
      read.problem(key, "answers of that form belong to 'questions'", fix: "add 'questions: FILE'")
    }
  }
}
