internal import CKernels

/// The words and numbers of a text in order, cut once for the rules for names and for addresses.
///
/// What a word is, `orc_pii_cut` says. Words of everyday text count as ``WordClass/common`` only in
/// the languages that the text is written in (``TextLanguages``).
package struct TextWords {
  let text: ByteText
  let languages: TextLanguages
  /// The kinds of all gaps together.
  let gaps: WordGap
  private let words: UnsafeBufferPointer<orc_pii_word>

  fileprivate init(
    _ text: ByteText, _ words: UnsafeBufferPointer<orc_pii_word>, _ languages: TextLanguages,
    gaps: WordGap
  ) {
    self.text = text
    self.words = words
    self.languages = languages
    self.gaps = gaps
  }

  var count: Int { words.count }

  subscript(index: Int) -> TextWord {
    precondition(index >= 0 && index < words.count, "no such word")
    return TextWord(kernel: words[index])
  }

  /// What stands behind word `index`: the gap before the next one, or the end of the text.
  func gap(behind index: Int) -> WordGap {
    if index + 1 < words.count { return self[index + 1].gap }
    return text.count > self[index].end ? [.stop, .newline] : [.blankLine]
  }
}

/// Cuts texts into words. Its buffer is kept from text to text.
struct WordCut: ~Copyable {
  private var words: UnsafeMutableBufferPointer<orc_pii_word> = .allocate(capacity: 256)

  deinit { words.deallocate() }

  /// The words of `text`; valid until the next cut.
  ///
  /// - Precondition: fewer than 2^31 bytes.
  mutating func cut(_ text: ByteText) -> TextWords {
    var state = orc_pii_cut_start()
    var lists = WordTable.shared.lists
    while orc_pii_cut(
      text.bytes.baseAddress, text.count, &lists, &state, words.baseAddress, words.count) == 0
    {
      words.grow(used: state.words)
    }
    let languages = withUnsafeBytes(of: state.languages) {
      TextLanguages($0.bindMemory(to: UInt32.self))
    }
    orc_pii_settle(words.baseAddress, state.words, languages.active.rawValue)
    return TextWords(
      text, UnsafeBufferPointer(rebasing: words[..<state.words]), languages,
      gaps: WordGap(rawValue: state.gaps))
  }
}

extension UnsafeMutableBufferPointer {
  /// Doubles the buffer; its first `used` values stay.
  mutating func grow(used: Int) {
    let larger = UnsafeMutableBufferPointer.allocate(capacity: count * 2)
    if let old = baseAddress, let new = larger.baseAddress {
      new.moveInitialize(from: old, count: used)
    }
    deallocate()
    self = larger
  }
}
