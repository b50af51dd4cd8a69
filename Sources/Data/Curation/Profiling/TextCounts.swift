/// Characters and words of texts.
package struct TextCounts: Sendable, Hashable {
  /// Unicode code points.
  package var characters = 0
  /// Runs of anything but white space of ASCII.
  package var words = 0

  package init() {}

  init(characters: Int, words: Int) {
    self.characters = characters
    self.words = words
  }

  /// Counts one text of valid UTF-8.
  package mutating func add(_ text: UnsafeBufferPointer<UInt8>) {
    var characters = 0
    var words = 0
    var wasSpace: UInt8 = 1
    for byte in text {
      // Every code point has one byte that continues none.
      characters &+= byte & 0xC0 == 0x80 ? 0 : 1
      let isSpace: UInt8 = byte == 32 || (byte >= 9 && byte <= 13) ? 1 : 0
      words &+= Int(wasSpace & (isSpace ^ 1))
      wasSpace = isSpace
    }
    self.characters += characters
    self.words += words
  }
}
