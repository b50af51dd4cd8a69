/// A bound on one signal, with the name under which a dropped row is explained.
package struct QualityRule: Sendable, Hashable {
  package enum Bound: String, Sendable { case atLeast, atMost }

  /// `gopher.word_count`
  package var name: String
  /// How the threshold is called in a pipeline: `min_words`.
  package var key: String
  package var signal: QualitySignal
  package var bound: Bound
  package var threshold: Double

  init(
    _ name: String, _ key: String, _ signal: QualitySignal, _ bound: Bound, _ threshold: Double
  ) {
    self.name = name
    self.key = key
    self.signal = signal
    self.bound = bound
    self.threshold = threshold
  }

  /// Whether a text of this value stays.
  package func accepts(_ value: Double) -> Bool {
    bound == .atLeast ? value >= threshold : value <= threshold
  }
}

/// A published list of rules by name.
package struct QualityRuleSet: Sendable {
  /// The word under `rules:`.
  package var name: String
  package var rules: [QualityRule]
  /// One sentence with the source.
  package var source: String

  package static let all: [QualityRuleSet] = [
    .gopherQuality, .gopherRepetition, .c4, .c4Paragraph, .fineweb, .dolma, .redpajama,
  ]

  package static func named(_ name: String) -> QualityRuleSet? { all.first { $0.name == name } }
}
