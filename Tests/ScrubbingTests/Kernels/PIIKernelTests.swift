import CKernels
import Reproducibility
import Testing

@Suite struct PIIKernelTests {
  /// What random texts are made of: words of both tables, signs, and letters of many scripts.
  private static let pieces = [
    "phone", "Phone", "PHONE", "phoneNumber", "my", "number", "größe", "GRÖSSE", "Tel", "token",
    "Anna", "Hans-Peter", "O'Neil", "o’brien’s", "Müller's", "d'Été", "qu'il", "l’eau", "McKay",
    "iPhone", "ABC", "x", "élan", "ÉLAN", "Straße", "Ĳssel", "Şeker", "ȘȚ", "naïve", "e\u{301}te",
    "नमस्ते", "Привет", "東京", "한국", "मोबाइल", "12", "1234567890", "a1b2", "१२", "٣", "９", "3rd",
    "Rhein\u{2010}Weg", "non\u{2011}stop", "verylongwordwithoutend", "Donaudampfschifffahrt",
    " ", " ", " ", "  ", "\t", "\n", "\n\n", ".", ". ", ", ", ":", "::", ":/", "-", "-----", "--",
    "ab-cd-ef", "@", " at ", "(at)", "[AT]", "{at}", "!", "? ", "/", "|", "_", "'", "’", "\u{A0}",
    "\u{2009}", "…", "“", "€", "¿", "🙂", "×", "no.", "Nr. ", "\u{200D}", "。", "º", "192.168.0.1",
  ]

  private static func text(_ number: Int) -> String {
    let random = CounterRandom(seed: 5, stream: "pii", UInt64(number))
    return (0..<random.integer(0, below: 40)).map {
      let piece = pieces[random.integer(UInt64(2 * $0 + 1), below: pieces.count)]
      return random.integer(UInt64(2 * $0 + 2), below: 3) > 0 ? piece + " " : piece
    }.joined()
  }

  @Test("hashes of words are those of the reference, whatever their length")
  func hashes() {
    for count in 0...40 {
      let small = (0..<count).map { UInt8(ascii: "a") + UInt8($0 * 7 % 26) }
      let large = small.map { $0 - 0x20 }
      let expected = WordReference.hash(small)
      #expect(orc_pii_hash(small, count) == expected && orc_pii_hash(large, count) == expected)
      #expect(orc_pii_fold(small, count) == expected && orc_pii_fold(large, count) == expected)
    }
    let folds = ["GARCÍA": "garcia", "Œuvre": "oeuvre", "ẞß": "ẞss", "ȘȚ": "st", "e\u{301}": "e"]
    for (word, plain) in folds {
      let bytes = Array(word.utf8)
      #expect(orc_pii_fold(bytes, bytes.count) == WordReference.hash(Array(plain.utf8)), "\(word)")
    }
    let accents = Array("ÀÞ×".utf8)
    #expect(orc_pii_hash(accents, accents.count) == WordReference.hash(Array("àþ×".utf8)))
  }

  @Test("texts are cut into the words of the reference", arguments: [0, 1, 2, 3])
  func words(_ part: Int) {
    let lists = WordSets([
      "anna": ORC_PII_GIVEN, "hans": ORC_PII_GIVEN, "peter": ORC_PII_GIVEN, "rhein": 1 << 49,
      "muller": ORC_PII_SURNAME, "phone": 1 << 48, "my": 1 << 48 | 1 << 49, "weg": 1 << 21,
    ])
    let active: UInt64 = 1 << 48
    for number in part * 1000..<(part + 1) * 1000 {
      let text = Self.text(number)
      let expected = WordReference.cut(text, active: active) { lists.classes[$0] ?? 0 }
      // Little room, so that the cut stops and goes on.
      #expect(lists.cut(text, active: active, room: 1 + number % 7) == expected, "text \(number)")
    }
  }

  @Test("languages are counted by words that are small or begin with a capital")
  func languages() {
    let lists = WordSets(["phone": 1 << 48, "my": 1 << 48 | 1 << 57])
    // A word with a hyphen has the classes of its first part.
    #expect(lists.languages("My phone PHONE phOne my-phone") == [3, 0, 0, 0, 0, 0, 0, 0, 0, 2])
  }

  @Test("marks and listed words are those of the reference", arguments: [0, 1, 2, 3])
  func marks(_ part: Int) {
    let list = CueList([
      "phone", "phone number!", "my phone number", "my", "größe!", "tel", "token!", "मोबाइल",
    ])
    for number in part * 1000..<(part + 1) * 1000 {
      let text = Self.text(number)
      let expected = MarkReference(text, list)
      let found = Self.scan(Array(text.utf8), list, room: 8 + number % 5)
      #expect(found.marks == expected.marks && found.cues == expected.cues, "text \(number)")
    }
  }

  @Test("bytes that are no UTF-8 are cut without a step outside them")
  func invalid() {
    let list = CueList(["phone!"])
    let lists = WordSets(["anna": ORC_PII_GIVEN])
    for number in 0..<2000 {
      let random = CounterRandom(seed: 6, stream: "bytes", UInt64(number))
      let bytes = (0..<random.integer(0, below: 60)).map {
        UInt8(truncatingIfNeeded: random.bits(UInt64($0 + 1)) >> (number % 2 == 0 ? 7 : 56))
      }
      let words = lists.cut(bytes, active: 0, room: 64)
      for word in words { #expect(word.start <= word.end && word.end <= bytes.count) }
      #expect(zip(words, words.dropFirst()).allSatisfy { $0.end <= $1.start })
      let found = Self.scan(bytes, list, room: 512)
      #expect(found.marks.allSatisfy { $0.offset <= bytes.count })
    }
  }

  private static func scan(_ text: [UInt8], _ list: CueList, room: Int) -> (
    marks: [MarkReference.Mark], cues: [MarkReference.Cue]
  ) {
    var state = orc_pii_state()
    var table = list.table
    var marks: [orc_pii_mark] = []
    var cues: [orc_pii_cue] = []
    var isDone: Int32 = 0
    while isDone == 0 {
      let more = [orc_pii_mark](repeating: orc_pii_mark(), count: room)
      marks = marks.prefix(Int(state.mark_count)) + more
      cues = cues.prefix(Int(state.cue_count)) + Array(repeating: orc_pii_cue(), count: room)
      isDone = orc_pii_scan(
        text, text.count, &table, &state, &marks, UInt32(marks.count), &cues, UInt32(cues.count))
    }
    return (
      marks.prefix(Int(state.mark_count)).map {
        MarkReference.Mark(
          offset: Int($0.offset), word: Int($0.word), cues: Int($0.cues), kind: Int($0.kind))
      },
      cues.prefix(Int(state.cue_count)).map {
        MarkReference.Cue(
          start: Int($0.start), end: Int($0.end), word: Int($0.word), entry: Int($0.entry))
      }
    )
  }
}
