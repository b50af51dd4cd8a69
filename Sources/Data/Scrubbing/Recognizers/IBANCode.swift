extension Recognizer {
  /// International bank account numbers: country, its length, mod 97; any layout of groups.
  ///
  /// A number of the right length whose check fails is taken only behind the word IBAN.
  static let ibanCode = Recognizer(
    entity: .ibanCode,
    search: .at(bytes: digits) { text, index in
      let start = index - 2
      guard start >= 0, ByteText.isLetter(text[start]), ByteText.isLetter(text[start + 1]),
        ByteText.isDigit(text[index + 1]), !text.isWord(before: start),
        let length = IBANCode.length(text[start], text[start + 1]),
        let (characters, end) = IBANCode.characters(text, from: start, count: length)
      else { return nil }
      if Checksum.mod97(characters.dropFirst(4) + characters.prefix(4)) == 1 {
        return Detection(.ibanCode, start..<end, score: 1, verified: true)
      }
      return text.hasCue(before: start, in: IBANCode.cues)
        ? Detection(.ibanCode, start..<end, score: 0.5) : nil
    })
}

private enum IBANCode {
  static let cues = WordHash.set("iban")

  /// Length by country, SWIFT IBAN registry.
  static let lengths: [String: Int] = [
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22,
    "BI": 27, "BR": 29, "BY": 28, "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DJ": 27,
    "DK": 18, "DO": 28, "EE": 20, "EG": 29, "ES": 24, "FI": 18, "FK": 18, "FO": 18, "FR": 27,
    "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28, "HN": 28, "HR": 21, "HU": 28,
    "IE": 22, "IL": 23, "IQ": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28,
    "LC": 32, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "LY": 25, "MC": 27, "MD": 24, "ME": 22,
    "MK": 19, "MN": 20, "MR": 27, "MT": 31, "MU": 30, "NI": 28, "NL": 18, "NO": 15, "OM": 23,
    "PK": 24, "PL": 28, "PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22, "RU": 33, "SA": 24,
    "SC": 31, "SD": 18, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "SO": 23, "ST": 25, "SV": 28,
    "TL": 23, "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20, "YE": 30,
  ]

  private static let byPair: [Int] = {
    var table = [Int](repeating: 0, count: 26 * 26)
    for (code, length) in lengths {
      let letters = Array(code.utf8)
      table[Int(letters[0] - 0x41) * 26 + Int(letters[1] - 0x41)] = length
    }
    return table
  }()

  static func length(_ first: UInt8, _ second: UInt8) -> Int? {
    let (a, b) = (Int(first | 0x20) - 0x61, Int(second | 0x20) - 0x61)
    let length = byPair[a * 26 + b]
    return length == 0 ? nil : length
  }

  /// `count` letters and digits from `start` with at most one separator between each two, and where
  /// they end; nil when there are fewer or more.
  static func characters(_ text: ByteText, from start: Int, count: Int) -> ([UInt8], Int)? {
    var characters: [UInt8] = []
    var index = start
    while characters.count < count {
      if !characters.isEmpty, let (kind, length) = text.separator(at: index), kind != .slash {
        index += length
      }
      guard ByteText.isAlphanumeric(text[index]) else { return nil }
      characters.append(text[index])
      index += 1
    }
    return text.isWord(at: index) ? nil : (characters, index)
  }
}
