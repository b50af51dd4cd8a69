internal import Documents
package import Records

/// What a row asks and what it answers, as label noise is looked for.
package struct LabeledRow: Sendable {
  /// Digests of the normalised input and of the normalised output.
  package var input: Digest128
  package var output: UInt64
  /// The output itself where it is short enough to be a label.
  package var label: String?

  /// A longer output is no label.
  package static let labelCharactersMax = 60

  /// Nil for rows without an output: token rows, texts without the label column.
  ///
  /// - Parameters:
  ///   - labelField: the column that holds the output; nil for the answer.
  ///   - isExact: whether inputs are compared byte by byte instead of normalised: lower case, white
  ///     space collapsed, none at the ends.
  package init?(_ row: Row, labelField: String?, isExact: Bool) {
    let output: String
    if let labelField {
      switch row.field(labelField) {
      case .string(let text): output = text
      case .integer(let number): output = String(number)
      case .bool(let flag): output = flag ? "true" : "false"
      case .number(let number): output = String(number)
      default: return nil
      }
    } else {
      let answers = TextChoice.assistant.texts(of: row)
      if case .text = row.content { return nil }
      guard let last = answers.last else { return nil }
      output = last
    }
    // With a label column the whole text is the input.
    let asked: [String]
    if labelField != nil {
      asked = row.content.texts
    } else if case .conversation(let turns, _) = row.content {
      // Everything before the last answer.
      let end = turns.lastIndex { $0.role == .assistant } ?? turns.count
      asked = turns[..<end].flatMap { [$0.role.rawValue, $0.content] }
    } else {
      asked = TextChoice.prompt.texts(of: row)
    }
    if asked.isEmpty { return nil }
    let parts = isExact ? asked : asked.map { Self.normalised($0.lowercased()) }
    let digest = RowIdentity.hash(.text(parts.joined(separator: "\u{0}")), [])
    input = Digest128(hexadecimal: digest)
    let trimmed = Self.normalised(output)
    self.output =
      Digest128(
        hexadecimal: RowIdentity.hash(.text(trimmed), [])
      ).high
    label = output.count <= Self.labelCharactersMax ? output : nil
  }

  /// Whether two texts are one when ``normalised(_:)``; most that are not say so in their first word.
  package static func areSame(_ a: String, _ b: String) -> Bool {
    var (a, b) = (a, b)
    let known = a.withUTF8 { a in b.withUTF8 { b in areSame(a, b) } }
    return known ?? (normalised(a) == normalised(b))
  }

  /// The same by bytes; nil as soon as one text has a character that more than one scalar may make.
  private static func areSame(
    _ a: UnsafeBufferPointer<UInt8>, _ b: UnsafeBufferPointer<UInt8>
  ) -> Bool? {
    var (left, right) = (PlainWords(a), PlainWords(b))
    while true {
      guard let x = left.next(), let y = right.next() else { return nil }
      if x != y { return false }
      if x == PlainWords.end { return true }
    }
  }

  /// The bytes of a normalised text.
  private struct PlainWords {
    static let end: UInt8 = 0xFF
    private let text: UnsafeBufferPointer<UInt8>
    private var at = 0

    init(_ text: UnsafeBufferPointer<UInt8>) {
      self.text = text
      skipSpace()
    }

    /// ``end`` behind the last one; nil at or before a byte outside ASCII.
    mutating func next() -> UInt8? {
      guard at < text.count else { return Self.end }
      let byte = text[at]
      at += 1
      guard byte < 0x80, at == text.count || text[at] < 0x80 else { return nil }
      guard PlainText.isSpace(byte) else { return byte }
      skipSpace()
      if at < text.count, text[at] >= 0x80 { return nil }
      return at == text.count ? Self.end : UInt8(ascii: " ")
    }

    private mutating func skipSpace() {
      while at < text.count, PlainText.isSpace(text[at]) { at += 1 }
    }
  }

  /// White space collapsed, none at the ends.
  package static func normalised(_ text: String) -> String {
    var text = text
    return text.withUTF8 { collapsed($0) } ?? normalisedByCharacters(text)
  }

  /// The same for any text: the definition.
  package static func normalisedByCharacters(_ text: String) -> String {
    text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  /// The same for ASCII, of which every byte that is white space is so as a character; nil for any
  /// other text.
  private static func collapsed(_ text: UnsafeBufferPointer<UInt8>) -> String? {
    guard text.reduce(0, |) < 0x80 else { return nil }
    return String(unsafeUninitializedCapacity: text.count) { out in
      var count = 0
      var isDue = false
      for byte in text {
        if PlainText.isSpace(byte) {
          isDue = count > 0
          continue
        }
        if isDue {
          out[count] = UInt8(ascii: " ")
          count += 1
          isDue = false
        }
        out[count] = byte
        count += 1
      }
      return count
    }
  }
}
