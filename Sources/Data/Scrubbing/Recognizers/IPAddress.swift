/// IPv4 and IPv6 addresses. Versions look like IPv4 addresses, so the word before decides.
enum IPAddress {
  /// Eight groups of hexadecimal digits, or fewer around one `::`; found from its first colon.
  static func version6(_ text: ByteText, colon: Int) -> Detection? {
    var start = colon
    while start > 0, colon - start < 5, ByteText.isHex(text[start - 1]) { start -= 1 }
    guard text[start - 1] != UInt8(ascii: ":"), !text.isWord(before: start),
      let end = ipv6End(text, from: start)
    else { return nil }
    return Detection(.ipAddress, start..<end, score: 0.9)
  }

  private static let versionCues = WordHash.set(
    """
    version versions versie v ver vers build release rel tag image firmware fw driver kernel app
    update upgrade patch section sec clause chapter paragraph rev revision sdk api
    """)
  private static let towards = WordHash.set("to from auf zu von naar van vers de")
  private static let changes = WordHash.set(
    "upgrade upgraded upgrading update updated updating downgrade downgraded bump bumped")
  private static let addressCues = WordHash.set(
    "ip ipv4 addr address host hostname server src dst source client from gateway dns peer remote")

  /// The end of four dotted numbers without needless zeros.
  static func dottedEnd(_ text: ByteText, from start: Int) -> Int? {
    var index = start
    for group in 0..<4 {
      if group > 0 {
        guard text[index] == UInt8(ascii: ".") else { return nil }
        index += 1
      }
      let groupStart = index
      var value = 0
      while ByteText.isDigit(text[index]), index - groupStart < 4 {
        value = value * 10 + Int(text[index] - 0x30)
        index += 1
      }
      let size = index - groupStart
      guard (1...3).contains(size), value <= 255, size == 1 || text[groupStart] != 0x30 else {
        return nil
      }
    }
    return ByteText.isDigit(text[index]) ? nil : index
  }

  /// Whether what stands before makes the four numbers a version: `version 1.2.3.4`, `v1.2.3.4`,
  /// `registry/app:1.2.3.4`, `name-1.2.3.4`, `pkg==1.2.3.4`, `pkg@1.2.3.4`.
  static func isVersion(_ text: ByteText, before start: Int) -> Bool {
    let before = text[start - 1]
    // `ssh admin@91.191.149.195`
    if before == UInt8(ascii: "@") {
      return ByteText.isAlphanumeric(text[start - 2]) && isSmall(text, from: start)
    }
    if before == UInt8(ascii: ":"), text.isWord(before: start - 1) {
      return !text.hasCue(before: start, in: addressCues, limit: 1)
    }
    if before == UInt8(ascii: "=") {
      return text[start - 2] == UInt8(ascii: "=") || namesVersion(text, endingAt: start - 1)
    }
    return text.hasCue(before: start, in: versionCues, limit: 1)
      || text.hasCue(before: start, in: towards, limit: 1)
        && text.hasCue(before: start, in: changes, limit: 2)
  }

  /// Whether four dotted numbers are as small as those of versions are. One in a thousand addresses
  /// drawn evenly is so; those of private networks (`10.…`) do not count.
  static func isSmall(_ text: ByteText, from start: Int) -> Bool {
    var index = start
    for group in 0..<4 {
      if group > 0 { index += 1 }
      var value = 0
      while ByteText.isDigit(text[index]) {
        value = value * 10 + Int(text[index] - 0x30)
        index += 1
      }
      if group == 0 ? value > 20 || value == 10 : value > 63 { return false }
    }
    return true
  }

  /// Whether small numbers stand where one version follows another: `upgraded from 1.2.3.4 to 1.2.4.0`.
  static func isChange(_ text: ByteText, before start: Int) -> Bool {
    text.hasCue(before: start, in: changes, limit: 7)
  }

  /// Whether a port or the length of a network's prefix stands behind: `1.2.3.4:8080`, `1.2.3.0/24`.
  static func hasPort(_ text: ByteText, at end: Int) -> Bool {
    (text[end] == UInt8(ascii: ":") || text[end] == UInt8(ascii: "/"))
      && ByteText.isDigit(text[end + 1])
  }

  /// Whether the identifier before `end` is a version's: `IMAGE_TAG`, `version`.
  private static func namesVersion(_ text: ByteText, endingAt end: Int) -> Bool {
    var start = end
    while start > 0, ByteText.isAlphanumeric(text[start - 1]) { start -= 1 }
    return versionCues.contains(text.hash(start..<end))
  }

  private static func ipv6End(_ text: ByteText, from start: Int) -> Int? {
    var index = start
    var groups = 0
    var compressed = false
    var hasDigit = false
    var end = start
    while groups < 8 {
      let groupStart = index
      while ByteText.isHex(text[index]), index - groupStart < 5 {
        if ByteText.isDigit(text[index]) { hasDigit = true }
        index += 1
      }
      let size = index - groupStart
      if size > 4 { return nil }
      if size > 0, text[index] == UInt8(ascii: "."), groups >= 1,
        let dotted = dottedEnd(text, from: groupStart)
      {
        groups += 2
        end = dotted
        break
      }
      if size > 0 {
        groups += 1
        end = index
      }
      guard text[index] == UInt8(ascii: ":") else { break }
      if text[index + 1] == UInt8(ascii: ":") {
        if compressed { return nil }
        compressed = true
        index += 2
        end = index
      } else {
        guard size > 0, ByteText.isHex(text[index + 1]) else { break }
        index += 1
      }
    }
    guard !text.isWord(at: end), text[end] != UInt8(ascii: ":") || text[end + 1] == 0x20,
      compressed ? groups < 8 && groups > 0 && hasDigit : groups == 8
    else { return nil }
    return end
  }
}
