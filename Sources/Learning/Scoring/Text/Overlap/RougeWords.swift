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

  mutating func numbers(_ text: String) -> [Int32] {
    Self.lowered(text.utf8).split(separator: UInt8(ascii: " ")).map { number($0) }
  }

  /// Of each line that is not empty, by line feeds.
  mutating func lines(_ text: String) -> [[Int32]] {
    text.utf8.split(separator: UInt8(ascii: "\n")).map { line in
      Self.lowered(line).split(separator: UInt8(ascii: " ")).map { number($0) }
    }
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

  /// Letters a to z and digits, anything else a space. Two letters outside ASCII have an ASCII one
  /// in lower case: the Kelvin sign and İ, which becomes i and a mark.
  private static func lowered(_ text: some Sequence<UInt8>) -> [UInt8] {
    let space = UInt8(ascii: " ")
    var out: [UInt8] = []
    for byte in text {
      switch byte {
      case 0x61...0x7A, 0x30...0x39: out.append(byte)
      case 0x41...0x5A: out.append(byte | 0x20)
      default: out.append(byte)
      }
    }
    var index = 0
    var end = 0
    while index < out.count {
      let rest = out.count - index
      if out[index] == 0xC4, rest > 1, out[index + 1] == 0xB0 {
        out[end] = UInt8(ascii: "i")
        out[end + 1] = space
        (index, end) = (index + 2, end + 2)
      } else if out[index] == 0xE2, rest > 2, out[index + 1] == 0x84, out[index + 2] == 0xAA {
        out[end] = UInt8(ascii: "k")
        (index, end) = (index + 3, end + 1)
      } else {
        let byte = out[index]
        let isWord = (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte)
        out[end] = isWord ? byte : space
        (index, end) = (index + 1, end + 1)
      }
    }
    out.removeLast(out.count - end)
    return out
  }
}
