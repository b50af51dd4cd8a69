extension PersonFinder {
  /// What stands before word `index`.
  func lead(before index: Int) -> Lead {
    guard index > 0 else { return .none }
    let before = words[index - 1]
    let gap = words[index].gap
    if before.is([.title, .softTitle]), isTitle(index - 1, gap) { return .title }
    guard before.is(.cue), !gap.contains(.at), !gap.contains(.slash) else { return .none }
    // German `im` is no `I'm`.
    if context.isGerman || words.languages.active.contains(.german), before.is(.german),
      before.letters == 2, gap == .space
    {
      return before.is(.personal) ? .near : .none
    }
    guard let cue = NameCues.shared.cue(endingAt: index - 1, in: words) else { return .none }
    return lead(cue, gap, index)
  }

  /// Titles of more than three letters that are written with a stop.
  private static let longAbbreviations: Set<UInt64> = Set(
    ["prof", "mevr", "capt", "dott", "dott.ssa", "shri", "mlle"].map { FoldedHash.of($0) })

  private func isTitle(_ index: Int, _ gap: WordGap) -> Bool {
    let title = words[index]
    if title.shape == .upper, title.is(.state) { return false }
    // `M. Dupont`; other letters are initials.
    if title.isInitial, words.text[title.start] != UInt8(ascii: "M") { return false }
    guard gap == .space || gap == [.stop, .space] || gap == .stop else { return false }
    if gap.contains(.stop) {
      return (title.letters <= 3 || Self.longAbbreviations.contains(title.hash))
        && (title.isCapital || title.is(.lowerTitle))
    }
    if title.shape == .lower, !title.is(.lowerTitle) { return false }
    guard title.is(.softTitle) else { return true }
    // `Sir Alex`, but not `Sir please`.
    let next = words[index + 1]
    return title.isCapital && next.isCapital && !next.isCommon && title.letters > 2
  }

  private func lead(_ cue: NameCue, _ gap: WordGap, _ index: Int) -> Lead {
    let isMarked = !gap.isDisjoint(with: [.colon, .bracket, .dash, .wide, .bar])
    switch cue.strength {
    case .announces:
      if gap.contains(.blankLine), !gap.contains(.comma), !gap.contains(.colon) { return .none }
      if gap.contains(.stop), !cue.isLabel { return .none }
      return .announced
    case .labels:
      // `Customer: Xu Yi`, and `Customer Anna` by what the lists say.
      if gap.contains(.stop) || gap.contains(.blankLine) { return .none }
      return isMarked || gap.contains(.newline) ? .announced : .called
    case .heads:
      if gap == .space { return .near }
      return gap.contains(.colon) && !gap.contains(.newline) ? .announced : .none
    case .closes:
      if gap.contains(.stop) { return .near }
      // A sign-off: a comma, an exclamation or a line break follows.
      return gap == .space ? .called : .announced
    case .calls, .introduces:
      return gap == .space || gap == [.comma, .space] ? .called : .none
    case .precedes:
      return gap == .space ? .near : .none
    }
  }
}
