/// Which repeated passages are removed, and how.
package struct SubstringRules: Sendable, Hashable {
  package enum Action: String, Sendable, CaseIterable {
    /// The passage is cut out of every row but the first that holds it.
    case cut
    /// Rows with such a passage are dropped, the first that holds it excepted.
    case dropRow = "drop_row"
  }

  /// Words that a passage has at least.
  package var minWords: Int
  package var action: Action

  package init(minWords: Int, action: Action) {
    precondition(minWords >= 2, "a passage has at least two words")
    self.minWords = minWords
    self.action = action
  }

  /// Words of a fingerprint: any passage of ``minWords`` holds one that is picked in every copy.
  var fingerprintWords: Int { max(1, minWords / 2) }
  /// Fingerprints next to each other of which the smallest is picked.
  var picked: Int { minWords - fingerprintWords + 1 }
}
