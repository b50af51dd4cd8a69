extension PersonFinder {
  /// Adds the speakers of a chat: `Ubul: What a wife.`, where at least two lines begin so and one of
  /// the names is listed or found already.
  mutating func addSpeakers() {
    guard words.gaps.isSuperset(of: [.newline, .colon]) else { return }
    var speakers: [Int] = []
    var isKnown = false
    for index in 0..<words.count where isSpeaker(index) {
      speakers.append(index)
      if words[index].isSureGiven { isKnown = true }
    }
    guard speakers.count >= 2, isKnown, speakers.count <= 1000 else { return }
    let taken = takenWords()
    for index in speakers where !taken[index] {
      found.append(FoundName(first: index, last: index, score: 0.5))
    }
    found.sort { $0.first < $1.first }
  }

  /// Adds unknown words with capitals in a row with names: `They had three: Hleb, Sheila and Romi`,
  /// `present: Anna Berg, Adelasia Anastasi e Teresa Balotelli`.
  mutating func addRows() {
    guard !found.isEmpty else { return }
    var taken = takenWords()
    var added: [FoundName] = []
    var index = 0
    while index < words.count {
      defer { index += 1 }
      guard words[index].shape == .capitalised, !taken[index], isRowMark(index),
        isNear(taken, index), let last = run(from: index, afterTitle: false),
        !taken[index...last].contains(true)
      else { continue }
      let run = summary(index, last)
      guard run.unknown + run.listed == run.solids, run.solids <= 2, !isOrganisation(run),
        isRowMark(last + 1), isInRow(index, last, taken, run.solids == 2)
      else { continue }
      let word = words[index]
      if run.solids == 1, word.letters < 3 || word.is([.place, .product]) || context.isGerman {
        continue
      }
      for place in index...last { taken[place] = true }
      added.append(FoundName(first: index, last: last, score: 0.45))
      index = last
    }
    guard !added.isEmpty else { return }
    found.append(contentsOf: added)
    found.sort { $0.first < $1.first }
  }

  /// Whether a word of a name is among the two before or the six behind.
  private func isNear(_ taken: [Bool], _ index: Int) -> Bool {
    taken[max(0, index - 2)..<min(taken.count, index + 7)].contains(true)
  }

  /// Whether a name stands directly before or behind, with a comma between, or with `and` where the
  /// words are two.
  private func isInRow(_ first: Int, _ last: Int, _ taken: [Bool], _ isPair: Bool) -> Bool {
    let isComma = { (index: Int) in
      words[index].gap == [.comma, .space] || words[index].gap == .comma
    }
    if first > 0, taken[first - 1], isComma(first) { return true }
    let next = last + 1
    if next < words.count, taken[next], isComma(next) { return true }
    guard isPair else { return false }
    if first > 1, isAnd(first - 1), taken[first - 2] { return true }
    return next + 1 < words.count && isAnd(next) && taken[next + 1]
  }

  private func isAnd(_ index: Int) -> Bool {
    words[index].shape == .lower && words[index].letters <= 3 && words[index].is(.streetFiller)
      && words[index].gap == .space
  }

  /// Whether the mark of a row stands before word `index`: a comma, a colon, `and`, the end.
  private func isRowMark(_ index: Int) -> Bool {
    guard index < words.count else { return true }
    return !words[index].gap.isDisjoint(with: [.comma, .colon, .stop, .newline, .blankLine])
      || index > 0 && isAnd(index - 1) || isAnd(index)
  }

  private func isSpeaker(_ index: Int) -> Bool {
    let word = words[index]
    guard word.shape == .capitalised, word.letters > 1,
      !word.gap.isDisjoint(with: [.newline, .blankLine, .bracket]), isNameLike(word),
      !word.isCommon || word.is(.given)
    else { return false }
    let behind = words.gap(behind: index)
    return behind.contains(.colon) && behind.isSubset(of: [.colon, .space, .bracket])
  }

  /// Adds the places where a word of a name found elsewhere in the text stands alone: `Miller` after
  /// `Anna Miller`. At most 256 names are looked for.
  mutating func addRepeats() {
    if found.isEmpty { return }
    var wanted: [UInt64] = []
    wanted.reserveCapacity(8)
    for name in found where name.score >= 0.5 && wanted.count < 256 {
      for index in name.first...name.last {
        let word = words[index]
        guard word.letters > 2, !word.is([.common, .particle, .place]), word.shape != .lower,
          !wanted.contains(word.hash)
        else { continue }
        wanted.append(word.hash)
      }
    }
    guard !wanted.isEmpty else { return }
    let taken = takenWords()
    var filter: UInt64 = 0
    for hash in wanted { filter |= 1 << (hash & 63) }
    var added: [FoundName] = []
    for index in 0..<words.count where filter >> (words[index].hash & 63) & 1 == 1 {
      let word = words[index]
      guard !taken[index], word.shape == .capitalised || word.shape == .caseless,
        wanted.contains(word.hash), !isGlued(index),
        !isOrganisation(summary(index, index))
      else { continue }
      added.append(FoundName(first: index, last: index, score: 0.6))
    }
    guard !added.isEmpty else { return }
    found.append(contentsOf: added)
    found.sort { $0.first < $1.first }
  }

  private func takenWords() -> [Bool] {
    var taken = [Bool](repeating: false, count: words.count)
    for name in found {
      for index in name.first...name.last { taken[index] = true }
    }
    return taken
  }
}
