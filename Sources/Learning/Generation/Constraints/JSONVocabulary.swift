import Diagnostics
package import Tokenization

/// The tokens of a vocabulary by the bytes they add, so that those that may follow are found fast.
package final class JSONVocabulary: Sendable {
  let size: Int
  /// Tokens that add bytes, in the order of these.
  let order: [Int32]
  /// Their bytes, one after the other, and where each begins.
  let bytes: [UInt8]
  let starts: [Int]
  /// How many bytes each shares with the one before it.
  let shared: [Int]
  /// By id: whether a token is plain characters of a string, whole ones.
  let plain: [Bool]
  /// By id: the place in `order`, or -1.
  let places: [Int]
  /// Places in `order` of the tokens that are not plain.
  let other: [Int]
  /// For each of `other`, the bytes it shares with the one before it in that list.
  let otherShared: [Int]

  /// - Throws: ``Failure`` where tokens have no bytes of their own, or a byte that JSON needs has no
  ///   token.
  package init(_ tokenizer: Tokenizer, _ size: Int) throws {
    self.size = size
    var texts = (0..<Int32(min(size, tokenizer.vocabularySize))).compactMap { id in
      tokenizer.addedBytes(of: id).flatMap { $0.isEmpty ? nil : (id: id, bytes: $0) }
    }.sorted { a, b in
      a.bytes == b.bytes ? a.id < b.id : a.bytes.lexicographicallyPrecedes(b.bytes)
    }
    let single = Set(texts.filter { $0.bytes.count == 1 }.map { $0.bytes[0] })
    if let missing = Self.needed.first(where: { !single.contains($0) }) {
      let character = Character(Unicode.Scalar(missing))
      throw Self.refusal("no token of its own for the character '\(character)'")
    }
    // A character that is begun must have a way to its end.
    if !(0x80...0xBF).allSatisfy(single.contains) {
      texts.removeAll { !Self.isWhole($0.bytes) }
    }
    order = texts.map(\.id)
    bytes = texts.flatMap(\.bytes)
    starts = texts.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.bytes.count) }
    func sharedCount(_ a: [UInt8], _ b: [UInt8]) -> Int { zip(a, b).prefix { $0 == $1 }.count }
    shared = texts.indices.map { $0 > 0 ? sharedCount(texts[$0 - 1].bytes, texts[$0].bytes) : 0 }
    let other = texts.indices.filter { !Self.isPlain(texts[$0].bytes) }
    otherShared = other.indices.map {
      $0 > 0 ? sharedCount(texts[other[$0 - 1]].bytes, texts[other[$0]].bytes) : 0
    }
    self.other = other
    var plain = [Bool](repeating: false, count: size)
    var places = [Int](repeating: -1, count: size)
    for (place, text) in texts.enumerated() {
      places[Int(text.id)] = place
      plain[Int(text.id)] = Self.isPlain(text.bytes)
    }
    (self.plain, self.places) = (plain, places)
  }

  /// Bytes on the shortest ways to the end of a value.
  private static let needed = Array("\"{}[]:,0123456789abcdefghijklmnopqrstuvwxyz".utf8)

  /// Whole characters that a string holds as they are.
  private static func isPlain(_ bytes: [UInt8]) -> Bool {
    isWhole(bytes)
      && bytes.allSatisfy {
        $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
      }
  }

  private static func isWhole(_ bytes: [UInt8]) -> Bool {
    String(validating: bytes, as: UTF8.self) != nil
  }

  private static func refusal(_ what: String) -> Failure {
    Diagnostic(
      "generation.no-json", "JSON cannot be asked of this model: its tokenizer has \(what)",
      fix: "leave out the constraint, and check answers instead"
    ).failure(.badInput)
  }
}
