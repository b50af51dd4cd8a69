internal import CKernels

extension Finder {
  /// A token known by its prefix or form, around the first digit of a run of letters and digits.
  mutating func lookAtToken(_ mark: orc_pii_mark) {
    let digit = Int(mark.offset)
    guard rules.secret <= 1, digit >= secretsDone else { return }
    var start = digit
    while start > secretsDone, digit - start < 64, Self.isTokenPart(text[start - 1]) { start -= 1 }
    var end = digit
    while end < text.count, end - digit < 16, Self.isTokenPart(text[end]) || text[end] == 0x2E {
      end += 1
    }
    guard end - start >= 16, !text.isWord(before: start) else { return }
    // `SG.` and `1//0` hold signs that end other tokens.
    if let tokenEnd = tokenEnd(at: start)
      ?? (text[start - 1] == 0x2E ? tokenEnd(at: start - 3) : nil)
    {
      let first =
        text[start - 1] == 0x2E && tokenEnd != 0 && self.tokenEnd(at: start) == nil
        ? start - 3 : start
      add(.secret, first..<tokenEnd, 0.95, rules.secret)
      secretsDone = tokenEnd
      consumed = max(consumed, tokenEnd)
    }
  }

  private static func isTokenPart(_ byte: UInt8) -> Bool {
    // Bits of the ASCII characters 0-9 and `-`, then of the letters and `_`.
    let set: UInt64 = byte < 64 ? 0x03FF_2000_0000_0000 : 0x07FF_FFFE_87FF_FFFE
    return byte < 128 && set >> UInt64(byte & 63) & 1 == 1
  }

  private func tokenEnd(at start: Int) -> Int? {
    guard start >= 0 else { return nil }
    var start = start
    while text[start] == UInt8(ascii: "-") { start += 1 }
    guard rules.mayBeginToken(text[start]) else { return nil }
    if let end = Secrets.jsonWebTokenEnd(text, at: start) { return end }
    for secret in rules.secrets {
      if let end = secret.rule.end(text, at: start), !ByteText.isAlphanumeric(text[end]) {
        return end
      }
    }
    return nil
  }

  /// A word that announces a password, a token or a user name.
  mutating func lookAtCue(_ mark: orc_pii_mark) {
    let place = Int(mark.cues) - 1
    guard place >= 0, place < cues.count else { return }
    let cue = cues[place]
    let set = rules.sets[Int(cue.entry)]
    let end = Int(cue.end)
    guard end >= secretsDone else { return }
    if !set.isDisjoint(with: [.password, .secret, .bearer]), rules.secret <= 1 {
      lookAtSecret(behind: end, set)
    } else if !set.isDisjoint(with: [.username, .user]), rules.username <= 1 {
      lookAtUserName(behind: end, isWeak: set.isDisjoint(with: .username))
    }
  }

  private mutating func lookAtSecret(behind end: Int, _ set: CueSet) {
    guard let link = SecretLink(text, behind: end),
      let value = SecretValue(text, at: link.end, quote: link.quote),
      !value.isPlaceholder(text)
    else { return }
    let isSecret: Bool
    if set.contains(.password) {
      isSecret = value.isPassword(isAssigned: link.isAssigned, isEquals: link.isEquals)
    } else if set.contains(.bearer) {
      isSecret = value.isToken(text, lengthMin: 12)
    } else {
      isSecret =
        value.isToken(text, lengthMin: link.isAssigned ? 10 : 16)
        || link.isAssigned && value.count >= 24 && value.digits > 0
          && value.digits + value.lowers == value.count
    }
    guard isSecret else { return }
    add(.secret, value.range, link.isAssigned ? 0.9 : 0.7, rules.secret)
    secretsDone = value.range.upperBound
    consumed = max(consumed, value.range.upperBound)
  }

  private mutating func lookAtUserName(behind end: Int, isWeak: Bool) {
    guard let link = SecretLink(text, behind: end),
      isWeak ? link.isEquals : link.isAssigned || text[link.end] == UInt8(ascii: "@")
    else { return }
    var start = link.end
    if text[start] == UInt8(ascii: "@") { start += 1 }
    var index = start
    while index < text.count, index - start < 40,
      ByteText.isAlphanumeric(text[index]) || "._-".utf8.contains(text[index])
    {
      index += 1
    }
    while index > start, !ByteText.isAlphanumeric(text[index - 1]), text[index - 1] != 0x5F {
      index -= 1
    }
    guard index - start >= 3, !text.isWord(at: index), text[index] != UInt8(ascii: "@"),
      text[index] != UInt8(ascii: "/") || text[index + 1] != UInt8(ascii: "/"),
      text[index] != UInt8(ascii: ":") || text[index + 1] != UInt8(ascii: "/"),
      text[index] != UInt8(ascii: "("), Self.isName(text.bytes[start..<index])
    else { return }
    add(.username, link.end..<index, 0.6, rules.username)
  }

  /// A user name, and not `required` or `null`: holds a digit, a sign, or stands for one word.
  private static func isName(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    let none: [StaticString] = [
      "null", "none", "true", "false", "root", "admin", "undefined", "required",
    ]
    return bytes.contains(where: ByteText.isLetter)
      && !none.contains { word in
        word.withUTF8Buffer {
          $0.count == bytes.count && $0.elementsEqual(bytes.lazy.map(ByteText.lower))
        }
      }
  }
}

/// What stands between a word such as `password` and its value.
struct SecretLink {
  /// Where the value begins.
  private(set) var end: Int
  /// The quote before the value; 0 without one.
  private(set) var quote: UInt8 = 0
  /// Whether `:`, `=`, `is` or the like stands there, not just a space.
  private(set) var isAssigned = false
  private(set) var isEquals = false

  /// Words that stand for `=`.
  private static let verbs: [StaticString] = [
    "is", "was", "are", "lautet", "ist", "est", "es", "era", "is:", "é", "è", "är", "er", "to",
    "to:", "set to", "है", "lyder", "jest",
    "è:", "war", "hieß", "nummer",
  ]

  init?(_ text: ByteText, behind start: Int) {
    end = start
    // `DB_PASSWORD_PROD=`, `password2:`
    while end - start < 24, ByteText.isAlphanumeric(text[end]) || text[end] == 0x5F { end += 1 }
    let isLonger = end > start
    if text[end] == 0x22 || text[end] == 0x27 || text[end] == 0x60 || text[end] == 0x5D { end += 1 }
    let wordEnd = end
    skipSpaces(text)
    if text[end] == UInt8(ascii: ":") || text[end] == UInt8(ascii: "=")
      || text[end] == UInt8(ascii: ">")
    {
      isEquals = text[end] != UInt8(ascii: ":")
      isAssigned = true
      while ":=>".utf8.contains(text[end]) { end += 1 }
      if text[end] == 0x0A { end += 1 }
    } else if isLonger {
      return nil
    } else if let verb = Self.verb(text, at: end), end > wordEnd {
      end += verb
      isAssigned = true
    } else if let verb = Self.farVerb(text, from: end), end > wordEnd {
      end = verb
      isAssigned = true
    } else if end == wordEnd {
      return nil
    }
    skipSpaces(text)
    if text[end] == 0x22 || text[end] == 0x27 || text[end] == 0x60 {
      quote = text[end]
      end += 1
    }
    guard end < text.count, text[end] > 0x20 else { return nil }
  }

  private mutating func skipSpaces(_ text: ByteText) {
    while text[end] == 0x20 || text[end] == 0x09 { end += 1 }
  }

  private static func verb(_ text: ByteText, at index: Int) -> Int? {
    for verb in verbs where text.has(verb, at: index) {
      let size = verb.utf8CodeUnitCount
      if text[index + size] == 0x20 { return size }
      if text[index + size] == UInt8(ascii: ":") { return size + 1 }
    }
    return nil
  }

  /// `password for the portal is …`: a verb or colon after at most four words.
  private static func farVerb(_ text: ByteText, from start: Int) -> Int? {
    var index = start
    for _ in 0..<5 {
      // Words in small letters only: anything else may be the value.
      let start = index
      while text[index] &- 0x61 < 26 || text[index] >= 0x80 { index += 1 }
      guard index > start else { return nil }
      if text[index] == UInt8(ascii: ":"), text[index + 1] == 0x20 { return index + 1 }
      guard text[index] == 0x20 else { return nil }
      index += 1
      if let size = verb(text, at: index) { return index + size }
    }
    return nil
  }
}
