/// ROUGE (Lin 2004) as rouge_score computes it: words are runs of a to z and 0 to 9 after lower
/// casing, so that other scripts vanish.
package struct Rouge: Sendable, Hashable {
  package enum Variant: Sendable, Hashable {
    /// `rougeN`: n-grams, each counted as often as both texts have it.
    case ngrams(Int)
    /// `rougeL`: the longest common subsequence of the texts.
    case longest
    /// `rougeLsum`: for each line of the reference the union of its longest common subsequences
    /// with the lines of the answer, words counted as often as both texts have them.
    case longestByLine

    /// `rouge1` to `rouge9`, `rougeL`, `rougeLsum`; nil for anything else.
    package init?(name: String) {
      switch name {
      case "rougeL": self = .longest
      case "rougeLsum": self = .longestByLine
      default:
        guard name.hasPrefix("rouge"), name.utf8.count == 6, let order = Int(name.dropFirst(5)),
          order > 0
        else { return nil }
        self = .ngrams(order)
      }
    }
  }

  package struct Score: Sendable, Hashable {
    package var precision: Double
    package var recall: Double

    init(_ common: Int, answer: Int, reference: Int) {
      precision = Double(common) / Double(max(answer, 1))
      recall = Double(common) / Double(max(reference, 1))
    }

    /// 0 to 1; the harness multiplies it by 100.
    package var f1: Double {
      precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0
    }
  }

  package var variant: Variant
  /// Whether words longer than three letters are stemmed (``PorterStemmer``).
  package var stems: Bool

  package init(_ variant: Variant, stems: Bool = false) {
    self.variant = variant
    self.stems = stems
  }

  /// Time and memory are linear in the texts for n-grams; for subsequences see
  /// ``CommonSubsequence/cellsMax``.
  package func score(_ answer: String, _ reference: String) -> Score {
    var words = RougeWords(stems: stems)
    switch variant {
    case .ngrams(let order):
      let (given, wanted) = (words.read(answer).words, words.read(reference).words)
      let common = NGramMatches.clipped(given, [wanted], orders: order)[order - 1]
      return Score(
        common, answer: max(0, given.count - order + 1),
        reference: max(0, wanted.count - order + 1))
    case .longest:
      let (given, wanted) = (words.read(answer).words, words.read(reference).words)
      let common = Self.longest(given, wanted, tokens: words.count)
      return Score(common, answer: given.count, reference: wanted.count)
    case .longestByLine:
      return Self.byLine(words.read(answer), words.read(reference), tokens: words.count)
    }
  }

  /// The score with the best F1 of several references; the first of equals.
  package func score(_ answer: String, references: [String]) -> Score {
    precondition(!references.isEmpty, "a score against nothing")
    let scores = references.map { score(answer, $0) }
    return scores.dropFirst().reduce(scores[0]) { $1.f1 > $0.f1 ? $1 : $0 }
  }

  /// The stem that ``stems`` counts a lower-case ASCII word by: NLTK's `PorterStemmer`.
  package static func stem(_ word: String) -> String {
    String(decoding: PorterStemmer.stem(Array(word.utf8)[...]), as: UTF8.self)
  }

  private static func longest(_ given: [Int32], _ wanted: [Int32], tokens: Int) -> Int {
    // Symmetric: bits over the shorter text.
    let (short, long) = given.count < wanted.count ? (given, wanted) : (wanted, given)
    if short.isEmpty { return 0 }
    let rows = short.prefix(rowsMax)
    var subsequence = CommonSubsequence(tokens: tokens)
    subsequence.load(rows)
    return subsequence.length(long.prefix(CommonSubsequence.cellsMax / rows.count))
  }

  private static func byLine(_ given: RougeWords.Text, _ wanted: RougeWords.Text, tokens: Int)
    -> Score
  {
    // How often each word may still be counted.
    var left = [Int32](repeating: 0, count: tokens)
    for word in given.words { left[Int(word)] += 1 }
    var wantedLeft = [Int32](repeating: 0, count: tokens)
    for word in wanted.words { wantedLeft[Int(word)] += 1 }

    let rows = cut(wanted, to: rowsMax)
    let cost = rows.reduce(0) { $0 + max(lineCost, $1.count) }
    let columns = cut(given, to: CommonSubsequence.cellsMax / max(1, cost))
    var subsequence = CommonSubsequence(tokens: tokens)
    var common = 0
    for line in rows {
      subsequence.load(line)
      var isIn = [Bool](repeating: false, count: line.count)
      for text in columns { for row in subsequence.rows(text) { isIn[row] = true } }
      for (word, isIn) in zip(line, isIn)
      where isIn && left[Int(word)] > 0 && wantedLeft[Int(word)] > 0 {
        left[Int(word)] -= 1
        wantedLeft[Int(word)] -= 1
        common += 1
      }
    }
    return Score(common, answer: given.words.count, reference: wanted.words.count)
  }

  /// Words of the text whose bits are kept.
  private static let rowsMax = 32_768
  /// What a line costs at least, in words: two lines are compared in the time of 256 cells.
  private static let lineCost = 16

  /// The first lines that cost no more than so many words, the last of them cut.
  private static func cut(_ text: RougeWords.Text, to most: Int) -> [ArraySlice<Int32>] {
    var left = most
    var kept: [ArraySlice<Int32>] = []
    for line in text.lines where left > 0 {
      kept.append(text.words[line].prefix(left))
      left -= max(lineCost, line.count)
    }
    return kept
  }
}
