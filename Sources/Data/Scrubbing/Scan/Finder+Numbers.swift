internal import CKernels

extension Finder {
  /// A digit: a number, or a code with letters before it.
  mutating func lookAtDigit(_ mark: orc_pii_mark) {
    let start = Int(mark.offset)
    if start > 0, ByteText.isAlphanumeric(text[start - 1]) {
      lookAtCode(mark)
      return
    }
    if text.isWord(before: start) {
      // `user_12`, `Größe12`: part of a name; secrets hold underscores too.
      lookAtToken(mark)
      return
    }
    run.read(text, at: start)
    let isFree = canStart(start)
    if isFree || text[start - 1] == UInt8(ascii: "+") {
      lookAtRun(mark)
    }
    lookAtNumberCode(mark)
    lookAtToken(mark)
    consumed = max(consumed, run.end)
  }

  /// Whether a number may begin at `start`; `#`, `$` and the like make it something else.
  private func canStart(_ start: Int) -> Bool {
    guard text.startsNumber(at: start) else { return false }
    switch text[start - 1] {
    case UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "*"),
      UInt8(ascii: "^"), UInt8(ascii: "~"), UInt8(ascii: "&"), UInt8(ascii: "\\"):
      return false
    case 0xAC: return text[start - 2] != 0x82  // €
    case 0xA3: return text[start - 2] != 0xC2  // £
    case 0xB9: return text[start - 3] != 0xE2  // ₹
    default: return true
    }
  }

  /// Every number that the groups of the run make, from the left.
  private mutating func lookAtRun(_ mark: orc_pii_mark) {
    var context: Context?
    var group = 0
    while group < run.groupCount {
      let gap = run.groups[group].gap
      let mayStart = group == 0 || gap == .space || gap == .wide
      if mayStart, run.groupCount - group > 1 || run.groups[group].size >= 5 || group == 0,
        let next = lookAtGroups(from: group, mark, &context)
      {
        group = next
      } else {
        group += 1
      }
    }
  }

  /// The best number that begins at group `first`; returns the group behind it, or nil.
  private mutating func lookAtGroups(
    from first: Int, _ mark: orc_pii_mark, _ context: inout Context?
  ) -> Int? {
    let firstSize = run.groups[first].size
    if run.groupCount - first > 1 || firstSize <= 2 || firstSize == 8 {
      if let next = lookAtDate(from: first, mark) { return next }
    }
    if run.groupCount - first >= 4, run.groups[first + 1].gap == .dot,
      let next = lookAtIPv4(from: first, mark)
    {
      return next
    }
    var best: Detection?
    var next = first
    var candidate = NumberCandidate()
    candidate.firstGroup = first
    candidate.first = Int(run.groups[first].first)
    candidate.start = Int(run.groups[first].start)
    for group in first..<run.groupCount {
      extend(&candidate, by: group)
      if candidate.count > 24 || run.isCut && group == run.groupCount - 1 { break }
      guard candidate.count >= 6, endsNumber(candidate, group) else { continue }
      let known = context ?? self.context(of: mark, end: run.end)
      context = known
      let detection = number(candidate, known)
      if let detection, best.map({ Self.isBetter(detection, $0) }) ?? true {
        best = detection
        next = group + 1
      }
    }
    guard let best else { return nil }
    found.append(best)
    return next
  }

  private func extend(_ candidate: inout NumberCandidate, by group: Int) {
    let part = run.groups[group]
    candidate.groupCount += 1
    candidate.count += Int(part.size)
    candidate.layout = candidate.layout << 4 | UInt64(min(15, part.size))
    candidate.end = Int(part.end)
    if candidate.groupCount == 2 {
      candidate.gap = part.gap
    } else if candidate.groupCount > 2, candidate.gap != part.gap {
      candidate.gap = .wide
    }
  }

  /// Whether the number may end behind `group`: the next group stands apart, or none follows.
  private func endsNumber(_ candidate: NumberCandidate, _ group: Int) -> Bool {
    if group + 1 < run.groupCount {
      let gap = run.groups[group + 1].gap
      // Three fours before a fourth are the beginning of a longer number.
      let isPart = candidate.layout == 0x444 && run.groups[group + 1].size == 4
      return gap == .wide || gap == .space && !isPart
    }
    if text.endsNumber(at: candidate.end) {
      return !isMeasure(at: candidate.end)
    }
    // `415-555-0123-Office`
    if candidate.groupCount > 1, text[candidate.end] == UInt8(ascii: "-"),
      ByteText.isUpper(text[candidate.end + 1]), text[candidate.end + 2] &- 0x61 < 26
    {
      return true
    }
    // `415-555-0123x12`
    return (text[candidate.end] | 0x20) == UInt8(ascii: "x")
      && ByteText.isDigit(text[candidate.end + 1])
  }

  /// `%`, `°`, `€`: what stands before is a quantity.
  private func isMeasure(at end: Int) -> Bool {
    switch text[end] {
    case UInt8(ascii: "%"), UInt8(ascii: "$"): true
    case 0xC2: text[end + 1] == 0xB0
    case 0xE2: text[end + 1] == 0x82 && text[end + 2] == 0xAC
    default: false
    }
  }

  private static func isBetter(_ a: Detection, _ b: Detection) -> Bool {
    if a.isVerified != b.isVerified { return a.isVerified && a.score >= b.score - 0.1 }
    if a.score != b.score, a.range.count <= b.range.count { return a.score > b.score }
    return a.range.count > b.range.count || a.score > b.score + 0.1
  }

  /// What a number is: card, a numbered scheme, or a telephone.
  private func number(_ candidate: NumberCandidate, _ context: Context) -> Detection? {
    var best = 0.0
    var scheme = -1
    let schemes = rules.numbers[candidate.count]
    let gates = rules.gates[candidate.count]
    withDigits(candidate) { digits in
      for index in gates.indices {
        let score = gates[index].score(candidate, context)
        if score > best, schemes[index].rule.check(digits) {
          best = min(1, score)
          scheme = index
        }
      }
      if digits.count >= 12, digits.count <= 19,
        let score = CreditCard.score(digits, candidate, context), score >= rules.card, score > best
      {
        best = score
        scheme = -2
      }
    }
    if rules.phone <= 1, best < 0.95, let score = phoneScore(candidate, context),
      score >= rules.phone, score > best
    {
      let start = phoneStart(candidate)
      let end = PhoneNumber.extensionEnd(text, from: phoneEnd(candidate))
      return Detection(.phoneNumber, start..<end, score: score)
    }
    let range = candidate.start..<candidate.end
    if scheme == -2 { return Detection(.creditCard, range, score: best, verified: true) }
    guard scheme >= 0 else { return nil }
    return Detection(
      schemes[scheme].rule.entity, range, score: best, verified: schemes[scheme].rule.isChecked)
  }

  func withDigits<R>(_ candidate: NumberCandidate, _ body: (UnsafeBufferPointer<UInt8>) -> R) -> R {
    body(UnsafeBufferPointer(start: run.digits + candidate.first, count: candidate.count))
  }
}
