/// Numbers for words, so that texts are compared as integers. Words are equal by bytes.
struct WordTable {
  private struct Key: Hashable {
    let bytes: ArraySlice<UInt8>
    let sum: UInt64

    init(_ bytes: ArraySlice<UInt8>) {
      self.bytes = bytes
      // FNV-1a; the dictionary's own hash is keyed by it.
      sum = bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    func hash(into hasher: inout Hasher) { hasher.combine(sum) }
    static func == (a: Key, b: Key) -> Bool { a.sum == b.sum && a.bytes == b.bytes }
  }

  private var numbers: [Key: Int32] = [:]

  var count: Int { numbers.count }

  /// The number of a word, a new one when it is not known.
  mutating func number(_ word: ArraySlice<UInt8>) -> Int32 {
    let key = Key(word)
    if let known = numbers[key] { return known }
    numbers[key] = Int32(numbers.count)
    return Int32(numbers.count - 1)
  }

  /// -1 when the word is not known.
  func known(_ word: ArraySlice<UInt8>) -> Int32 { numbers[Key(word)] ?? -1 }
}
