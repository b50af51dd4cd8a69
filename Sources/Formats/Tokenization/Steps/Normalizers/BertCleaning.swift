internal import Documents

/// BERT's text cleaning (`BertNormalizer`).
struct BertCleaning: Sendable {
  let cleansText: Bool
  let separatesChinese: Bool
  let stripsAccents: Bool
  let lowercases: Bool

  init(_ part: TokenizerPart) throws {
    cleansText = try part.flag("clean_text", default: true)
    separatesChinese = try part.flag("handle_chinese_chars", default: true)
    lowercases = try part.flag("lowercase", default: true)
    stripsAccents = try part.flag("strip_accents", default: lowercases)
  }

  func apply(_ text: Bytes) -> [UInt8] {
    var out = spaced(text)
    if stripsAccents, !out.allSatisfy({ $0 < 0x80 }) {
      let decomposed = out.withUnsafeBufferPointer(Normalizer.decomposed)
      out = decomposed.withUnsafeBufferPointer { Normalizer.filtered($0) { !Self.isAccent($0) } }
    }
    return lowercases ? out.withUnsafeBufferPointer(Normalizer.lowercased) : out
  }

  /// Control characters go, white space becomes blanks, blanks are put around Chinese characters.
  private func spaced(_ text: Bytes) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(text.count + 16)
    var index = 0
    while index < text.count {
      let (scalar, length) = text.scalar(at: index)
      defer { index += length }
      let isBreak = scalar == 0x09 || scalar == 0x0A || scalar == 0x0D
      if cleansText {
        if scalar == 0 || scalar == 0xFFFD || !isBreak && Self.isControl(scalar) { continue }
        if isBreak || ScalarCategories.isWhitespace(scalar) {
          out.append(0x20)
          continue
        }
      }
      let isChinese = separatesChinese && Self.isChinese(scalar)
      if isChinese { out.append(0x20) }
      out.append(contentsOf: text.slice(index, index + length))
      if isChinese { out.append(0x20) }
    }
    return out
  }

  /// Nonspacing marks as of Unicode 8, whose table `tokenizers` uses.
  private static func isAccent(_ scalar: UInt32) -> Bool {
    if scalar < 0x300 { return false }
    // Categories that changed since.
    if scalar == 0x1734 { return true }
    if [0x1885, 0x1886, 0xA9BD, 0x111C9, 0x1171E].contains(scalar) { return false }
    let mask = ScalarCategories.mask(.nonspacingMark)
    return mask >> UInt32(ScalarCategories.index(of: scalar)) & 1 == 1
      && !ScalarCategories.isYounger(scalar, than: 8)
  }

  /// Control, format and private-use characters as of Unicode 8. Unassigned ones stay.
  static func isControl(_ scalar: UInt32) -> Bool {
    let mask = ScalarCategories.mask(.control, .format, .privateUse, .surrogate)
    return mask >> UInt32(ScalarCategories.index(of: scalar)) & 1 == 1
      && !ScalarCategories.isYounger(scalar, than: 8)
  }

  /// The blocks of CJK ideographs as BERT lists them (U+2B920 is its own slip for U+2B820).
  static func isChinese(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B73F,
      0x2B740...0x2B81F, 0x2B920...0x2CEAF, 0xF900...0xFAFF, 0x2F800...0x2FA1F:
      true
    default: false
    }
  }
}
