extension AddressFinder {
  // MARK: - Units and boxes

  /// `Flat 12A`, `Apt. 3`, `H.No. 12/3`, `Plot No 5`, `3º B`, `2nd Floor`
  func unit(at index: Int) -> Piece? {
    let word = words[index]
    if ByteText.isDigit(words.text[word.start]), index + 1 < words.count,
      words[index + 1].gap == .space, words[index + 1].is(.unit), words[index + 1].letters >= 4,
      word.end - word.start <= 4, !words[index + 1].is(.streetSuffix)
    {
      return Piece(last: index + 1, strength: .weak)
    }
    guard word.is(.unit) || word.isInitial && index + 1 < words.count && words[index + 1].is(.unit)
    else { return nil }
    var next = index + 1
    var steps = 0
    while next < words.count, steps < 2, words[next].is(.unit) || words[next].is(.streetFiller),
      words[next].gap.isSubset(of: [.space, .stop])
    {
      next += 1
      steps += 1
    }
    guard next < words.count, words[next].gap.isSubset(of: [.space, .stop, .other, .colon, .dash]),
      !words[next].gap.contains(.sentenceEnd), words[next].end - words[next].start <= 6
    else { return nil }
    let value = words[next]
    let isNumber = value.shape == .digits || value.shape == .mixed
    guard isNumber || value.isInitial && word.letters >= 4 && word.isCapital else { return nil }
    if value.gap.contains(.colon) { return nil }
    let isBare = word.is([.common, .streetFiller]) && !word.isCapital || word.letters <= 2
    if isBare, steps == 0, words[index].gap == [.space] || words[index].gap.isBreak { return nil }
    return Piece(last: afterNumber(next), strength: .weak)
  }

  /// `P.O. Box 123`, `Postfach 12 34`
  func box(at index: Int) -> Piece? {
    var next = index
    // `P.O.`, `PO`
    if words[next].isInitial, next + 2 < words.count, words[next + 1].isInitial {
      next += 2
    } else if words[next].letters == 2, words[next].is(.localityWord), next + 1 < words.count,
      words[next + 1].is(.box)
    {
      next += 1
    }
    guard next < words.count, words[next].is(.box), next + 1 < words.count,
      words[next + 1].shape == .digits, words[next + 1].gap.isSubset(of: [.space, .stop])
    else { return nil }
    let word = words[next]
    if word.letters <= 2, word.shape != .upper { return nil }
    var last = next + 1
    while last + 1 < words.count, words[last + 1].gap == .space, words[last + 1].shape == .digits,
      words[last + 1].end - words[last + 1].start <= 3
    {
      last += 1
    }
    let isSure = next > index || word.letters >= 6
    return Piece(last: last, strength: isSure ? .sure : .weak)
  }

  // MARK: - Localities and postcodes

  /// A place's name: one to five capitalised words, perhaps with a type of street.
  ///
  /// - Parameter isBehindCode: whether a postcode stands before it: then it may be any word.
  func locality(at first: Int, isBehindCode: Bool = false) -> Piece? {
    var index = first
    var last = -1
    while index < words.count, index - first < 6 {
      let word = words[index]
      // `Morin -sur-Mer`
      if index > first, word.gap == [.space, .dash], word.shape == .other, word.hasHyphen {
        last = index
        index += 1
        continue
      }
      if index > first, word.gap != .space, word.gap != .dash, word.gap != .apostrophe,
        word.gap != [.stop, .space] || words[index - 1].letters > 2
      {
        break
      }
      if word.isCapital, word.is([.title, .cue]), word.letters > 2,
        !word.is([.place, .given, .surname, .streetSuffix])
      {
        if last >= first { break }
        return nil
      }
      let isName =
        word.isCapital || word.shape == .caseless
        || last >= first && word.is(.streetSuffix) && word.shape == .lower
      if isName {
        if word.isCommon, !isBehindCode, index == first,
          !word.is([.placePrefix, .streetSuffix, .localityWord, .surname, .place]),
          !isStreetBehind(index)
        {
          if last >= first, isBehindCode { break }
          return nil
        }
        let mark = words.text[word.end]
        if mark == UInt8(ascii: "@") || mark == UInt8(ascii: "_")
          || mark == UInt8(ascii: ".") && ByteText.isAlphanumeric(words.text[word.end + 1])
        {
          return nil
        }
        last = index
      } else if index == first, isBehindCode, beginsSmall(index) {
        index += 1
        continue
      } else if !(last >= first && word.is([.streetFiller, .particle]) && word.shape == .lower) {
        break
      }
      index += 1
    }
    guard last >= first else { return nil }
    // What a sentence goes on with is no place: `…, Anna said`.
    if last + 1 < words.count, words[last + 1].gap == .space, words[last + 1].is(.deed) {
      return nil
    }
    if last + 1 < words.count, words[last + 1].gap.contains(.colon) { return nil }
    if !isBehindCode, isPerson(first, last) { return nil }
    if words[last].is(.country), !words[last].is(.state) {
      return Piece(last: last, strength: .closing)
    }
    return Piece(last: last, strength: .plain)
  }

  /// The piece with the postcode, from its first word: `Wolfton, TX 65881`, `12345 Berlin`,
  /// `1234 AB Delft`, `London SW1A 1AA`, `Pune-411001`.
  func closing(at first: Int) -> Piece? {
    if let code = postcode(at: first) {
      // The place behind the code.
      let next = code + 1
      if next < words.count,
        words[next].gap == .space || words[next].gap == [.comma, .space]
          || words[next].gap == [.space, .dash]
          || words[next].gap == .newline && words[code].shape != .digits,
        words[next].isCapital || words[next].shape == .caseless || beginsSmall(next),
        !isLateCode(first), !isWeakCode(first) || words[next].gap == .space,
        let place = locality(at: next, isBehindCode: true)
      {
        return Piece(last: behindPlace(place.last), strength: .closing)
      }
      return Piece(last: code, strength: isWeakCode(first) ? .weak : .closing)
    }
    guard words[first].isCapital || words[first].shape == .caseless else { return nil }
    // The place before it.
    var index = first
    while index < words.count, index - first < 6 {
      let word = words[index]
      if index > first {
        guard word.gap.isSubset(of: [.space, .dash, .comma, .bracket, .stop, .apostrophe, .slash]),
          !word.gap.contains(.comma) || words[index - 1].is(.state) || word.is(.state)
            || postcode(at: index) != nil
        else { return nil }
        if word.gap == .dash, words[index - 1].letters < 3 { return nil }
        if word.gap.contains(.comma), word.shape == .digits, let piece = closing(at: index) {
          return piece
        }
        if let code = postcode(at: index), !isWeakCode(index) || word.gap == .space {
          return Piece(last: code, strength: .closing)
        }
      }
      guard
        word.isCapital || word.shape == .caseless
          || word.is([.streetFiller, .particle]) && word.shape == .lower
          || word.gap == [.space, .dash] && word.shape == .other && word.hasHyphen
      else { return nil }
      index += 1
    }
    return nil
  }

  /// Whether the type of a street follows: `MG Road`.
  private func isStreetBehind(_ index: Int) -> Bool {
    index + 1 < words.count && words[index + 1].gap == .space && words[index + 1].isCapital
      && words[index + 1].is(.coreStreet)
  }

  /// Whether a place begins with a small word: `da Luz`, `de Hoef`.
  private func beginsSmall(_ index: Int) -> Bool {
    words[index].is(.particle) && words[index].shape == .lower && index + 1 < words.count
      && words[index + 1].gap == .space && words[index + 1].isCapital
  }

  /// Whether the words are a given and a family name rather than a place.
  func isPerson(_ first: Int, _ last: Int) -> Bool {
    words[first].isSureGiven && words[last].is(.surname) && last > first
      && !words[last].is([.streetSuffix, .place])
      || words[first].isSureGiven && first == last && words[first].gap.contains(.newline)
  }

  /// Goes over `(RM)`, `(Barcelona)`, a state or a country behind a place.
  private func behindPlace(_ last: Int) -> Int {
    let next = last + 1
    guard next < words.count else { return last }
    let word = words[next]
    if word.gap == [.space, .bracket], words.text[word.end] == UInt8(ascii: ")"), word.isCapital {
      return next
    }
    if word.gap == [.comma, .space] || word.gap == .space || word.gap == [.space, .slash],
      word.shape == .upper, word.letters <= 3,
      word.is(.state)
    {
      return next
    }
    return last
  }

  /// Whether a postcode of English form stands at the word: the place stands before it.
  private func isLateCode(_ index: Int) -> Bool {
    let word = words[index]
    if word.shape == .upper { return word.is(.state) }
    guard word.shape == .mixed, !ByteText.isDigit(words.text[word.start]) else { return false }
    let isIrish =
      word.end - word.start == 7
      || index + 1 < words.count && words[index + 1].end - words[index + 1].start == 4
    return !isIrish
  }

  /// Four digits alone may be a year.
  private func isWeakCode(_ index: Int) -> Bool {
    words[index].isYear && postcode(at: index) == index
  }

  /// The last word of the postcode that begins at the word.
  func postcode(at index: Int) -> Int? {
    let word = words[index]
    let length = word.end - word.start
    let next = index + 1 < words.count ? words[index + 1] : nil
    switch word.shape {
    case .digits:
      // `00-950`, `4000-123`, `01310-100`, `65881-1234`
      if let next, next.gap == .dash, next.shape == .digits {
        let tail = next.end - next.start
        return (length, tail) == (2, 3) || (length, tail) == (4, 3) || (length, tail) == (5, 3)
          || (length, tail) == (5, 4) ? index + 1 : nil
      }
      // `110 001`, `123 45`
      if length == 3, let next, next.gap == .space, next.shape == .digits {
        let tail = next.end - next.start
        if tail == 3 || tail == 2 { return index + 1 }
      }
      // `1234 AB`
      if length == 4, let next, next.gap == .space, next.shape == .upper, next.letters == 2,
        !next.is(.direction)
      {
        return index + 1
      }
      // Brazil without the hyphen, only in front of a place.
      if length == 8, let next, next.gap == .space, next.isCapital { return index }
      return length >= 4 && length <= 6 ? index : nil
    case .mixed:
      return mixedPostcode(at: index)
    case .upper:
      // `TX 65881`, `D-12345`, `CH-8000`
      guard let next, next.shape == .digits, word.letters <= 3 else { return nil }
      let tail = next.end - next.start
      if word.is(.state), next.gap == .space || next.gap == [.comma, .space], tail == 5 || tail == 4
      {
        return postcode(at: index + 1)
      }
      return next.gap == .dash && word.letters <= 2 && (tail == 4 || tail == 5) ? index + 1 : nil
    default: return nil
    }
  }

  /// `SW1A 1AA`, `H2X 1Y4`, `D02 AF30`, `1234AB`
  private func mixedPostcode(at index: Int) -> Int? {
    let word = words[index]
    let length = word.end - word.start
    let text = words.text
    let isLetter = { (place: Int) in ByteText.isUpper(text[place]) }
    let isDigit = { (place: Int) in ByteText.isDigit(text[place]) }
    if length == 6, isDigit(word.start), isDigit(word.start + 3), isLetter(word.start + 4) {
      return index
    }
    guard isLetter(word.start), length <= 4 || length == 6 || length == 7 else { return nil }
    if length >= 6 {
      let start = word.start
      if length == 6, isDigit(start + 1), isLetter(start + 2), isDigit(start + 3),
        isLetter(start + 4), isDigit(start + 5)
      {
        return index
      }
      if length == 7, isDigit(start + 1), isDigit(start + 2) || isLetter(start + 2),
        word.letters >= 2
      {
        return index
      }
      return isDigit(word.end - 3) && isLetter(word.end - 2) && isLetter(word.end - 1) ? index : nil
    }
    guard index + 1 < words.count, words[index + 1].gap == .space else { return nil }
    let next = words[index + 1]
    let tail = next.end - next.start
    // Britain: digit letter letter; Canada: digit letter digit.
    if tail == 3, isDigit(next.start), isLetter(next.start + 1),
      isLetter(next.start + 2) || isDigit(next.start + 2)
    {
      return index + 1
    }
    // Ireland
    return tail == 4 && length == 3 && isDigit(word.start + 1) && next.shape == .mixed
      ? index + 1 : nil
  }
}
