/// International bank account numbers: country, its length, mod 97; any layout of groups.
///
/// A number of the right length whose check fails is taken only behind the word IBAN.
enum IBANCode {
  /// - Parameters:
  ///   - start: the first letter of the country; a digit stands two places on.
  ///   - isCued: whether the word IBAN stands before; asked when the check fails.
  static func detection(_ text: ByteText, at start: Int, isCued: () -> Bool) -> Detection? {
    guard let length = length(text[start], text[start + 1]) else { return nil }
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 40) { out in
      guard let end = characters(text, from: start, count: length, into: out) else { return nil }
      let value = out[..<length]
      if Checksum.mod97(value.dropFirst(4), value.prefix(4)) == 1 {
        return Detection(.ibanCode, start..<end, score: 1, verified: true)
      }
      return isCued() ? Detection(.ibanCode, start..<end, score: 0.5) : nil
    }
  }

  /// Length by country, SWIFT IBAN registry.
  private static let lengths: [String: Int] = [
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

  private static func length(_ first: UInt8, _ second: UInt8) -> Int? {
    let (a, b) = (Int(first | 0x20) - 0x61, Int(second | 0x20) - 0x61)
    let length = byPair[a * 26 + b]
    return length == 0 ? nil : length
  }

  /// Writes `count` letters and digits from `start`, with at most one separator between each two, and
  /// returns where they end; nil when there are fewer or more.
  private static func characters(
    _ text: ByteText, from start: Int, count: Int, into out: UnsafeMutableBufferPointer<UInt8>
  ) -> Int? {
    var index = start
    for place in 0..<count {
      if place > 0, let (kind, length) = text.separator(at: index), kind != .slash {
        index += length
      }
      guard ByteText.isAlphanumeric(text[index]),
        place > 3 || place < 2 || ByteText.isDigit(text[index])
      else { return nil }
      out[place] = text[index]
      index += 1
    }
    return text.isWord(at: index) ? nil : index
  }
}
