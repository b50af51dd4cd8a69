/// Reads what a judge replied.
///
/// A reply holds its verdict in double brackets, `[[A]]`, `[[B]]` or `[[C]]` for a tie, as
/// FastChat's llm_judge asks for it. Stricter than there: a reply that holds different verdicts is
/// none, and neither is a letter without brackets.
package enum JudgeReply {
  package enum Preference: String, Sendable, Hashable {
    /// The answer shown first.
    case first = "A"
    case second = "B"
    case tie = "C"
  }

  /// Nil where the reply holds no verdict, or several.
  package static func preference(_ reply: String) -> Preference? {
    let found = Set(bracketed(reply).compactMap { Preference(rawValue: $0) })
    return found.count == 1 ? found.first : nil
  }

  /// `[[7]]` or `[[7.5]]`, from 1 to 10; nil where the reply holds no grade, or several.
  package static func grade(_ reply: String) -> Double? {
    let found = Set(bracketed(reply).compactMap(number))
    guard found.count == 1, let grade = found.first, (1...10).contains(grade) else { return nil }
    return grade
  }

  /// What stands between `[[` and `]]`, without spaces at its ends.
  private static func bracketed(_ reply: String) -> [String] {
    var found: [String] = []
    var rest = Array(reply.utf8)[...]
    while let open = firstPair(of: UInt8(ascii: "["), in: rest) {
      rest = rest[(open + 2)...]
      guard let close = firstPair(of: UInt8(ascii: "]"), in: rest) else { break }
      let inside = rest[..<close]
      // `[[[[A]]`: the innermost brackets count.
      if firstPair(of: UInt8(ascii: "["), in: inside) != nil { continue }
      found.append(
        String(decoding: inside, as: UTF8.self).split(separator: " ").joined(separator: " "))
      rest = rest[(close + 2)...]
    }
    return found
  }

  private static func firstPair(of byte: UInt8, in bytes: ArraySlice<UInt8>) -> Int? {
    guard bytes.count >= 2 else { return nil }
    return (bytes.startIndex..<bytes.endIndex - 1).first {
      bytes[$0] == byte && bytes[$0 + 1] == byte
    }
  }

  /// Digits with at most one point between them.
  private static func number(_ text: String) -> Double? {
    guard !text.isEmpty, text.utf8.count <= 8,
      text.utf8.allSatisfy({ (48...57).contains($0) || $0 == 46 }), !text.hasPrefix("."),
      !text.hasSuffix(".")
    else { return nil }
    return Double(text)
  }
}
