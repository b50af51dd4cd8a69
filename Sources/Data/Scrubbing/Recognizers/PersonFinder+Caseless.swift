extension PersonFinder {
  /// A name in lower case, as typed in chats: behind a cue, or a listed pair.
  func lowerName(at index: Int) -> FoundName? {
    let word = words[index]
    if let name = introducedName(at: index) { return name }
    guard word.is(.given), !word.isCommon, word.letters > 2, !isGlued(index) else { return nil }
    var last = index
    var next = index + 1
    while next < words.count, next - index <= 4, words[next].gap == .space {
      let part = words[next]
      guard part.shape == .lower else { break }
      if part.is(.particle), !part.is([.given, .surname]) {
        next += 1
        continue
      }
      if part.isCommon && !part.is(.surname) || part.letters < 3 && !part.is(.surname)
        || part.is([.german, .article, .cue, .deed, .honorific]) || isGlued(next)
      {
        break
      }
      last = next
      break
    }
    let isPair = last > index && words[last].is(.surname) && !words[last].isCommon
    let lead = lead(before: index)
    switch lead {
    case .announced, .called, .title: return FoundName(first: index, last: last, score: 0.6)
    case .near where isPersonal(index - 1) && (isPair || last == index && !context.isGerman):
      return isPair ? FoundName(first: index, last: last, score: 0.5) : nil
    default:
      if isHonoured(index) { return FoundName(first: index, last: index, score: 0.5) }
      // `helen keary told me`
      let doer = last + 1
      if last > index, word.isSureGiven, doer < words.count, words[doer].gap == .space,
        words[doer].is(.deed), !words[doer].is(.particle)
      {
        return FoundName(first: index, last: last, score: 0.5)
      }
      return isPair ? FoundName(first: index, last: last, score: 0.5) : nil
    }
  }

  /// `its ekavir golla here`: two words that no list knows, at the end of a clause, behind words that
  /// introduce the writer.
  private func introducedName(at index: Int) -> FoundName? {
    let last = index + 1
    guard index > 0, words[index - 1].is(.cue), words[index].gap == .space, last < words.count,
      words[last].gap == .space, words[last].shape == .lower, isUnknownName(index),
      isUnknownName(last), !isGlued(last),
      let cue = NameCues.shared.cue(endingAt: index - 1, in: words), cue.strength == .introduces
    else { return nil }
    let isEnd =
      words.gap(behind: last) != .space
      || last + 1 < words.count
        && (words[last + 1].isCommon || words[last + 1].is(.cue))
    return isEnd ? FoundName(first: index, last: last, score: 0.5) : nil
  }

  private func isUnknownName(_ index: Int) -> Bool {
    let word = words[index]
    return word.letters >= 3
      && word.classes.isDisjoint(
        with: WordClass.anyLanguage.union([.common, .product, .organisation]))
  }

  private func isHonoured(_ index: Int) -> Bool {
    index + 1 < words.count && words[index + 1].gap == .space && words[index + 1].is(.honorific)
  }

  /// A name in a script without case, by cues and lists.
  func caselessName(at index: Int) -> FoundName? {
    let word = words[index]
    let stops: WordClass = [.common, .cue, .title, .honorific, .deed, .organisation, .addressCue]
    guard !word.is(stops) || word.is([.given, .surname]), !isGlued(index) else { return nil }
    let lead = lead(before: index)
    var last = index
    while last + 1 < words.count, last - index < 2, words[last + 1].gap == .space,
      words[last + 1].shape == .caseless,
      !words[last + 1].is(stops.union([.streetSuffix, .localityWord]))
    {
      last += 1
    }
    switch lead {
    case .title, .announced: return FoundName(first: index, last: last, score: 0.8)
    case .called:
      return word.is([.given, .surname]) || endsCall(last)
        ? FoundName(first: index, last: last, score: 0.6) : nil
    case .near, .none: break
    }
    guard word.is(.given) else {
      if isHonoured(index) { return FoundName(first: index, last: index, score: 0.5) }
      return last > index && words[last].is(.surname) && !word.is(.localityWord)
        ? FoundName(first: index, last: last, score: 0.5) : nil
    }
    if last > index, let family = (index + 1...last).first(where: { words[$0].is(.surname) }) {
      return FoundName(first: index, last: family, score: 0.7)
    }
    if last > index, word.isSureGiven, !words[index + 1].is([.common, .place]),
      endsClause(index + 1) || index + 2 < words.count && words[index + 2].isCommon
    {
      return FoundName(first: index, last: index + 1, score: 0.5)
    }
    if word.is([.common, .place]) { return nil }
    return FoundName(first: index, last: index, score: isHonoured(index) ? 0.6 : 0.45)
  }
}
