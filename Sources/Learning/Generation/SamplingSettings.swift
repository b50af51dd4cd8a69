/// How next tokens are chosen and when a text ends.
package struct SamplingSettings: Sendable, Hashable {
  package var maxNewTokens: Int
  /// 0: always the likeliest token, the lowest id among equals.
  package var temperature: Double
  /// Only the K likeliest tokens; 0: all.
  package var topK: Int
  /// Only the likeliest tokens that together have this probability; 1: all.
  package var topP: Double
  package var seed: UInt64
  /// Which of several texts of one prompt this is; part of what randomness is keyed by.
  package var sample: Int
  /// A text ends before one of these.
  package var stopTokenIDs: [Int32]
  /// A text ends before the first of these that it holds.
  package var stopStrings: [String]
  /// Whether the logits that each token was chosen by are kept.
  package var keepsLogits = false
  /// The text is one JSON value, by RFC 8259: only tokens that may go on with one are chosen.
  package var isJSON = false

  package init(
    maxNewTokens: Int = 256, temperature: Double = 0, topK: Int = 0, topP: Double = 1,
    seed: UInt64 = 0, sample: Int = 0, stopTokenIDs: [Int32] = [], stopStrings: [String] = []
  ) {
    self.maxNewTokens = maxNewTokens
    self.temperature = temperature
    self.topK = topK
    self.topP = topP
    self.seed = seed
    self.sample = sample
    self.stopTokenIDs = stopTokenIDs
    self.stopStrings = stopStrings
  }
}
