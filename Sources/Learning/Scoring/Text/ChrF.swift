/// chrF (Popović 2015) and chrF++ (Popović 2017) as sacrebleu computes them: character n-grams up to
/// 6 without white space, β 2; chrF++ adds word n-grams up to 2.
///
/// Items are vectors of sums, see ``Bleu``.
package struct ChrF: Sendable, Hashable {
  package static let characterOrders = 6
  /// 0: chrF; 2: chrF++.
  package var wordOrders: Int

  package init(wordOrders: Int = 0) {
    precondition((0...4).contains(wordOrders), "word n-grams of 0 to 4")
    self.wordOrders = wordOrders
  }

  package static let plusPlus = ChrF(wordOrders: 2)

  /// For each order: n-grams of the answer, of the reference, and matches.
  package var width: Int { 3 * (Self.characterOrders + wordOrders) }

  /// An item: ``width`` numbers, against the reference with the best score; the first of equals.
  package func sums(_ answer: String, _ references: [String]) -> [Double] {
    precondition(!references.isEmpty, "a score against nothing")
    let characters = Self.characters(answer)
    var best: [Double] = []
    var bestScore = -1.0
    for reference in references {
      let wanted = Self.characters(reference)
      var sums = Self.sums(characters, wanted, orders: Self.characterOrders)
      if wordOrders > 0 {
        var table = WordTable()
        let wanted = Self.words(reference).map { table.number($0) }
        let given = Self.words(answer).map { table.known($0) }
        sums += Self.sums(given, wanted, orders: wordOrders)
      }
      let score = score(sums)
      if score > bestScore { (best, bestScore) = (sums, score) }
    }
    return best
  }

  private static func sums(_ given: [Int32], _ wanted: [Int32], orders: Int) -> [Double] {
    let matches = NGramMatches.clipped(given, [wanted], orders: orders)
    return (1...orders).flatMap { order -> [Double] in
      let givenCount = max(0, given.count - order + 1)
      let wantedCount = max(0, wanted.count - order + 1)
      // An order that the reference is too short for counts nowhere.
      return [
        wantedCount > 0 ? Double(givenCount) : 0, Double(wantedCount), Double(matches[order - 1]),
      ]
    }
  }

  /// 0 to 100, from sums of items: F2 of the mean precision and the mean recall over the orders
  /// that both sides have.
  package func score(_ sums: [Double]) -> Double {
    precondition(sums.count == width, "sums of another metric")
    var (precision, recall, orders) = (0.0, 0.0, 0.0)
    for start in stride(from: 0, to: width, by: 3) where sums[start] > 0 && sums[start + 1] > 0 {
      precision += sums[start + 2] / sums[start]
      recall += sums[start + 2] / sums[start + 1]
      orders += 1
    }
    guard precision + recall > 0 else { return 0 }
    precision /= orders
    recall /= orders
    let weight = 4.0
    return 100 * ((1 + weight) * precision * recall / (weight * precision + recall))
  }

  /// The score of one answer.
  package func score(_ answer: String, _ references: [String]) -> Double {
    score(sums(answer, references))
  }

  /// Unicode scalars that are no white space.
  private static func characters(_ text: String) -> [Int32] {
    text.unicodeScalars.lazy.filter { !PythonText.isSpace($0) }.map { Int32($0.value) }
  }

  /// Words between white space, with one ASCII mark at the end, else one at the beginning, apart.
  private static func words(_ text: String) -> [ArraySlice<UInt8>] {
    var words: [ArraySlice<UInt8>] = []
    for word in text.unicodeScalars.split(whereSeparator: PythonText.isSpace) {
      let bytes = Array(String(word).utf8)[...]
      let isOne = word.index(after: word.startIndex) == word.endIndex
      if !isOne, let last = word.last, TextNormalization.asciiPunctuation.contains(last) {
        words += [bytes.dropLast(), bytes.suffix(1)]
      } else if !isOne, let first = word.first, TextNormalization.asciiPunctuation.contains(first) {
        words += [bytes.prefix(1), bytes.dropFirst()]
      } else {
        words.append(bytes)
      }
    }
    return words
  }
}
