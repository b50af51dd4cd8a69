import CKernels
import Reproducibility
import Testing

/// `orc_pii_read` against the two passes that it is: `orc_pii_scan` and `orc_pii_cut`.
@Suite struct PIIReadTests {
  private static let list = CueList([
    "phone", "phone number!", "my phone number", "my", "größe!", "tel", "token!", "मोबाइल", "the",
  ])
  private static let sets = WordSets([
    "anna": ORC_PII_GIVEN, "hans": ORC_PII_GIVEN, "peter": ORC_PII_GIVEN, "rhein": 1 << 49,
    "muller": ORC_PII_SURNAME, "phone": 1 << 48, "my": 1 << 48 | 1 << 49, "weg": 1 << 21,
  ])

  /// Words of every length around eight and sixteen bytes, and all that may stand beside them.
  private static let pieces =
    (1...18).map { String("abcdefghijklmnopqr".prefix($0)) }
    + (6...17).map { "A" + String("bcdefghijklmnopqr".prefix($0)) }
    + (6...17).map { String("12345678901234567".prefix($0)) }
    + [
      "Phone", "phoneNumber", "phone number", "ABCdef", "abcdefgH", "abcdefghI", "ABCDEFGH", "I",
      "Anna", "Hans-Peter", "O'Neil", "o’brien’s", "d'Été", "l’eau", "iPhone", "größe", "Straße",
      "a1", "1a", "12ab34", "abcdefgh1", "१२", "٣", "東京", "मोबाइल", "é", "×", "a×b", " ", " ", " ",
      " ", "  ", "\n", "\n\n", ".", ". A", ", ", ":", "::", ":/", "-", "-----", "@", " at ", "(at)",
      "!", "? ", "/", "_", "'", "’", "\u{A0}", "…", "\u{2011}", "🙂", "\0", "\t", "\r",
    ]

  @Test("one pass writes what the two write", arguments: [0, 1, 2, 3])
  func texts(_ part: Int) {
    for number in part * 2000..<(part + 1) * 2000 {
      let random = CounterRandom(seed: 7, stream: "read", UInt64(number))
      let text = (0..<random.integer(0, below: 30)).map {
        Self.pieces[random.integer(UInt64($0 + 1), below: Self.pieces.count)]
      }.joined()
      #expect(Self.isSame(Array(text.utf8), room: 8 + number % 9), "text \(number)")
    }
  }

  @Test("so it does for bytes that are no UTF-8")
  func bytes() {
    for number in 0..<4000 {
      let random = CounterRandom(seed: 8, stream: "read", UInt64(number))
      let bytes = (0..<random.integer(0, below: 60)).map {
        UInt8(truncatingIfNeeded: random.bits(UInt64($0 + 1)) >> (number % 2 == 0 ? 7 : 56))
      }
      #expect(Self.isSame(bytes, room: 64), "bytes \(number)")
    }
  }

  /// - Parameter room: of each buffer at first, so that the pass stops and goes on.
  private static func isSame(_ text: [UInt8], room: Int) -> Bool {
    var (table, lists) = (list.table, sets.lists)
    let most = 4 * text.count + 16
    var (state, cut) = (orc_pii_state(), orc_pii_cut_start())
    var marks = [orc_pii_mark](repeating: orc_pii_mark(), count: most)
    var cues = [orc_pii_cue](repeating: orc_pii_cue(), count: most)
    var words = [orc_pii_word](repeating: orc_pii_word(), count: most)
    _ = orc_pii_scan(
      text, text.count, &table, &state, &marks, UInt32(most), &cues, UInt32(most))
    _ = orc_pii_cut(text, text.count, &lists, &cut, &words, most)
    let (expectedState, expectedCut) = (state, cut)
    let expected = written(marks, cues, words, state, cut)
    (state, cut) = (orc_pii_state(), orc_pii_cut_start())
    var given = room
    while orc_pii_read(
      text, text.count, &table, &lists, &state, &cut, &marks, UInt32(given), &cues, UInt32(given),
      &words, given) == 0
    {
      given += room
      if given > most { return false }
    }
    return state.word == expectedState.word && cut.gaps == expectedCut.gaps
      && written(marks, cues, words, state, cut) == expected
  }

  /// Every field of what was written, as numbers.
  private static func written(
    _ marks: [orc_pii_mark], _ cues: [orc_pii_cue], _ words: [orc_pii_word],
    _ state: orc_pii_state, _ cut: orc_pii_cut_state
  ) -> [[UInt64]] {
    marks.prefix(Int(state.mark_count)).map {
      [UInt64($0.offset), UInt64($0.word), UInt64($0.cues), UInt64($0.kind)]
    }
      + cues.prefix(Int(state.cue_count)).map {
        [UInt64($0.start), UInt64($0.end), UInt64($0.word), UInt64($0.entry)]
      }
      + words.prefix(cut.words).map {
        [
          $0.hash, $0.tail, $0.classes, $0.last_classes, UInt64($0.start), UInt64($0.end),
          UInt64($0.gap), UInt64($0.shape), UInt64($0.letters), UInt64($0.has_hyphen),
          UInt64($0.digits_ahead),
        ]
      }
      + [withUnsafeBytes(of: cut.languages) { $0.bindMemory(to: UInt32.self).map(UInt64.init) }]
  }
}
