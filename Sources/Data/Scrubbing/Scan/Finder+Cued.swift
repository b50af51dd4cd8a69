internal import CKernels

/// Values that only the word before makes what they are: `passport SP3H0F4C2`, `MRN 123-4567`.
enum CuedValue {
  /// What each cue makes of a value, the first that fits.
  static let kinds: [(cue: CueSet, entity: Entity)] = [
    (.passport, .passport), (.medical, .medicalID), (.healthInsurance, .medicalID),
    (.plate, .vehiclePlate),
    (
      [
        .identity, .socialSecurity, .itin, .tax, .driving, .voter, .aadhaar, .pan, .socialInsurance,
        .pension, .nino, .nhs,
      ], .nationalID
    ),
  ]

  static let entities: [Entity] = [.passport, .medicalID, .vehiclePlate, .nationalID]
}

extension Finder {
  /// A value of letters and digits directly behind a cue of documents.
  mutating func lookAtCued(_ mark: orc_pii_mark) {
    // The letters of the value itself count as a word; only a column may say it from further away.
    let isFar = mark.cues == 0 || mark.word &- cues[Int(mark.cues) - 1].word > 4
    if isFar, columnCues(at: Int(mark.offset)).isEmpty { return }
    let (start, end) = token(around: Int(mark.offset))
    guard end - start >= 4, end - start <= 30 else { return }
    let context = context(of: mark, start: start)
    guard context.distance <= 3,
      let kind = CuedValue.kinds.first(where: { !$0.cue.isDisjoint(with: context.nearest) }),
      isValue(start, end, mark, isShort: kind.entity == .vehiclePlate)
    else { return }
    add(kind.entity, start..<end, context.distance <= 1 ? 0.55 : 0.45, rules.limit(kind.entity))
  }

  /// Letters and digits around `offset` with single hyphens, dots and slashes inside, and further
  /// groups of digits or one letter behind single spaces.
  private func token(around offset: Int) -> (start: Int, end: Int) {
    let isPart = { (byte: UInt8) in ByteText.isAlphanumeric(byte) }
    let isJoint = { (byte: UInt8) in byte == 0x2D || byte == 0x2E || byte == 0x2F }
    var start = offset
    while offset - start < 32 {
      if isPart(text[start - 1]) {
        start -= 1
      } else if isJoint(text[start - 1]), isPart(text[start - 2]) {
        start -= 2
      } else {
        break
      }
    }
    var end = offset
    while end - offset < 32 {
      if isPart(text[end]) {
        end += 1
      } else if isJoint(text[end]), isPart(text[end + 1]) {
        end += 2
      } else if let (kind, length) = text.separator(at: end), kind == .space || kind == .dash,
        let next = groupEnd(end + length)
      {
        end = next
      } else {
        break
      }
    }
    return (start, end)
  }

  /// The end of two or more digits, or of one capital, that stand alone.
  private func groupEnd(_ start: Int) -> Int? {
    var index = start
    while ByteText.isDigit(text[index]) { index += 1 }
    if index - start >= 2, !text.isWord(at: index) { return index }
    return ByteText.isUpper(text[start]) && !text.isWord(at: start + 1) && start < text.count - 1
      ? start + 1 : nil
  }

  private func isValue(_ start: Int, _ end: Int, _ mark: orc_pii_mark, isShort: Bool) -> Bool {
    guard !text.isWord(before: start), !text.isWord(at: end), text[start - 1] != UInt8(ascii: "#"),
      text[end] != UInt8(ascii: "%"),
      text[end] != UInt8(ascii: ":") || !ByteText.isDigit(text[end + 1])
    else { return false }
    var (digits, lowers, uppers, dots) = (0, 0, 0, 0)
    for byte in text.bytes[start..<end] {
      if ByteText.isDigit(byte) { digits += 1 }
      if byte &- 0x61 < 26 { lowers += 1 }
      if ByteText.isUpper(byte) { uppers += 1 }
      if byte == 0x2E { dots += 1 }
    }
    guard digits >= 2, digits + uppers + lowers >= 5, digits + uppers + lowers <= 22,
      lowers == 0 || lowers < digits && uppers == 0
    else { return false }
    guard isShort || digits >= 4 || digits >= 3 && uppers >= 2 else { return false }
    // `1.2.3`, `12.50`, a date, or the number of a case.
    if dots > 0, digits < 7 { return false }
    return !isDateLike(start, end) && !isLabelled(start, mark)
  }

  private func isDateLike(_ start: Int, _ end: Int) -> Bool {
    guard end - start == 10 || end - start == 8 else { return false }
    let signs = text.bytes[start..<end].filter { !ByteText.isDigit($0) }
    guard signs.count == 2, signs[0] == signs[1] else { return false }
    return true
  }

  /// Whether the token begins with a word of things: `CASE-2376075`, `INC123`.
  private func isLabelled(_ start: Int, _ mark: orc_pii_mark) -> Bool {
    var index = Int(mark.cues) - 1
    while index >= 0, Int(cues[index].start) >= start {
      if rules.sets[Int(cues[index].entry)].contains(.impersonal) { return true }
      index -= 1
    }
    return false
  }
}
