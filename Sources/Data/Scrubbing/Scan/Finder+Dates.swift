internal import CKernels

extension Finder {
  /// A date that begins at group `first`: kept as a date of birth behind a word of birth, and as any
  /// date where those are wanted. Returns the group behind it, or nil when there is no date.
  mutating func lookAtDate(from first: Int, _ mark: orc_pii_mark) -> Int? {
    guard rules.birth <= 1 || rules.dateTime <= 1 else { return nil }
    guard let date = numericDate(from: first) ?? writtenDate(from: first, mark) else { return nil }
    var birth = birthCue(mark)
    if birth == nil, !context(of: mark, end: date.end).after.isDisjoint(with: .birth) { birth = -2 }
    if let birth, rules.birth <= 1, date.isSure || birth >= -1 {
      if birth >= 0 { usedBirthCue = birth }
      add(.dateOfBirth, date.start..<date.end, 0.8, rules.birth)
      return date.next
    }
    guard date.isSure else { return nil }
    if rules.birth <= 0.5, Self.birthYears.contains(date.year),
      isCellBesideMail(date.start..<date.end)
    {
      add(.dateOfBirth, date.start..<date.end, 0.5, rules.birth)
      return date.next
    }
    add(.dateTime, date.start..<date.end, 0.6, rules.dateTime)
    return date.next
  }

  /// Years in which people with an e-mail address were born.
  private static let birthYears = 1920...2012

  private struct FoundDate {
    var start: Int
    var end: Int
    /// The group behind it.
    var next: Int
    /// Whether it is a date without any cue.
    var isSure: Bool
    /// 0 where it has two digits.
    var year = 0
  }

  /// The unused cue of birth that announces a date at `mark`; the head of a column is -1.
  private mutating func birthCue(_ mark: orc_pii_mark) -> Int? {
    var index = Int(mark.cues) - 1
    while index > usedBirthCue, index >= 0 {
      let cue = cues[index]
      if mark.word &- cue.word > 5 || mark.offset &- cue.end > 60 { break }
      if rules.sets[Int(cue.entry)].contains(.birth) { return index }
      index -= 1
    }
    return columnCues(at: Int(mark.offset)).contains(.birth) ? -1 : nil
  }

  private func value(_ group: NumberRun.Group) -> Int {
    guard group.size <= 4 else { return Int.max }
    return (0..<Int(group.size)).reduce(0) { $0 * 10 + Int(run.digits[Int(group.first) + $1]) }
  }

  /// Three groups with one kind of separator: day, month and year in any usual order.
  private func numericDate(from first: Int) -> FoundDate? {
    let group = run.groups[first]
    if group.size == 8 { return compactDate(from: first) }
    guard first + 2 < run.groupCount, group.size <= 4 else { return nil }
    let (b, c) = (run.groups[first + 1], run.groups[first + 2])
    // `3. 3. 1980` has a wide gap whose first sign is a dot.
    let isSpacedDot = b.gap == .wide && text[Int(group.end)] == 0x2E && text[Int(b.end)] == 0x2E
    let isSpacedOther = b.gap == .wide && text[Int(group.end) + 1] == text[Int(b.end) + 1]
    guard b.gap == c.gap, b.gap != .wide || isSpacedDot || isSpacedOther, b.size <= 2,
      !group.isClosed, !b.isOpened
    else { return nil }
    let isDate: Bool
    if group.size == 4 {
      isDate = Self.isYear(value(group)) && Self.isMonthDay(value(b), value(c)) && c.size <= 2
    } else {
      let year = value(c)
      isDate =
        group.size <= 2 && (c.size == 2 || c.size == 4 && Self.isYear(year))
        && (Self.isMonthDay(value(group), value(b)) || Self.isMonthDay(value(b), value(group)))
    }
    guard isDate, !ByteText.isAlphanumeric(text[Int(c.end)]) || text[Int(c.end)] | 0x20 == 0x74
    else {
      return nil
    }
    let isSure = (group.size == 4 || c.size == 4) && b.gap != .space
    return FoundDate(
      start: Int(group.start), end: Int(c.end), next: first + 3, isSure: isSure,
      year: group.size == 4 ? value(group) : c.size == 4 ? value(c) : 0)
  }

  /// `19800303`
  private func compactDate(from first: Int) -> FoundDate? {
    let place = Int(run.groups[first].first)
    let number = { (range: Range<Int>) in
      range.reduce(0) { $0 * 10 + Int(run.digits[place + $1]) }
    }
    let isDate =
      Self.isYear(number(0..<4)) && Self.isMonthDay(number(4..<6), number(6..<8))
      || Self.isYear(number(4..<8))
        && (Self.isMonthDay(number(0..<2), number(2..<4))
          || Self.isMonthDay(number(2..<4), number(0..<2)))
    guard isDate, !text.isWord(at: Int(run.groups[first].end)) else { return nil }
    return FoundDate(
      start: Int(run.groups[first].start), end: Int(run.groups[first].end), next: first + 1,
      isSure: false)
  }

  private static func isYear(_ year: Int) -> Bool { (1890...2035).contains(year) }
  private static func isMonthDay(_ month: Int, _ day: Int) -> Bool {
    (1...12).contains(month) && (1...31).contains(day)
  }

  // MARK: - With the name of the month

  /// `3 March 1980`, `3. März 1980`, `1er mai 1980`, `3 de marzo de 1980`; `March 3, 1980`.
  private func writtenDate(from first: Int, _ mark: orc_pii_mark) -> FoundDate? {
    let group = run.groups[first]
    guard group.size <= 2, (1...31).contains(value(group)) else { return nil }
    if first == 0, let start = monthStart(before: mark) {
      guard let (year, end, next) = year(afterDay: first) else { return nil }
      return FoundDate(start: start, end: end, next: next, isSure: true, year: year)
    }
    let dayEnd = Int(group.end)
    guard let month = monthCue(after: dayEnd, from: Int(mark.cues)) else { return nil }
    guard let (year, end) = year(from: Int(cues[month].end), gapMax: 6) else { return nil }
    return FoundDate(
      start: Int(group.start), end: end, next: first + 1, isSure: true, year: year)
  }

  private func monthStart(before mark: orc_pii_mark) -> Int? {
    guard mark.cues > 0 else { return nil }
    let cue = cues[Int(mark.cues) - 1]
    guard rules.months[Int(cue.entry)] > 0, mark.offset &- cue.end <= 2 else { return nil }
    return Int(cue.start)
  }

  private func monthCue(after end: Int, from first: Int) -> Int? {
    var index = first
    while index < cues.count, Int(cues[index].start) < end { index += 1 }
    while index < cues.count, Int(cues[index].start) - end <= 10 {
      if rules.months[Int(cues[index].entry)] > 0 { return index }
      index += 1
    }
    return nil
  }

  /// The year behind a day: `3, 1980`, `3rd 1980`. The groups of the run may hold it.
  private func year(afterDay group: Int) -> (year: Int, end: Int, next: Int)? {
    let end = Int(run.groups[group].end)
    guard let (year, yearEnd) = year(from: end, gapMax: 5) else { return nil }
    var next = group + 1
    while next < run.groupCount, Int(run.groups[next].end) <= yearEnd { next += 1 }
    return (year, yearEnd, next)
  }

  /// Four digits of a year, or two (then 0), at most `gapMax` bytes of letters and signs behind `start`.
  private func year(from start: Int, gapMax: Int) -> (year: Int, end: Int)? {
    var index = start
    while index - start <= gapMax, index < text.count, text.digit(at: index) == nil {
      if text[index] == 0x0A { return nil }
      index += 1
    }
    var value = 0
    var count = 0
    while count < 5, let (digit, length) = text.digit(at: index) {
      value = value * 10 + Int(digit)
      count += 1
      index += length
    }
    guard count == 4 && Self.isYear(value) || count == 2, !text.isWord(at: index) else {
      return nil
    }
    return (count == 4 ? value : 0, index)
  }
}
