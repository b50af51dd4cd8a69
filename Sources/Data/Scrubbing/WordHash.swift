/// Words by hash, so that lists of thousands cost one probe per word of text.
///
/// FNV-1a, 64 bits, over the word with ASCII and Latin-1 letters in lower case. Two of a few
/// thousand listed words collide with a probability below 1e-12.
enum WordHash {
  static func of(_ bytes: some Sequence<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    var lead: UInt8 = 0
    for byte in bytes {
      var folded = ByteText.lower(byte)
      // À…Þ without ×, as UTF-8: C3 80…9E; their lower-case forms are 0x20 above.
      if lead == 0xC3, byte >= 0x80, byte <= 0x9E, byte != 0x97 { folded = byte + 0x20 }
      lead = byte
      hash = (hash ^ UInt64(folded)) &* 0x100_0000_01B3
    }
    return hash
  }

  static func of(_ text: String) -> UInt64 { of(text.utf8) }

  /// The set of the words of a list written with white space between them.
  static func set(_ list: String) -> Set<UInt64> {
    Set(list.split(whereSeparator: \.isWhitespace).map { of($0.utf8) })
  }
}

extension ByteText {
  /// The hash of the word in `range`.
  func hash(_ range: Range<Int>) -> UInt64 { WordHash.of(bytes[range]) }

  /// Whether one of the last `limit` words within 40 bytes before `index` is in `words`.
  func hasCue(before index: Int, in words: Set<UInt64>, limit: Int = 3) -> Bool {
    let floor = max(0, index - 40)
    var end = index
    var seen = 0
    while end > floor, seen < limit {
      while end > floor, !Self.isWord(scalar(at: previous(end)).value) { end = previous(end) }
      var start = end
      while start > 0, isWord(before: start) { start = previous(start) }
      guard start < end else { return false }
      if words.contains(hash(start..<end)) { return true }
      seen += 1
      end = start
    }
    return false
  }
}
