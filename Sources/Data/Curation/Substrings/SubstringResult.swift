package import Documents

/// Passages that rows repeat from earlier ones.
package struct SubstringResult: Sendable {
  /// Words of a row that were said before, and where first.
  package struct Repeat: Sendable, Hashable {
    package var row: UInt32
    /// Words of all texts of the row, counted through.
    package var words: Range<Int>
    /// The row that says them first; the row itself where it repeats itself.
    package var first: UInt32

    package init(row: UInt32, words: Range<Int>, first: UInt32) {
      self.row = row
      self.words = words
      self.first = first
    }
  }

  package let rules: SubstringRules
  /// By row, then by place.
  package let repeats: [Repeat]
  /// Rows with repeats.
  package let affectedRows: Int
  /// Words in them.
  package let repeatedWords: Int
  /// Words of all rows.
  package let words: Int
  package let fingerprintBytes: Int
  package internal(set) var droppedRows = 0
  package internal(set) var changedRows = 0

  init(
    rules: SubstringRules, repeats: [Repeat], words: Int, fingerprintBytes: Int
  ) {
    self.rules = rules
    self.repeats = repeats
    self.words = words
    self.fingerprintBytes = fingerprintBytes
    repeatedWords = repeats.reduce(0) { $0 + $1.words.count }
    affectedRows = zip(repeats, [nil] + repeats.map { Optional($0.row) }).count { $0.row != $1 }
  }

  package var json: JSONValue {
    .object([
      "min_words": .integer(Int64(rules.minWords)), "action": .string(rules.action.rawValue),
      "rows": .integer(Int64(affectedRows)), "repeats": .integer(Int64(repeats.count)),
      "repeated_words": .integer(Int64(repeatedWords)), "words": .integer(Int64(words)),
      "rows_dropped": .integer(Int64(droppedRows)), "rows_changed": .integer(Int64(changedRows)),
    ])
  }

  package var markdown: [String] {
    [
      "",
      "\(affectedRows) of the rows kept repeat passages of at least \(rules.minWords) words from "
        + "earlier rows: \(repeatedWords) of \(words) words. \(droppedRows) rows dropped, "
        + "\(changedRows) changed.",
    ]
  }
}
