extension Finder {
  /// Where the number begins with its `+` or parenthesis.
  func phoneStart(_ candidate: NumberCandidate) -> Int {
    var start = candidate.start
    // `(415) 555-0123`, but not `(9573589469)`.
    let group = run.groups[candidate.firstGroup]
    if group.isOpened, group.isClosed, candidate.groupCount > 1 { start -= 1 }
    if text[start - 1] == UInt8(ascii: "+") { start -= 1 }
    if text[start - 1] == UInt8(ascii: "("), group.isClosed, candidate.groupCount > 1 {
      start -= 1
    }
    return start
  }

  /// Where it ends, with a closing parenthesis that belongs to it.
  func phoneEnd(_ candidate: NumberCandidate) -> Int {
    let last = run.groups[candidate.firstGroup + candidate.groupCount - 1]
    return last.isOpened && last.isClosed && candidate.groupCount > 1
      ? candidate.end + 1 : candidate.end
  }

  /// The score of a candidate as a telephone number, or nil when it is none.
  func phoneScore(_ candidate: NumberCandidate, _ context: Context) -> Double? {
    guard candidate.count <= 17 else { return nil }
    let hasPlus =
      text[phoneStart(candidate)] == UInt8(ascii: "+")
      || text[phoneStart(candidate) + 1] == UInt8(ascii: "+")
    let isCued = context.has(.phone)
    return withDigits(candidate) { digits in
      if hasPlus {
        return PhoneNumber.isInternational(digits) ? (isCued ? 0.9 : 0.75) : nil
      }
      guard !looksLikeDate(candidate) else { return nil }
      let base = PhoneNumber.score(
        digits, candidate, isOpened: run.groups[candidate.firstGroup].isClosed)
      if isCued {
        guard candidate.count <= 15, base > 0 || hasPhoneGroups(candidate) else { return nil }
        return max(0.6, min(0.9, base + 0.2))
      }
      // Behind `order`, `invoice`, `passport`: that, unless the layout is a telephone's alone.
      if !context.nearest.isEmpty, context.distance <= 4, base < 0.62, !isSpent(context, candidate)
      {
        return base - 0.3
      }
      if base == 0 {
        return context.wide.contains(.phone) && candidate.count >= 7 && candidate.count <= 13
          && hasPhoneGroups(candidate) ? 0.45 : nil
      }
      if base >= 0.3, base < 0.5, isCellBesideMail(candidate.start..<candidate.end) { return 0.5 }
      return context.wide.contains(.phone) ? max(base, 0.5) : base
    }
  }

  /// Whether the closest cue has its value already, between itself and the candidate: the number
  /// behind `IBAN … (0043 664 4436180)`.
  private func isSpent(_ context: Context, _ candidate: NumberCandidate) -> Bool {
    guard context.nearestEnd > 0, let last = found.last, last.isVerified else { return false }
    return last.range.lowerBound >= context.nearestEnd && last.range.upperBound <= candidate.start
  }

  /// Groups of two digits or more, but for the first.
  private func hasPhoneGroups(_ candidate: NumberCandidate) -> Bool {
    guard candidate.count >= 6 else { return false }
    for group in candidate.firstGroup..<candidate.firstGroup + candidate.groupCount
    where run.groups[group].size < 2 && group > candidate.firstGroup && !run.groups[group].isOpened
    {
      return false
    }
    return true
  }

  /// Three groups of a day, a month and a year, whatever follows.
  private func looksLikeDate(_ candidate: NumberCandidate) -> Bool {
    guard candidate.groupCount >= 3 else { return false }
    let first = candidate.firstGroup
    let (a, b, c) = (run.groups[first], run.groups[first + 1], run.groups[first + 2])
    guard b.gap == c.gap, b.gap != .space, b.gap != .wide else { return false }
    if a.size == 4 { return b.size <= 2 && c.size <= 2 && candidate.groupCount <= 6 && isYear(a) }
    return a.size <= 2 && b.size <= 2 && c.size == 4 && isYear(c)
  }

  private func isYear(_ group: NumberRun.Group) -> Bool {
    let century = run.digits[Int(group.first)] * 10 + run.digits[Int(group.first) + 1]
    return century == 19 || century == 20
  }
}
