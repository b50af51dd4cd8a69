internal import Records

/// What one chunk adds to a profile.
struct ChunkProfile: Sendable {
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
