import CKernels

/// Lists of words for `orc_pii_cut`, as its table and as a dictionary.
///
/// - Note: `@unchecked Sendable`: changed by `init` only.
final class WordSets: @unchecked Sendable {
  /// By hash of the folded word.
  private(set) var classes: [UInt64: UInt64] = [:]
  private let slots: UnsafeMutableBufferPointer<UInt64> = .allocate(capacity: 64)
  private let sets: UnsafeMutableBufferPointer<UInt64>

  /// - Parameter words: folded words and their classes.
  init(_ words: [String: Int]) {
    slots.initialize(repeating: 0)
    sets = .allocate(capacity: words.count + 1)
    sets.initialize(repeating: 0)
    for (number, (word, set)) in words.sorted(by: { $0.key < $1.key }).enumerated() {
      let hash = WordReference.hash(Array(word.utf8))
      classes[hash] = UInt64(set)
      sets[number + 1] = UInt64(set)
      var place = Int((hash &* 0x9E37_79B9_7F4A_7C15) >> 32) & 63
      while slots[place] != 0 { place = (place + 1) & 63 }
      slots[place] = (hash >> 24) << 24 | UInt64(number + 1)
    }
  }

  deinit {
    slots.deallocate()
    sets.deallocate()
  }

  func cut(_ text: String, active: UInt64, room: Int) -> [WordReference.Word] {
    cut(Array(text.utf8), active: active, room: room)
  }

  /// - Parameter room: words that the cut gets at a time.
  func cut(_ text: [UInt8], active: UInt64, room: Int) -> [WordReference.Word] {
    var (words, state) = read(text, room: room)
    orc_pii_settle(&words, state.words, active)
    state.at = 0
    return words.prefix(state.words).map { word in
      WordReference.Word(
        start: Int(word.start), end: Int(word.end), hash: word.hash, tail: word.tail,
        classes: word.classes, lastClasses: word.last_classes, gap: Int(word.gap),
        shape: Int(word.shape), letters: Int(word.letters), hasHyphen: word.has_hyphen != 0,
        digitsAhead: Int(word.digits_ahead))
    }
  }

  func languages(_ text: String) -> [UInt32] {
    withUnsafeBytes(of: read(Array(text.utf8), room: 99).state.languages) {
      Array($0.bindMemory(to: UInt32.self))
    }
  }

  var lists: orc_pii_lists {
    orc_pii_lists(slots: slots.baseAddress, mask: 63, sets: sets.baseAddress)
  }

  private func read(_ text: [UInt8], room: Int) -> (
    words: [orc_pii_word], state: orc_pii_cut_state
  ) {
    var lists = lists
    var state = orc_pii_cut_start()
    var words = [orc_pii_word](repeating: orc_pii_word(), count: room)
    while orc_pii_cut(text, text.count, &lists, &state, &words, words.count) == 0 {
      words += [orc_pii_word](repeating: orc_pii_word(), count: room)
    }
    return (words, state)
  }
}
