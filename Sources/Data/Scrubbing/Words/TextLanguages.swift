/// The languages of a text, as far as its everyday words tell.
///
/// Lists of everyday words overlap: `Pas` is a Dutch family name and a French word. A list counts
/// where at least a fifth as many words of the text are in it as in the most frequent one, all lists
/// where the text has fewer than three such words.
struct TextLanguages: Sendable {
  /// The classes of the lists that count.
  private(set) var active: WordClass = []
  /// Whether the text is German, or another language is and German is not far from it.
  private(set) var isGerman = false
  private var counts:
    (UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32) = (
      0, 0, 0, 0, 0, 0, 0, 0, 0, 0
    )

  mutating func count(_ word: TextWord) {
    var bits = word.classes.rawValue >> UInt64(WordClass.languageShift)
    guard bits != 0, word.shape == .lower || word.shape == .capitalised else { return }
    withUnsafeMutableBytes(of: &counts) { buffer in
      let lanes = buffer.bindMemory(to: UInt32.self)
      while bits != 0 {
        let lane = bits.trailingZeroBitCount
        bits &= bits - 1
        if lane < lanes.count { lanes[lane] &+= 1 }
      }
    }
  }

  /// Decides once all words are counted.
  mutating func settle() {
    let values = withUnsafeBytes(of: counts) { Array($0.bindMemory(to: UInt32.self)) }
    let most = values.max() ?? 0
    guard most >= 3 else {
      active = .anyLanguage
      isGerman = values[1] >= 2 && values[1] >= values[0]
      return
    }
    for (lane, value) in values.enumerated() where value * 5 >= most && value >= 2 {
      active.insert(WordClass(rawValue: 1 << UInt64(WordClass.languageShift + lane)))
    }
    isGerman = values[1] * 3 >= most * 2
  }
}
