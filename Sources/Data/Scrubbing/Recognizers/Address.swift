extension Recognizer {
  /// Postal addresses, from the number or the building to the postcode or the country, by the
  /// grammar of each country (``AddressFinder``). Names of places alone are not personal data.
  ///
  /// Scores: a street and a postcode or a label 0.8, a street with a number 0.6.
  static let address = Recognizer(
    entity: .location,
    search: .words { words, found in
      for address in AddressFinder.addresses(in: words) {
        found.append(
          Detection(
            .location, words[address.first].start..<end(of: address, words), score: address.score))
      }
    })

  /// Behind the address; a bracket that was opened in it is closed in it: `Roma (RM)`.
  private static func end(of address: FoundAddress, _ words: TextWords) -> Int {
    let end = words[address.last].end
    let opens = words.text[words[address.last].start - 1] == UInt8(ascii: "(")
    return opens && words.text[end] == UInt8(ascii: ")") ? end + 1 : end
  }
}

/// A run of words taken for an address.
struct FoundAddress {
  var first: Int
  /// Inclusive.
  var last: Int
  var score: Double
}
