internal import Documents
internal import Evaluation
internal import Records
internal import Scoring

/// Takes replies one after the other and keeps what is new and valid.
struct SynthesizeRun {
  private let parameters: SynthesizeParameters
  private let seeds: [RowPrompt]
  /// Prompts, or prompts with answers, that are there already.
  private var known: Set<String>
  private(set) var accepted = 0
  private(set) var reasons: [String: Int] = [:]
  /// Of each refused object: seed, sample and reason, never contents.
  private(set) var rejected: [JSONValue] = []

  init(_ seeds: [RowPrompt], _ parameters: SynthesizeParameters) {
    self.seeds = seeds
    self.parameters = parameters
    known = Set(
      seeds.map { Self.key($0.turns, parameters.make == .answers ? $0.answer ?? "" : nil) })
  }

  /// Seed rows that people wrote.
  var humanRows: Int { seeds.count { !Provenance.isSynthetic($0.fields) } }

  mutating func take(_ reply: TextAnswer, seed: Int, sample: Int) throws -> [TeacherReply.Made] {
    var kept: [TeacherReply.Made] = []
    for found in self.found(reply, seed) {
      do {
        let made = try found.get()
        try check(made, seed)
        kept.append(made)
        accepted += 1
      } catch let refusal as TeacherReply.Refusal {
        reasons[refusal.reason, default: 0] += 1
        rejected.append(
          .object([
            "seed_row": .string(seeds[seed].row.description), "sample": .integer(Int64(sample)),
            "reason": .string(refusal.reason),
          ]))
      }
    }
    return kept
  }

  private func found(_ reply: TextAnswer, _ seed: Int)
    -> [Result<TeacherReply.Made, TeacherReply.Refusal>]
  {
    if reply.isRefused { return [.failure(TeacherReply.Refusal(.refused))] }
    if TeacherReply.isBlank(reply.text) { return [.failure(TeacherReply.Refusal(.empty))] }
    if parameters.make == .rows { return TeacherReply.rows(reply.text, parameters.schema) }
    return [
      .success(
        TeacherReply.Made(
          turns: seeds[seed].turns, answer: reply.text, fields: seeds[seed].fields))
    ]
  }

  private mutating func check(_ made: TeacherReply.Made, _ seed: Int) throws {
    if !parameters.verifiers.entries.isEmpty {
      let fields =
        parameters.make == .answers ? seeds[seed].verified : JSONValue.object(made.fields)
      let (score, reasons) = try parameters.verifiers.score(
        Attempt(
          prompt: made.turns.last?.content ?? "", completion: made.answer, fields: fields))
      guard score == 1 else {
        throw TeacherReply.Refusal(reason: reasons.first ?? "synthesize.verifier")
      }
    }
    let key = Self.key(made.turns, parameters.make == .answers ? made.answer : nil)
    guard known.insert(key).inserted else {
      throw TeacherReply.Refusal(reason: "synthesize.duplicate")
    }
  }

  /// Texts without case and differences of white space.
  private static func key(_ turns: [Message], _ answer: String?) -> String {
    (turns.map(\.content) + (answer.map { [$0] } ?? [])).map { text in
      text.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }.joined(separator: "\u{0}")
  }
}
