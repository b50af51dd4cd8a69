extension AddressFinder {
  /// Finds addresses by their postcodes where no street was recognized, and takes what stands before
  /// an address and belongs to it.
  mutating func scanPostcodes() {
    var result: [FoundAddress] = []
    var index = 0
    var nextFound = 0
    while index < words.count {
      if nextFound < found.count, found[nextFound].first <= index {
        var address = found[nextFound]
        let floor = result.last.map { $0.last + 1 } ?? 0
        address.first = buildingStart(before: address.first, floor: floor)
        result.append(address)
        index = found[nextFound].last + 1
        nextFound += 1
        continue
      }
      let ceiling = max(index + 1, nextFound < found.count ? found[nextFound].first : words.count)
      if isDistinctCode(index), let piece = closing(at: index), piece.last < ceiling {
        let floor = result.last.map { $0.last + 1 } ?? 0
        if let first = start(before: index, floor: floor) {
          result.append(FoundAddress(first: first, last: piece.last, score: 0.6))
        }
        index = piece.last + 1
        continue
      }
      // To the word before the next number, or the next address.
      index = min(ceiling, index + max(1, Int(words[index].digitsAhead) - 1))
    }
    found = result
  }

  /// Whether a postcode that is no other number stands at the word, by its form or what is beside it.
  private func isDistinctCode(_ index: Int) -> Bool {
    let word = words[index]
    guard word.shape == .digits || word.shape == .mixed || word.shape == .upper,
      let last = postcode(at: index)
    else { return false }
    switch word.shape {
    case .mixed: return last > index || word.end - word.start == 6
    case .upper: return true
    case .digits:
      let length = word.end - word.start
      if last > index { return words[last].shape == .upper || length == 2 }
      if word.gap == .dash, index == 0 || words[index - 1].letters < 3 { return false }
      guard length >= 4,
        word.gap == .space || word.gap == .dash || word.gap == [.comma, .space]
          || word.gap.contains(.newline)
      else { return false }
      if length == 6 || length == 4 {
        return index > 0 && (words[index - 1].isCapital || words[index - 1].shape == .caseless)
          && length == 6
      }
      return length == 5 && index + 1 < words.count && words[index + 1].gap == .space
        && words[index + 1].isCapital
    default: return false
    }
  }

  /// Where the address that ends in the postcode at `index` begins; nil when nothing before it looks
  /// like a street: a number, a unit or a type of street.
  private func start(before index: Int, floor: Int) -> Int? {
    var first = index
    var hasStreet = false
    var pieces = 0
    var cursor = index - 1
    while cursor >= floor, pieces < 6, joinsBackward(cursor) {
      // The piece that ends at the cursor.
      var start = cursor
      guard belongs(start) else { break }
      while start > floor, index - start < 40,
        words[start].gap.isSubset(of: [.space, .dash, .apostrophe, .slash, .stop]),
        !words[start].gap.contains(.stop) || (1...3).contains(words[start - 1].letters),
        belongs(start - 1)
      {
        start -= 1
      }
      // What is left of a sentence is none of it.
      while start < cursor,
        words[start].shape == .lower && !words[start].is(.streetPrefix)
          || words[start].isCapital && words[start].is([.title, .cue]) && words[start].isCommon
      {
        start += 1
      }
      if words[start].shape == .lower, !words[start].is(.streetPrefix) { break }
      let isStreet = (start...cursor).contains {
        isStreetWord($0) && ($0 < index - 1 || pieces > 0)
      }
      if pieces > 0, !isStreet, words[start].isSureGiven, cursor > start { break }
      hasStreet = hasStreet || isStreet
      first = start
      pieces += 1
      // A number at the start of a line is where an address begins.
      if isHouseNumber(start), start > floor, !words[start - 1].is(.unit), words[start].gap.isBreak
      {
        break
      }
      guard start > floor, words[start].gap.contains(.comma) || words[start].gap.contains(.newline)
      else { break }
      cursor = start - 1
    }
    return hasStreet && first < index ? first : nil
  }

  private func joinsBackward(_ index: Int) -> Bool {
    let gap = words[index + 1].gap
    return gap.isSubset(of: [.space, .comma, .newline, .dash, .wide, .bracket])
      && !gap.contains(.blankLine)
  }

  private func isStreetWord(_ index: Int) -> Bool {
    let word = words[index]
    return isHouseNumber(index) || word.is(.unit) && word.letters > 2
      || word.is([.coreStreet, .box])
      || word.isStreetName && word.isSureStreetName
  }

  /// Whether the word can stand inside an address.
  private func belongs(_ index: Int) -> Bool {
    let word = words[index]
    if word.is([.addressCue, .title]) { return false }
    switch word.shape {
    case .digits, .mixed: return word.end - word.start <= 7
    case .capitalised, .upper:
      return !word.isCommon
        || word.is([.placePrefix, .streetSuffix, .unit, .localityWord, .place, .surname, .given])
    case .caseless: return !word.isCommon
    case .lower: return word.is([.streetFiller, .particle, .streetSuffix, .unit, .streetPrefix])
    case .other: return true
    }
  }

  /// Takes a building or a unit in front of a street: `Rose House, 12 High Street`.
  private func buildingStart(before first: Int, floor: Int) -> Int {
    guard first > floor, words[first].gap.isSubset(of: [.comma, .space, .newline]),
      words[first].gap.contains(.comma) || words[first].gap.contains(.newline)
    else { return first }
    let last = first - 1
    guard
      words[last].is([.unit, .streetSuffix, .localityWord]) || words[last].shape == .digits
        || words[last].shape == .mixed
    else { return first }
    var index = last
    while index > floor, last - index < 4,
      words[index].gap == .space || words[index].gap == [.stop, .space],
      belongs(index - 1), words[index - 1].shape != .lower
    {
      index -= 1
    }
    guard words[index].shape != .lower, !words[index].is(.cue), belongs(index) else { return first }
    if index == last, !words[index].gap.isBreak, !words[index].gap.contains(.comma) { return first }
    let isBuilding = (index...last).contains {
      words[$0].is(.unit) && !words[$0].is([.given, .surname])
    }
    return isBuilding ? index : first
  }
}
