/// A chunk's profile as bytes: a mark, then lists of numbers, each with its length before it,
/// little-endian; names are one list of lengths and one of bytes.
extension ChunkProfile {
  private static let mark = Array("ORCPRF01".utf8)

  var bytes: [UInt8] {
    var out = PackedWriter(Self.mark)
    out.append(characters)
    out.append(tokens)
    out.append(
      [trainedTokens, untrainedRows, text.characters, text.words, repeatedRows, labels.count])
    out.append(contents)
    for counts in [types] + labels {
      out.append(counts.names.names)
      out.append(counts.counts)
    }
    out.append(languageNames.names)
    out.append(languages.flatMap { [$0.rows, $0.text.characters, $0.text.words, $0.tokens] })
    out.append(columnNames.names)
    out.append(columns.map(\.rows))
    out.append(columns.map(\.kinds.rawValue))
    return out.bytes
  }

  /// Nil when `bytes` are no profile for these settings.
  init?(_ bytes: [UInt8], _ settings: DataProfile.Settings) {
    guard var reader = PackedReader(bytes, Self.mark),
      let characters = reader.list(UInt32.self), let tokens = reader.list(UInt32.self),
      let sums = reader.list(Int.self), sums.count == 6, sums[5] == settings.labels.count,
      let contents = reader.list(UInt64.self), let types = reader.counts()
    else { return nil }
    var labels: [NameCounts] = []
    for _ in settings.labels {
      guard let counts = reader.counts() else { return nil }
      labels.append(counts)
    }
    guard let languageNames = reader.names(), let languages = reader.list(Int.self),
      languages.count == 4 * languageNames.count, let columnNames = reader.names(),
      let columnRows = reader.list(Int.self), columnRows.count == columnNames.count,
      let kinds = reader.list(UInt8.self), kinds.count == columnNames.count, reader.isAtEnd,
      tokens.count == (settings.tokens == nil ? 0 : characters.count),
      contents.count == characters.count
    else { return nil }
    self.characters = characters
    self.tokens = tokens
    (trainedTokens, untrainedRows, repeatedRows) = (sums[0], sums[1], sums[4])
    text = TextCounts(characters: sums[2], words: sums[3])
    self.contents = contents
    self.types = types
    self.labels = labels
    for name in languageNames { _ = self.languageNames.number(name) }
    for at in stride(from: 0, to: languages.count, by: 4) {
      var sums = DataProfile.LanguageSums()
      sums.rows = languages[at]
      sums.text = TextCounts(characters: languages[at + 1], words: languages[at + 2])
      sums.tokens = languages[at + 3]
      self.languages.append(sums)
    }
    for name in columnNames { _ = self.columnNames.number(name) }
    columns = zip(columnRows, kinds).map { ($0, DataProfile.Kinds(rawValue: $1)) }
  }
}

extension PackedReader {
  fileprivate mutating func counts() -> NameCounts? {
    guard let names = names(), let numbers = list(Int.self), numbers.count == names.count else {
      return nil
    }
    var counts = NameCounts()
    for (name, number) in zip(names, numbers) { counts.add(name, number) }
    return counts
  }
}
