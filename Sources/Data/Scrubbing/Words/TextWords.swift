internal import CKernels

/// The words and numbers of a text in order, cut once for the rules for names and for addresses.
///
/// What a word is, `orc_pii_read` says. Words of everyday text count as ``WordClass/common`` only in
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

/// Room for the words of a text, kept from text to text; ``MarkScan`` fills it.
struct WordCut: ~Copyable {
  var words: UnsafeMutableBufferPointer<orc_pii_word> = .allocate(capacity: 256)

  deinit { words.deallocate() }

  /// The words that were cut; valid until the next text.
  func settled(_ text: ByteText, _ state: inout orc_pii_cut_state) -> TextWords {
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
