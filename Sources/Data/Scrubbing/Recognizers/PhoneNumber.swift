extension Recognizer {
  /// Telephone numbers: international with `+` or `00`; North American; with a trunk zero; Indian
  /// mobiles; anything of 7…12 digits behind a word such as `tel`.
  static let phoneNumber = Recognizer(
    entity: .phoneNumber,
    search: .at(bytes: digits + Array("+(".utf8)) { text, start in
      guard text.startsNumber(at: start), text[start - 1] != UInt8(ascii: "+"),
        !PhoneNumber.notBefore.contains(text[start - 1])
      else { return nil }
      let number = PhoneNumber(text, at: start)
      let isCued = text.hasCue(before: start, in: PhoneNumber.cues)
      for count in stride(from: number.sizes.count, to: 0, by: -1) {
        let end = number.ends[count - 1]
        guard text.endsNumber(at: end), let score = number.score(groups: count, isCued: isCued)
        else { continue }
        return Detection(
          .phoneNumber, start..<PhoneNumber.extensionEnd(text, from: end), score: score)
      }
      return nil
    })
}

/// The digits of what may be a telephone number.
private struct PhoneNumber {
  static let cues = WordHash.set(
    """
    tel telephone phone phones telefon telefoon telefonisch téléphone téléphoner tél mobile mobil
    mob cell cellphone handy fax call calling callback whatsapp nummer rufnummer numéro numero num
    number reach ring dial sms text portable gsm contact phone_number
    """)
  static let notBefore = Array("#$%=*".utf8) + [0xAC, 0xA3]

  var hasPlus = false
  var digits: [UInt8] = []
  /// Digits per group, and whether the group stands in parentheses.
  var sizes: [Int] = []
  var parenthesised: [Bool] = []
  var ends: [Int] = []

  init(_ text: ByteText, at start: Int) {
    var index = start
    if text[index] == UInt8(ascii: "+") {
      hasPlus = true
      index += 1
    }
    while digits.count <= 16, sizes.count < 8 {
      let isOpen = text[index] == UInt8(ascii: "(")
      var cursor = isOpen ? index + 1 : index
      let groupStart = cursor
      while ByteText.isDigit(text[cursor]), cursor - groupStart < 17 { cursor += 1 }
      let size = cursor - groupStart
      guard size > 0, !isOpen || text[cursor] == UInt8(ascii: ")") else { return }
      for place in groupStart..<cursor { digits.append(text[place] - 0x30) }
      if isOpen { cursor += 1 }
      sizes.append(size)
      parenthesised.append(isOpen)
      ends.append(cursor)
      if let (_, length) = text.separator(at: cursor) { cursor += length }
      guard ByteText.isDigit(text[cursor]) || text[cursor] == UInt8(ascii: "(") else { return }
      index = cursor
    }
  }

  /// The score of the first `count` groups as a number, or nil when they are none.
  func score(groups count: Int, isCued: Bool) -> Double? {
    let sizes = Array(sizes.prefix(count))
    let total = sizes.reduce(0, +)
    let digits = Array(digits.prefix(total))
    if hasPlus { return Self.isInternational(digits) ? 0.75 : nil }
    guard let first = digits.first, sizes != [3, 2, 4] else { return nil }
    if first == 0, total > 2, digits[1] == 0 {
      return Self.isInternational(Array(digits.dropFirst(2))) && sizes[0] != 1 ? 0.6 : nil
    }
    if let score = northAmerican(sizes, digits) { return max(score, isCued ? 0.7 : 0) }
    if first == 0 {
      let isGrouped = count > 1 && sizes[0] >= 2 && sizes.dropFirst().allSatisfy { $0 >= 2 }
      if isGrouped, (9...12).contains(total) { return 0.6 }
      if count == 1, (10...11).contains(total) { return isCued ? 0.7 : 0.45 }
    }
    if total == 10, first >= 6, sizes == [5, 5] || sizes == [10] || sizes == [4, 3, 3] {
      return isCued ? 0.7 : 0.45
    }
    return isCued && (7...12).contains(total) && sizes.allSatisfy { $0 >= 2 } ? 0.5 : nil
  }

  /// NXX-NXX-XXXX with N = 2…9, with or without a leading 1.
  private func northAmerican(_ sizes: [Int], _ digits: [UInt8]) -> Double? {
    var (sizes, digits) = (sizes, digits[...])
    if digits.count == 11, digits[0] == 1 {
      digits = digits.dropFirst()
      if sizes[0] == 1 { sizes.removeFirst() } else { sizes[0] -= 1 }
    }
    guard digits.count == 10, digits[digits.startIndex] >= 2, digits[digits.startIndex + 3] >= 2
    else { return nil }
    if sizes == [10] { return 0.45 }
    return sizes == [3, 3, 4] || sizes == [3, 7] || sizes == [6, 4] ? 0.6 : nil
  }

  /// E.164: a country code and at most 15 digits; exact lengths where the plan is closed.
  static func isInternational(_ digits: [UInt8]) -> Bool {
    guard (8...16).contains(digits.count), digits[0] != 0 else { return false }
    let code = Int(digits[0]) * 10 + Int(digits[1])
    // A trunk zero in parentheses, `+49 (0)30`, is one digit more.
    if digits[0] == 1 { return digits.count == 11 }
    switch code {
    case 31, 33, 34: return (11...12).contains(digits.count)
    case 44, 91: return (11...13).contains(digits.count)
    case 49: return (9...14).contains(digits.count)
    default: return digits.count <= 15
    }
  }

  /// Behind ` ext. 452`, ` x452`, ` Durchwahl 12`; `end` itself when there is none.
  static func extensionEnd(_ text: ByteText, from end: Int) -> Int {
    var index = end
    if text[index] == UInt8(ascii: ",") { index += 1 }
    while text.separator(at: index)?.kind == .space { index += 1 }
    let words: [StaticString] = ["extension", "ext.", "ext", "durchwahl", "poste", "x"]
    guard let word = words.first(where: { text.has($0, at: index) }) else { return end }
    index += word.utf8CodeUnitCount
    while text[index] == UInt8(ascii: " ") || text[index] == UInt8(ascii: ":") { index += 1 }
    let start = index
    while ByteText.isDigit(text[index]) { index += 1 }
    return (1...6).contains(index - start) && !text.isWord(at: index) ? index : end
  }
}
