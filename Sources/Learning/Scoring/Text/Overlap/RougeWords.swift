/// The words of texts as rouge_score's default tokenizer finds them, numbered.
struct RougeWords {
  private let stems: Bool
  private var table = WordTable()
  /// Numbers of words as written, when stems are numbered: each is stemmed once.
  private var written = WordTable()
  private var stemOf: [Int32] = []

  init(stems: Bool) { self.stems = stems }

  /// Numbers are below this one.
  var count: Int { table.count }

  struct Text {
    var words: [Int32] = []
    /// Places in ``words`` of each line that has one.
    var lines: [Range<Int>] = []
  }

  mutating func read(_ text: String) -> Text {
    let bytes = Self.lowered(Array(text.utf8))
    let feed = UInt8(ascii: "\n")
    var found = Text()
    var (word, line) = (-1, 0)
    for index in 0...bytes.count {
      let byte = index < bytes.count ? bytes[index] : feed
      if byte != feed, byte != UInt8(ascii: " ") {
        if word < 0 { word = index }
        continue
      }
      if word >= 0 {
        found.words.append(number(bytes[word..<index]))
        word = -1
      }
      if byte == feed, found.words.count > line {
        found.lines.append(line..<found.words.count)
        line = found.words.count
      }
    }
    return found
  }

  private mutating func number(_ word: ArraySlice<UInt8>) -> Int32 {
    guard stems else { return table.number(word) }
    let index = Int(written.number(word))
    if index == stemOf.count {
      stemOf.append(
        word.count > 3 ? table.number(PorterStemmer.stem(word)[...]) : table.number(word))
    }
    return stemOf[index]
  }

  /// Letters a to z, digits and line feeds, anything else a space. Two letters outside ASCII have
  /// an ASCII one in lower case: the Kelvin sign and İ, which becomes i and a mark.
  private static func lowered(_ text: [UInt8]) -> [UInt8] {
    let space = UInt8(ascii: " ")
    var out: [UInt8] = []
    out.reserveCapacity(text.count)
    var index = 0
    while index < text.count {
      let byte = text[index]
      index += 1
      switch byte {
      case 0x61...0x7A, 0x30...0x39, UInt8(ascii: "\n"): out.append(byte)
      case 0x41...0x5A: out.append(byte | 0x20)
      case 0xC4 where index < text.count && text[index] == 0xB0:
        out += [UInt8(ascii: "i"), space]
        index += 1
      case 0xE2 where index + 1 < text.count && text[index] == 0x84 && text[index + 1] == 0xAA:
        out.append(UInt8(ascii: "k"))
        index += 2
      default: out.append(space)
      }
    }
    return out
  }
}
