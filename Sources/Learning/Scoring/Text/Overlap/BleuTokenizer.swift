/// sacrebleu's tokenizer `13a` (mteval-v13a.pl of WMT): marks apart from words, points and commas
/// apart unless between digits.
enum BleuTokenizer {
  /// The words of a text, as bytes.
  static func words(_ text: String) -> [ArraySlice<UInt8>] {
    var line = Array(Substring(trimmedAtEnd(text)).utf8)
    line = replaced(line, "<skipped>", "")
    line = replaced(line, "-\n", "")
    line = replaced(line, "\n", " ")
    if line.contains(UInt8(ascii: "&")) {
      line = replaced(line, "&quot;", "\"")
      line = replaced(line, "&amp;", "&")
      line = replaced(line, "&lt;", "<")
      line = replaced(line, "&gt;", ">")
    }
    let space = UInt8(ascii: " ")
    line = [space] + line + [space]
    line = marksApart(line)
    line = pointsApart(line)
    return split(line)
  }

  private static func trimmedAtEnd(_ text: String) -> Substring.UnicodeScalarView {
    var scalars = text.unicodeScalars[...]
    while let last = scalars.last, PythonText.isSpace(last) { scalars = scalars.dropLast() }
    return scalars
  }

  private static func replaced(_ text: [UInt8], _ wanted: StaticString, _ by: StaticString)
    -> [UInt8]
  {
    wanted.withUTF8Buffer { wanted in
      guard text.count >= wanted.count else { return text }
      var out: [UInt8] = []
      out.reserveCapacity(text.count)
      var index = 0
      while index < text.count {
        if text[index] == wanted[0], index + wanted.count <= text.count,
          text[index..<index + wanted.count].elementsEqual(wanted)
        {
          by.withUTF8Buffer { out.append(contentsOf: $0) }
          index += wanted.count
        } else {
          out.append(text[index])
          index += 1
        }
      }
      return out
    }
  }

  /// Spaces around ASCII marks but for `'`, `,`, `-` and `.`
  private static func marksApart(_ text: [UInt8]) -> [UInt8] {
    let space = UInt8(ascii: " ")
    var out: [UInt8] = []
    out.reserveCapacity(text.count * 2)
    for byte in text {
      switch byte {
      case 0x7B...0x7E, 0x5B...0x60, 0x21...0x26, 0x28...0x2B, 0x3A...0x40, 0x2F:
        out += [space, byte, space]
      default: out.append(byte)
      }
    }
    return out
  }

  /// Three passes, each from left to right over pairs that do not overlap: a point or comma after
  /// no digit, one before no digit, a dash after a digit.
  private static func pointsApart(_ text: [UInt8]) -> [UInt8] {
    let space = UInt8(ascii: " ")
    let first = pairs(text) { a, b in !isDigit(a) && isPoint(b) ? [a, space, b, space] : nil }
    let second = pairs(first) { a, b in isPoint(a) && !isDigit(b) ? [space, a, space, b] : nil }
    return pairs(second) { a, b in
      isDigit(a) && b == UInt8(ascii: "-") ? [a, space, b, space] : nil
    }
  }

  private static func pairs(_ text: [UInt8], _ replace: (UInt8, UInt8) -> [UInt8]?) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(text.count + text.count / 4)
    var index = 0
    while index < text.count {
      if index + 1 < text.count, let new = replace(text[index], text[index + 1]) {
        out += new
        index += 2
      } else {
        out.append(text[index])
        index += 1
      }
    }
    return out
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
  private static func isPoint(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ".") || byte == UInt8(ascii: ",")
  }

  /// Between white space of any script.
  private static func split(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    var words: [ArraySlice<UInt8>] = []
    var start = 0
    var index = 0
    while index < bytes.count {
      let length = spaceLength(bytes, index)
      if length == 0 {
        index += 1
        continue
      }
      if index > start { words.append(bytes[start..<index]) }
      index += length
      start = index
    }
    if index > start { words.append(bytes[start..<index]) }
    return words
  }

  /// Bytes of the white space that begins here; 0: none does.
  private static func spaceLength(_ bytes: [UInt8], _ index: Int) -> Int {
    let byte = bytes[index]
    if byte < 0x80 { return PythonText.isSpace(Unicode.Scalar(byte)) ? 1 : 0 }
    // U+0085 and U+00A0, then U+1680, U+2000 to U+205F and U+3000.
    if byte == 0xC2, index + 1 < bytes.count {
      return bytes[index + 1] == 0x85 || bytes[index + 1] == 0xA0 ? 2 : 0
    }
    guard byte == 0xE1 || byte == 0xE2 || byte == 0xE3, index + 2 < bytes.count else { return 0 }
    let value =
      UInt32(byte & 0x0F) << 12 | UInt32(bytes[index + 1] & 0x3F) << 6
      | UInt32(bytes[index + 2] & 0x3F)
    return Unicode.Scalar(value).map(PythonText.isSpace) == true ? 3 : 0
  }
}
