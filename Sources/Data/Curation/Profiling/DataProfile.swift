package import Parallelism
package import Records

/// How rows become tokens, for a profile.
package protocol RowTokens: Sendable {
  /// Tokens of the row as a model is trained on it, and how many of them are trained.
  func count(_ row: StoredRow) throws -> (all: Int, trained: Int)
}

/// What a set of rows is like: lengths, labels, languages, repeats.
///
/// Reads the rows once; memory does not grow with them but for 8 to 32 bytes a row to count
/// repeats.
package struct DataProfile: Sendable {
  package struct Settings: Sendable {
    package var labels: [ColumnKey]
    /// The column that holds the language of a row.
    package var language: ColumnKey
    /// Names the language of a text, where rows have no such column.
    package var identify:
      (@Sendable (UnsafeBufferPointer<UInt8>) -> (code: String, confidence: Double))?
    package var tokens: (any RowTokens)?

    package init(
      labels: [String], language: String,
      identify: (@Sendable (UnsafeBufferPointer<UInt8>) -> (code: String, confidence: Double))? =
        nil,
      tokens: (any RowTokens)? = nil
    ) {
      self.labels = labels.map { ColumnKey($0) }
      self.language = ColumnKey(language)
      self.identify = identify
      self.tokens = tokens
    }
  }

  /// Sums of one language.
  package struct LanguageSums: Sendable {
    package var rows = 0
    package var text = TextCounts()
    package var tokens = 0
  }

  /// What kinds of values a column holds, as bits.
  package struct Kinds: OptionSet, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    package static let text = Kinds(rawValue: 1)
    package static let number = Kinds(rawValue: 2)
    package static let flag = Kinds(rawValue: 4)
    package static let other = Kinds(rawValue: 8)
    package static let fraction = Kinds(rawValue: 16)
  }

  package private(set) var rows = 0
  package private(set) var characters = LengthHistogram()
  package private(set) var tokens = LengthHistogram()
  package private(set) var trainedTokens = 0
  /// Rows without a token to train on.
  package private(set) var untrainedRows = 0
  package private(set) var text = TextCounts()
  package private(set) var types = NameCounts()
  /// For each column of labels.
  package private(set) var labels: [NameCounts]
  package private(set) var languageNames = ByteNames()
  package private(set) var languages: [LanguageSums] = []
  package private(set) var columnNames = ByteNames()
  package private(set) var columns: [(rows: Int, kinds: Kinds)] = []
  /// Rows equal to an earlier one with all columns.
  package private(set) var repeatedRows = 0
  /// Rows that say the same as an earlier one, whatever their columns.
  package private(set) var repeatedContents = 0

  private var seen: Set<UInt64> = []

  /// - Parameters:
  ///   - kept: what chunks add, from earlier runs or other processes.
  ///   - before: called before every batch with the rows done.
  package init(
    _ reader: RecordsReader, _ settings: Settings, _ pool: ThreadPool,
    kept: KeptProfiles = KeptProfiles(), before: (_ rows: Int) throws -> Void = { _ in }
  ) throws {
    labels = settings.labels.map { _ in NameCounts() }
    try ChunkPass(reader, pool).runUnread(before: { try before(rows) }) {
      try kept.profile($0, reader, settings)
    } take: { _, part in
      add(part)
    }
    seen = []
  }

  private mutating func add(_ part: ChunkProfile) {
    rows += part.characters.count
    for length in part.characters { characters.add(Int(length)) }
    for length in part.tokens { tokens.add(Int(length)) }
    trainedTokens += part.trainedTokens
    untrainedRows += part.untrainedRows
    text.characters += part.text.characters
    text.words += part.text.words
    types.merge(part.types)
    for index in labels.indices { labels[index].merge(part.labels[index]) }
    for (name, sums) in zip(part.languageNames.names, part.languages) {
      let index = Int(languageNames.number(name))
      if index == languages.count { languages.append(LanguageSums()) }
      languages[index].rows += sums.rows
      languages[index].text.characters += sums.text.characters
      languages[index].text.words += sums.text.words
      languages[index].tokens += sums.tokens
    }
    for (name, column) in zip(part.columnNames.names, part.columns) {
      let index = Int(columnNames.number(name))
      if index == columns.count { columns.append((0, [])) }
      columns[index].rows += column.rows
      columns[index].kinds.formUnion(column.kinds)
    }
    repeatedRows += part.repeatedRows
    for hash in part.contents where !seen.insert(hash).inserted { repeatedContents += 1 }
  }
}
