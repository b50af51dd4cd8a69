extension AddressFinder {
  /// The piece that an address may begin with.
  func opening(at index: Int) -> Piece? {
    streetLine(at: index) ?? unit(at: index) ?? box(at: index)
  }

  /// The next piece of an address whose last word so far is `index`.
  func continuation(behind index: Int) -> Piece? {
    let next = index + 1
    guard next < words.count, isJoint(words[next].gap) else { return nil }
    let gap = words[next].gap
    // `MRN P-809389`
    if gap == .dash, words[index].letters < 3 { return nil }
    if gap.contains(.bracket),
      words.text[words[next].start - 1] != UInt8(ascii: "(")
        || gap != [.space, .bracket]
    {
      return nil
    }
    if let piece = unit(at: next) ?? box(at: next) { return piece }
    if let piece = closing(at: next) { return piece }
    if gap == [.space, .slash], words[next].shape == .upper, words[next].is(.state) {
      return Piece(last: next, strength: .weak)
    }
    if let piece = streetLine(at: next) { return piece }
    if gap == .space, !words[next].isCapital, words[next].shape != .caseless { return nil }
    // `6750 Koskikatu 25`
    if gap == .space, isHouseNumber(next), words[next].end - words[next].start <= 4 {
      return Piece(last: afterNumber(next), strength: .weak)
    }
    return locality(at: next)
  }

  /// Whether what stands between two words can stand between two pieces.
  private func isJoint(_ gap: WordGap) -> Bool {
    gap.isSubset(of: [.space, .comma, .newline, .dash, .wide, .stop, .slash, .bracket])
      && !gap.contains(.blankLine) && (!gap.contains(.stop) || gap.contains(.comma))
      && (!gap.contains(.slash) || gap == [.space, .slash])
  }

  // MARK: - Street lines

  /// A street with its number, by the grammar of any country.
  func streetLine(at index: Int) -> Piece? {
    if isHouseNumber(index) { return numberFirst(index) }
    return prefixFirst(index) ?? gluedName(index)
  }

  /// `12 High Street`, `12 bis, rue de la Paix`, `58/3, MG Road`
  private func numberFirst(_ index: Int) -> Piece? {
    var next = afterNumber(index) + 1
    guard next < words.count, next - index <= 3 else { return nil }
    // `5112 39 Rue …`, `94 Box 3`
    if words[next].shape == .digits, words[next].gap == .space, isHouseNumber(next) {
      next = afterNumber(next) + 1
      guard next < words.count else { return nil }
    }
    if words[next].letters <= 1, words[next].gap == .space, next + 1 < words.count,
      words[next].shape == .upper, words[next + 1].isCapital
    {
      next += 1
    }
    if words[next].is(.streetFiller), words[next].letters >= 3, next + 1 < words.count,
      words[next].shape == .lower
    {
      next += 1
    }
    guard next < words.count else { return nil }
    let gap = words[next].gap
    guard gap == .space || gap == [.comma, .space] || gap == .comma || gap.contains(.newline),
      !gap.contains(.blankLine)
    else { return nil }
    // `2 Jan 2000`
    if next + 1 < words.count, words[next + 1].gap == .space, words[next + 1].isYear { return nil }
    if words[next].shape == .lower, !words[next].is(.streetPrefix), words[next].letters >= 4,
      gap == .space, next + 1 < words.count, words[next + 1].isCapital,
      words[next + 1].gap == .space, !words[next].isCommon
    {
      return Piece(last: next + 1, strength: .weak)
    }
    if words[next].is(.streetPrefix), !words[next].is(.german) || words[next].isCapital,
      let last = streetName(from: next + 1, isAfterPrefix: true)
    {
      return Piece(last: last, strength: .sure)
    }
    return suffixLast(from: next, gap: gap)
  }

  /// Capitalised words from `first` whose last is a type of street.
  private func suffixLast(from first: Int, gap: WordGap) -> Piece? {
    var index = first
    var suffix = -1
    var isCore = false
    while index < words.count, index - first < 6 {
      let word = words[index]
      if index > first, word.gap != .space,
        word.gap != [.stop, .space] || words[index - 1].letters > 3
      {
        break
      }
      let isName = word.isCapital || word.shape == .caseless || isOrdinal(index)
      if index > first, word.is(.streetSuffix) {
        suffix = index
        isCore = word.is(.coreStreet)
        if !isName { break }
      } else if !isName || word.is(.cue) && word.isCommon {
        break
      }
      index += 1
    }
    guard index > first else { return nil }
    if suffix > 0 {
      var last = suffix
      if last + 1 < words.count, words[last + 1].gap == .space, words[last + 1].is(.direction),
        words[last + 1].isCapital
      {
        last += 1
      }
      if isCore { return Piece(last: last, strength: gap == .space ? .sure : .weak) }
      return Piece(last: last, strength: .weak)
    }
    let last = words[index - 1]
    let isGlued = last.isStreetName && gap == .space
    guard index - first <= 4,
      !words[first].isCommon || words[first].shape == .caseless, !words[first].is(.calendar)
    else { return nil }
    return Piece(last: index - 1, strength: isGlued && words[first].letters > 5 ? .weak : .weak)
  }

  /// `rue de la Paix`, `Via Rossi 3`, `Calle Mayor, 12`, `ul. Długa 5/7`, `Am Alten Markt 5`
  private func prefixFirst(_ index: Int) -> Piece? {
    let word = words[index]
    guard word.is(.streetPrefix) else { return nil }
    if word.is(.streetFiller), !word.isCapital { return nil }
    guard let last = streetName(from: index + 1, isAfterPrefix: true) else { return nil }
    guard let number = numberBehind(last) else {
      return word.is(.streetFiller) || word.letters <= 2 ? nil : Piece(last: last, strength: .weak)
    }
    let isWeak = word.is(.streetFiller) || words[index + 1].is([.common, .calendar, .product])
    return Piece(last: number, strength: isWeak ? .weak : .sure)
  }

  /// The last word of the name of a street: capitalised words with small words between them.
  private func streetName(from first: Int, isAfterPrefix: Bool) -> Int? {
    var index = first
    var last = -1
    while index < words.count, index - first < 8 {
      let word = words[index]
      let gap = word.gap
      guard
        gap == .space || gap == .apostrophe || gap == [.stop, .space] || gap == .stop
          || gap == .dash || gap == .slash && index == first
      else { break }
      if gap.contains(.stop), index > first, words[index - 1].letters > 3 { break }
      if word.isCapital || word.shape == .caseless {
        if word.is(.unit), last >= first { break }
        last = index
      } else if word.shape == .digits, index == first || words[index - 1].shape == .lower,
        index + 1 < words.count, words[index + 1].gap == .space, words[index + 1].letters >= 2
      {
        // `rue du 8 mai 1945`, `Calle 12`
        last = index
      } else if index == first, !word.is([.particle, .article]) {
        break
      } else if !(word.is([.particle, .streetFiller, .streetPrefix]) || word.is(.calendar)) {
        break
      }
      index += 1
    }
    return last < 0 ? nil : last
  }

  /// `Lindenstraße 5`, `Kerstin-Müller-Weg 12a`, `Lange Straße 5`, `Van der Takstraat 3`
  private func gluedName(_ first: Int) -> Piece? {
    guard words[first].digitsAhead <= 6 else { return nil }
    var index = first
    while index < words.count, index - first < 5 {
      let word = words[index]
      if index > first, word.gap != .space, word.gap != .apostrophe { return nil }
      let isName = word.isCapital || index > first && word.is([.particle, .streetFiller])
      guard isName || index > first && word.isStreetName else { return nil }
      if word.isStreetName || index > first && word.is(.streetPrefix) && word.isCapital,
        let number = numberBehind(index)
      {
        if word.isCommon, word.letters > 4 { return nil }
        let isSure = word.isSureStreetName && !words[number].isYear
        return Piece(last: number, strength: isSure ? .sure : .weak)
      }
      if index == first, word.is([.title, .addressCue]) { return nil }
      // `Lange Straße`, but not `Rechnung an Lindenweg`.
      if index == first, word.isCommon || word.is(.cue) {
        guard index + 1 < words.count, words[index + 1].isCapital,
          words[index + 1].isStreetName || words[index + 1].is(.streetPrefix)
        else { return nil }
      }
      index += 1
    }
    return nil
  }

  // MARK: - Numbers

  /// Whether a house number stands at the word: `12`, `12a`, `4/12`.
  func isHouseNumber(_ index: Int) -> Bool {
    let word = words[index]
    let length = word.end - word.start
    guard length <= 6, ByteText.isDigit(words.text[word.start]) else { return false }
    if word.shape == .mixed, length > 5 || word.letters > 3 { return false }
    let before = words.text[word.start - 1]
    if word.gap.contains(.other) || word.gap.contains(.at) || before == UInt8(ascii: ".")
      || before == UInt8(ascii: ":") || before == UInt8(ascii: "-")
    {
      return false
    }
    return true
  }

  /// The last word of the number that begins at `index`: `12-14`, `12/3 B`.
  func afterNumber(_ index: Int) -> Int {
    var last = index
    while last + 1 < words.count, last - index < 4 {
      let next = words[last + 1]
      guard next.gap == .slash || next.gap == .dash || next.gap == [.space, .slash],
        next.shape == .digits || next.shape == .mixed || next.letters == 1,
        next.end - next.start <= 5
      else { break }
      last += 1
    }
    return last
  }

  /// The last word of a house number behind a street's name.
  private func numberBehind(_ index: Int) -> Int? {
    var next = index + 1
    guard next < words.count else { return nil }
    // `nº 12`, `n. 12`
    if words[next].letters <= 3, words[next].is(.streetFiller), next + 1 < words.count,
      words[next + 1].shape == .digits, words[next].gap.isSubset(of: [.space, .comma])
    {
      next += 1
    }
    let gap = words[next].gap
    guard
      gap == .space || gap == [.comma, .space] || gap == [.space, .stop] || gap == [.stop, .space]
        || gap == [.other, .space] || gap == [.stop],
      isHouseNumber(next) || gap == [.stop] && ByteText.isDigit(words.text[words[next].start])
    else { return nil }
    // A postcode is no house number.
    if words[next].gap.contains(.comma), words[next].end - words[next].start >= 5 { return nil }
    var last = afterNumber(next)
    // `12 a`
    if last + 1 < words.count, words[last + 1].gap == .space, words[last + 1].letters == 1,
      words[last + 1].shape == .lower || words[last + 1].shape == .upper,
      !words[last + 1].is(.common) || words.gap(behind: last + 1) != .space
    {
      last += 1
    }
    return last
  }

  /// `5th`, `42nd`
  private func isOrdinal(_ index: Int) -> Bool {
    words[index].shape == .mixed && words[index].letters == 2
      && ByteText.isDigit(words.text[words[index].start])
  }
}

extension TextWord {
  /// Whether the word is a number of four digits.
  var isYear: Bool { shape == .digits && end - start == 4 }

  /// Whether the word is the name of a street that ends in its type: `Lindenweg`.
  var isStreetName: Bool {
    if hasHyphen, lastClasses.contains(.streetPrefix) { return true }
    return letters >= 5 && StreetEndings.all.end(self, stem: hasHyphen ? 0 : 2)
  }

  /// Whether its type alone is evidence.
  var isSureStreetName: Bool {
    StreetEndings.core.end(self, stem: 1) || hasHyphen && isStreetName
      || self.is(.streetPrefix)
  }
}

/// Endings of names of streets.
enum StreetEndings {
  static let all = WordEndings(AddressWords.gluedEndings)
  static let core = WordEndings(AddressWords.gluedCore)
}
