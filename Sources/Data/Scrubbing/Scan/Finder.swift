internal import CKernels

/// Looks at the marks of one text and collects what is found.
///
/// Topics are in extensions: numbers, codes, dates, signs, secrets. `limits` and tables are the
/// detector's; nothing is allocated but room for detections.
struct Finder {
  let text: ByteText
  let marks: UnsafeBufferPointer<orc_pii_mark>
  let cues: UnsafeBufferPointer<orc_pii_cue>
  let rules: FinderRules
  var found: [Detection]
  var run: NumberRun
  /// Marks of digits before this offset are parts of what was looked at.
  var consumed = 0
  /// Tokens before this offset were looked at for secrets.
  var secretsDone = 0
  /// The cue of the last date of birth: one cue announces one date.
  var usedBirthCue = -1
  private var columns = ColumnHeader()
  /// The first line feed of the text; its length without one, and below 0 until that is asked for.
  private var lineFeed = -1

  init(
    _ text: ByteText, marks: UnsafeBufferPointer<orc_pii_mark>,
    cues: UnsafeBufferPointer<orc_pii_cue>, rules: FinderRules, run: NumberRun,
    found: [Detection]
  ) {
    self.text = text
    self.marks = marks
    self.cues = cues
    self.rules = rules
    self.run = run
    self.found = found
  }

  mutating func lookAtAll() {
    for mark in marks {
      let offset = Int(mark.offset)
      switch Int(mark.kind) {
      case ORC_PII_DIGIT: if offset >= consumed { lookAtDigit(mark) }
      case ORC_PII_AT: add(EmailAddress.plain(text, at: offset), rules.email)
      case ORC_PII_COLON: lookAtColon(offset)
      case ORC_PII_DOT: lookAtDot(offset)
      case ORC_PII_DASH: lookAtDash(offset)
      case ORC_PII_SPELLED_AT: add(EmailAddress.spelled(text, at: offset), rules.email)
      default: lookAtCue(mark)
      }
    }
  }

  @inline(__always)
  mutating func add(_ detection: Detection?, _ limit: Double) {
    if let detection, detection.score >= limit { found.append(detection) }
  }

  mutating func add(
    _ entity: Entity, _ range: Range<Int>, _ score: Double, _ limit: Double, verified: Bool = false
  ) {
    if score >= limit { found.append(Detection(entity, range, score: score, verified: verified)) }
  }

  // MARK: - Context

  /// The cues before a mark, and those behind `end` when that is given.
  ///
  /// - Parameter start: where the value begins, when that is before the mark: its own letters are no
  ///   cue.
  mutating func context(of mark: orc_pii_mark, start: Int? = nil, end: Int? = nil) -> Context {
    let limit = UInt32(start ?? Int(mark.offset))
    // The letters of the value itself count as a word.
    let inner = start != nil && limit < mark.offset ? 1 : 0
    var context = Context()
    var index = Int(mark.cues) - 1
    var lastStart = UInt32.max
    while index >= 0 {
      let cue = cues[index]
      index -= 1
      let distance = max(0, Int(mark.word &- cue.word) - inner)
      if cue.end > limit { continue }
      if distance > 8 || limit - cue.end > 100 { break }
      // A word inside a longer phrase says nothing of its own.
      if cue.start >= lastStart { continue }
      lastStart = cue.start
      let set = rules.sets[Int(cue.entry)]
      context.wide.formUnion(set)
      if distance <= 3 { context.near.formUnion(set) }
      if context.nearest.isEmpty {
        let competing = set.intersection(Context.competing)
        if !competing.isEmpty {
          context.nearest = competing
          context.distance = distance
          context.nearestEnd = Int(cue.end)
        }
      }
    }
    if context.nearest.isEmpty || context.distance > 3 {
      let column = columnCues(at: Int(mark.offset))
      if !column.isEmpty {
        context.near.formUnion(column)
        context.nearest = column.intersection(Context.competing)
        context.distance = 0
        context.nearestEnd = 0
      }
    }
    if let end, context.nearest.isEmpty || context.distance > 3 {
      context.after = cuesAfter(end, from: Int(mark.cues))
    }
    return context
  }

  /// Up to two cues within four words behind `end`, before any sign that ends a part of a sentence.
  private func cuesAfter(_ end: Int, from first: Int) -> CueSet {
    var set: CueSet = []
    var index = first
    while index < cues.count, Int(cues[index].start) < end { index += 1 }
    guard index < cues.count, Int(cues[index].start) - end <= 30 else { return [] }
    for place in end..<Int(cues[index].start)
    where [0x2E, 0x2C, 0x3B, 0x0A, 0x7C, 0x21, 0x3F, 0x3A].contains(text[place]) {
      return []
    }
    for cue in cues[index..<min(index + 2, cues.count)] where Int(cue.start) - end <= 30 {
      set.formUnion(rules.sets[Int(cue.entry)])
    }
    return set
  }

  /// What the head of the column says, when the text is a table.
  mutating func columnCues(at offset: Int) -> CueSet {
    if lineFeed < 0 { lineFeed = text.bytes.firstIndex(of: 0x0A) ?? text.count }
    // The first line is under no head.
    return offset <= lineFeed ? [] : columns.cues(text, at: offset, cues, rules.sets)
  }
}
