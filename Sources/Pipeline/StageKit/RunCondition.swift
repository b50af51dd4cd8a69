/// An `if:` that depends on what other stages report, so that it is decided while the run goes on:
/// `eval.accuracy > 0.8`. References to parameters are replaced by their values.
package struct RunCondition: Sendable, Hashable, Codable {
  package struct Word: Sendable, Hashable, Codable {
    package enum Kind: String, Sendable, Codable { case sign, plain, quoted, metric }

    package var kind: Kind
    /// Of a sign its characters, of a metric its name.
    package var text: String
    /// Of a metric: the stage that reports it.
    package var stage: String?

    package init(_ kind: Kind, _ text: String, stage: String? = nil) {
      self.kind = kind
      self.text = text
      self.stage = stage
    }
  }

  /// As written.
  package var text: String
  package var words: [Word]

  package init(text: String, words: [Word]) {
    self.text = text
    self.words = words
  }

  /// Stages whose metrics it reads, each once, in the order of the text.
  package var stages: [String] {
    var names: [String] = []
    for case let name? in words.map(\.stage) where !names.contains(name) { names.append(name) }
    return names
  }
}
