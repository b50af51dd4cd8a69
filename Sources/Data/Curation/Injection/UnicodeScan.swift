/// Characters that a reader does not see, and letters that look like others (Unicode TR 36, TR 39).
enum UnicodeScan {
  private struct Tally {
    var tags = 0
    var zeroWidth = 0
    var overrides = 0
    var isolates = 0
    var selectors = 0
    var rightToLeft = 0
    var mixedWords = 0
    /// Of the word at hand.
    var latin = 0
    var lookalikes = 0
    var foreign = 0

    mutating func endWord() {
      // A word of both scripts whose foreign letters all look Latin.
      if latin > 0, lookalikes > 0, foreign == 0, latin + lookalikes >= 3 { mixedWords += 1 }
      (latin, lookalikes, foreign) = (0, 0, 0)
    }
  }

  static func findings(_ text: UnsafeBufferPointer<UInt8>) -> [(rule: String, score: Double)] {
    // Most texts are ASCII, which hides nothing.
    guard text.contains(where: { $0 >= 0x80 }) else { return [] }
    let tally = tally(String(decoding: text, as: UTF8.self))
    var hidden = 0.0
    if tally.tags > 0 { hidden = 1 }
    if tally.selectors > 2 { hidden = max(hidden, 0.9) }
    if tally.overrides > 0 { hidden = max(hidden, tally.rightToLeft > 0 ? 0.4 : 0.8) }
    if tally.isolates > 0, tally.rightToLeft == 0 { hidden = max(hidden, 0.5) }
    if tally.zeroWidth > 0 {
      hidden = max(hidden, tally.zeroWidth >= 8 ? 0.8 : tally.zeroWidth >= 3 ? 0.6 : 0.3)
    }
    var findings: [(rule: String, score: Double)] = []
    if hidden > 0 { findings.append(("injection.hidden_unicode", hidden)) }
    if tally.mixedWords > 0 {
      findings.append(("injection.homoglyphs", tally.mixedWords >= 2 ? 0.7 : 0.5))
    }
    return findings
  }

  private static func tally(_ text: String) -> Tally {
    var tally = Tally()
    var previous: UInt32 = 0
    var isFlag = false
    for (index, scalar) in text.unicodeScalars.enumerated() {
      let value = scalar.value
      switch value {
      case 0xE0000...0xE007F:
        // Flags of regions are a black flag and tags.
        if !isFlag { tally.tags += 1 }
        continue
      case 0x1F3F4: isFlag = true
      case 0x200B, 0x2060...0x2064, 0x180E: tally.zeroWidth += 1
      case 0xFEFF: if index > 0 { tally.zeroWidth += 1 }
      case 0x200C, 0x200D, 0xAD: if isLatin(previous), value != 0xAD { tally.zeroWidth += 1 }
      case 0x202A...0x202E: tally.overrides += 1
      case 0x2066...0x2069: tally.isolates += 1
      case 0xE0100...0xE01EF: tally.selectors += 1
      case 0xFE00...0xFE0F: if (0xFE00...0xFE0F).contains(previous) { tally.selectors += 1 }
      case 0x0590...0x08FF, 0xFB1D...0xFDFF, 0xFE70...0xFEFC: tally.rightToLeft += 1
      default: letter(scalar, &tally)
      }
      if value != 0x1F3F4 { isFlag = false }
      previous = value
    }
    tally.endWord()
    return tally
  }

  private static func letter(_ scalar: Unicode.Scalar, _ tally: inout Tally) {
    if isLatin(scalar.value) {
      tally.latin += 1
    } else if lookalikes.contains(scalar) {
      tally.lookalikes += 1
    } else if scalar.properties.isAlphabetic {
      tally.foreign += 1
    } else {
      tally.endWord()
    }
  }

  private static func isLatin(_ value: UInt32) -> Bool {
    (0x61...0x7A).contains(value | 32) || (0xC0...0x24F).contains(value)
  }

  /// Cyrillic, Greek and Armenian letters drawn as Latin ones.
  private static let lookalikes = Set(
    "аеорсухіјѕһԁԛԝАВЕКМНОРСТУХІЈЅοανρτυχιΑΒΕΖΗΙΚΜΝΟΡΤΥΧհոսօց".unicodeScalars)
}
