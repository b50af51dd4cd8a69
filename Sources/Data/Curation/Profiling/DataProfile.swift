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

  /// - Parameter before: called before every batch with the rows done.
  package init(
    _ reader: RecordsReader, _ settings: Settings, _ pool: ThreadPool,
    before: (_ rows: Int) throws -> Void = { _ in }
  ) throws {
    labels = settings.labels.map { _ in NameCounts() }
    try ChunkPass(reader, pool).run(before: { try before(rows) }) { _, rows in
      try ChunkProfile(rows, settings)
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

/// What one chunk adds to a profile.
private struct ChunkProfile: Sendable {
  var characters: [UInt32] = []
  var tokens: [UInt32] = []
  var trainedTokens = 0
  var untrainedRows = 0
  var text = TextCounts()
  var types = NameCounts()
  var labels: [NameCounts]
  var languageNames = ByteNames()
  var languages: [DataProfile.LanguageSums] = []
  var columnNames = ByteNames()
  var columns: [(rows: Int, kinds: DataProfile.Kinds)] = []
  var repeatedRows = 0
  var contents: [UInt64] = []

  init(_ rows: [StoredRow], _ settings: DataProfile.Settings) throws {
    labels = settings.labels.map { _ in NameCounts() }
    var scratch: [UInt8] = []
    for row in rows {
      var counts = TextCounts()
      var best: (code: String, confidence: Double, bytes: Int)?
      try row.forEachText(&scratch) { text in
        counts.add(text)
        // The language of a row is that of its longest text.
        if let identify = settings.identify, text.count > best?.bytes ?? 0 {
          let found = identify(text)
          best = (found.code, found.confidence, text.count)
        }
      }
      characters.append(UInt32(clamping: counts.characters))
      text.characters += counts.characters
      text.words += counts.words
      var tokens = 0
      if let counter = settings.tokens {
        let found = try counter.count(row)
        tokens = found.all
        self.tokens.append(UInt32(clamping: found.all))
        trainedTokens += found.trained
        if found.trained == 0 { untrainedRows += 1 }
      }
      if row.id.ordinal > 0 { repeatedRows += 1 }
      RowBytes.with(row) { add($0, settings, counts, tokens, best?.code) }
    }
  }

  private mutating func add(
    _ row: RowBytes, _ settings: DataProfile.Settings, _ counts: TextCounts, _ tokens: Int,
    _ code: String?
  ) {
    contents.append(row.hash(row.content))
    // `"type":"…"`
    let rest = row.line[row.content].dropFirst(8)
    types.add(Array(rest.prefix { $0 != UInt8(ascii: "\"") }))
    for (index, column) in settings.labels.enumerated() {
      if let range = row.field(column.bytes), !row.isNull(range) { labels[index].add(row, range) }
    }
    var language = code.map { Array($0.utf8) }
    if let range = row.field(settings.language.bytes), range.count > 2,
      row.line[range.lowerBound] == UInt8(ascii: "\"")
    {
      language = Array(row.line[range.lowerBound + 1..<range.upperBound - 1])
    }
    if let language {
      let index = Int(languageNames.number(language))
      if index == languages.count { languages.append(DataProfile.LanguageSums()) }
      languages[index].rows += 1
      languages[index].text.characters += counts.characters
      languages[index].text.words += counts.words
      languages[index].tokens += tokens
    }
    addColumns(row)
  }

  private mutating func addColumns(_ row: RowBytes) {
    var found: [(key: Range<Int>, kinds: DataProfile.Kinds)] = []
    row.forEachField { key, value in found.append((key, Self.kind(row, value))) }
    for (key, kinds) in found {
      let index = Int(columnNames.number(row, key))
      if index == columns.count { columns.append((0, [])) }
      columns[index].rows += 1
      columns[index].kinds.formUnion(kinds)
    }
  }

  private static func kind(_ row: RowBytes, _ value: Range<Int>) -> DataProfile.Kinds {
    switch row.line[value.lowerBound] {
    case UInt8(ascii: "\""): .text
    case UInt8(ascii: "t"), UInt8(ascii: "f"): .flag
    case UInt8(ascii: "n"): []
    case UInt8(ascii: "{"), UInt8(ascii: "["): .other
    default:
      row.line[value].contains { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "e") }
        ? [.number, .fraction] : .number
    }
  }
}
