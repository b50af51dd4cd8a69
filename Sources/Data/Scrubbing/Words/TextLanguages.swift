/// The languages of a text, as far as its everyday words tell.
///
/// Lists of everyday words overlap: `Pas` is a Dutch family name and a French word. A list counts
/// where at least a fifth as many words of the text are in it as in the most frequent one, all lists
/// where the text has fewer than three such words.
struct TextLanguages: Sendable {
  /// The classes of the lists that count.
  private(set) var active: WordClass = []
  /// Whether the text is German, or another language is and German is not far from it.
  let isGerman: Bool

  /// - Parameter counts: of the words of the text, how many are everyday words of each language.
  init(_ counts: UnsafeBufferPointer<UInt32>) {
    let most = counts.max() ?? 0
    guard most >= 3 else {
      active = .anyLanguage
      isGerman = counts[1] >= 2 && counts[1] >= counts[0]
      return
    }
    for (lane, value) in counts.enumerated() where value * 5 >= most && value >= 2 {
      active.insert(WordClass(rawValue: 1 << UInt64(WordClass.languageShift + lane)))
    }
    isGerman = counts[1] * 3 >= most * 2
  }
}
