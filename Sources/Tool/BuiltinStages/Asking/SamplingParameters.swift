internal import Evaluation
internal import Records
internal import StageKit

/// How a stage that makes rows draws answers.
struct SamplingParameters: Sendable {
  let samples: Int
  let settings: TextSettings
  let system: String?

  init(_ read: inout ParameterReader, samples: Int, in range: ClosedRange<Int>) {
    self.samples = read.integer(
      "num_samples", default: samples, in: range, help: "Answers to each prompt.")
    settings = TextSettings(
      maxNewTokens: read.integer(
        "max_new_tokens", default: 512, in: 1...1_000_000, help: "Tokens of an answer at most."),
      temperature: read.number(
        "temperature", default: 1, in: 0...100,
        help: "What logits are divided by; 0 takes the likeliest token, so that all samples of a "
          + "prompt are equal."),
      topP: read.number(
        "top_p", default: 1, in: 0.01...1,
        help: "Only the likeliest tokens that together have this probability."),
      stops: read.strings("until", default: [], help: "Texts that end an answer."),
      seed: UInt64(
        read.integer(
          "seed", default: 1, in: 0...Int.max,
          help: "Seed of answers by models of the pipeline.")))
    system = read.optionalString("system", help: "A system turn before each prompt.")
    if self.samples > 1, settings.temperature == 0 {
      read.problem(
        "temperature", "is 0, which gives \(self.samples) equal answers to each prompt",
        fix: "raise it, such as 'temperature: 0.8'")
    }
  }

  /// Turns with the system turn, unless they begin with one.
  func turns(_ turns: [Message]) -> [Message] {
    guard let system, turns.first?.role != .system else { return turns }
    return [Message(.system, system)] + turns
  }

  /// All samples of all prompts, prompt by prompt.
  func requests(_ prompts: [[Message]]) -> [TextRequest] {
    prompts.flatMap { turns in
      (0..<samples).map { TextRequest(self.turns(turns), settings, sample: $0) }
    }
  }
}
