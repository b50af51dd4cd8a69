internal import CKernels

extension Finder {
  /// A digit behind letters: a code such as `AB123456C`, a bank account, a wallet, a token.
  mutating func lookAtCode(_ mark: orc_pii_mark) {
    let digit = Int(mark.offset)
    var start = digit
    while start > 0, ByteText.isLetter(text[start - 1]), digit - start < 64 { start -= 1 }
    var end = digit
    while end < text.count, ByteText.isAlphanumeric(text[end]), end - digit < 128 { end += 1 }
    let before = found.count
    if !text.isWord(before: start) {
      if digit - start == 2, rules.iban <= 1 { lookAtIBAN(start, mark) }
      if found.count == before, digit - start <= 16 {
        lookAtCodes(from: start, letters: digit - start, mark)
      }
      if end - start >= 26 { add(Wallet.detection(text, start..<end), rules.crypto) }
    }
    if found.count == before { lookAtToken(mark) }
    if found.count == before { lookAtCued(mark) }
    consumed = max(consumed, found.count > before ? found[found.count - 1].range.upperBound : end)
  }

  /// A run of digits that letters stand before or behind: `12345678-Z`, `AB 12 34 56 C`.
  mutating func lookAtNumberCode(_ mark: orc_pii_mark) {
    let start = Int(mark.offset)
    let end = run.end
    var behind = end
    if let (_, length) = text.separator(at: end) { behind += length }
    let before = found.count
    if ByteText.isLetter(text[behind]) || text[end] == UInt8(ascii: "+"),
      text.startsNumber(at: start)
    {
      lookAtCodes(from: start, letters: 0, mark)
      var wordEnd = start
      while wordEnd < text.count, ByteText.isAlphanumeric(text[wordEnd]), wordEnd - start < 128 {
        wordEnd += 1
      }
      if wordEnd - start >= 26 { add(Wallet.detection(text, start..<wordEnd), rules.crypto) }
    }
    if let (_, separatorStart) = text.separator(before: start),
      ByteText.isUpper(text[separatorStart - 1])
    {
      lookBack(from: separatorStart, mark)
    }
    if found.count == before, !isFound(start) { lookAtCued(mark) }
    if found.count > before { consumed = max(consumed, found[found.count - 1].range.upperBound) }
  }

  private func isFound(_ offset: Int) -> Bool {
    guard let last = found.last else { return false }
    return last.range.contains(offset)
  }

  /// Letters before a separator before the digit, and once more: `B-AB 1234`.
  private mutating func lookBack(from end: Int, _ mark: orc_pii_mark) {
    var start = end
    while start > 0, ByteText.isUpper(text[start - 1]), end - start < 7 { start -= 1 }
    guard end - start <= 6, !text.isWord(before: start) else { return }
    let letters = end - start
    lookAtCodes(from: start, letters: letters, mark)
    if text[start - 1] == UInt8(ascii: "-") || text[start - 1] == UInt8(ascii: " ") {
      var first = start - 1
      while first > 0, ByteText.isUpper(text[first - 1]), start - first < 5 { first -= 1 }
      if first < start - 1, !text.isWord(before: first) {
        lookAtCodes(from: first, letters: letters + start - 1 - first, mark)
      }
    }
  }

  /// The best code that begins at `start`.
  private mutating func lookAtCodes(from start: Int, letters: Int, _ mark: orc_pii_mark) {
    let schemes = rules.codes(letters: min(7, letters))
    guard schemes.count > 0, text.startsNumber(at: start), text[start - 1] != UInt8(ascii: "#")
    else {
      return
    }
    var digitEnd = Int(mark.offset)
    let runMax = FinderRules.runs - 1
    while ByteText.isDigit(text[digitEnd]), digitEnd - Int(mark.offset) < runMax { digitEnd += 1 }
    let behind =
      ByteText.isLetter(text[digitEnd]) ? 1 : text.separator(at: digitEnd) == nil ? 0 : 2
    let gates = rules.gates(
      letters: min(7, letters), run: digitEnd - Int(mark.offset), behind: behind)
    guard gates.count > 0 else { return }
    let first = CodeStart(text, at: start)
    var context: Context?
    var best = 0.0
    var chosen = -1
    var bestEnd = start
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 32) { out in
      for gate in gates where gate.admits(first) {
        let index = Int(gate.number)
        guard let (end, count) = schemes[index].rule.end(text, at: start, into: out),
          text.endsNumber(at: end)
        else { continue }
        let known = context ?? self.context(of: mark, start: start, end: end)
        context = known
        let isLower = text.bytes[start..<end].contains { $0 &- 0x61 < 26 }
        let score = schemes[index].rule.score(
          UnsafeBufferPointer(rebasing: out[..<count]), known, isLower: isLower,
          limit: schemes[index].limit)
        if let score, score > best {
          best = score
          chosen = index
          bestEnd = end
        }
      }
    }
    guard chosen >= 0 else { return }
    found.append(
      Detection(
        schemes[chosen].rule.entity, start..<bestEnd, score: best,
        verified: schemes[chosen].rule.isChecked))
  }

  private mutating func lookAtIBAN(_ start: Int, _ mark: orc_pii_mark) {
    guard ByteText.isDigit(text[start + 3]) else { return }
    let context = { (finder: inout Finder) in finder.context(of: mark, start: start).has(.iban) }
    if let detection = IBANCode.detection(text, at: start, isCued: { context(&self) }) {
      add(detection, rules.iban)
    }
  }
}
