/// Levenshtein's distance (1966): insertions, deletions and replacements of Unicode scalars.
package enum EditDistance {
  /// Texts are compared up to this many scalars each once their common ends are taken off; what is
  /// longer counts as changed, so that the distance of longer texts is an upper bound.
  package static let scalarsMax = 16_384

  /// Time: the product of the lengths / 64 word operations (Myers 1999, "A fast bit-vector algorithm
  /// for approximate string matching", as Hyyrö 2003 writes it); memory linear.
  package static func between(_ first: String, _ second: String) -> Int {
    var a = Array(first.unicodeScalars)[...]
    var b = Array(second.unicodeScalars)[...]
    while let x = a.first, let y = b.first, x == y { (a, b) = (a.dropFirst(), b.dropFirst()) }
    while let x = a.last, let y = b.last, x == y { (a, b) = (a.dropLast(), b.dropLast()) }
    if a.count > b.count { (a, b) = (b, a) }
    if a.isEmpty { return b.count }
    return distance(Array(a.prefix(scalarsMax)), Array(b.prefix(scalarsMax)))
      + max(0, b.count - scalarsMax)
  }

  private static func distance(_ pattern: [Unicode.Scalar], _ text: [Unicode.Scalar]) -> Int {
    let words = (pattern.count + 63) / 64
    var masks: [Unicode.Scalar: [UInt64]] = [:]
    for (row, scalar) in pattern.enumerated() {
      masks[scalar, default: [UInt64](repeating: 0, count: words)][row / 64] |=
        1 << UInt64(row % 64)
    }
    let none = [UInt64](repeating: 0, count: words)
    // Vertical differences of the table's column: +1 and -1.
    var plus = [UInt64](repeating: .max, count: words)
    var minus = none
    var score = pattern.count
    let last = (1 as UInt64) << UInt64((pattern.count - 1) % 64)
    for scalar in text {
      let equal = masks[scalar] ?? none
      // The first row of the table grows by one in each column.
      var (carryPlus, carryMinus): (UInt64, UInt64) = (1, 0)
      for word in 0..<words {
        let (up, down) = (plus[word], minus[word])
        let match = equal[word] | carryMinus
        let vertical = equal[word] | down
        let diagonal = (((match & up) &+ up) ^ up) | match
        var horizontalPlus = down | ~(diagonal | up)
        var horizontalMinus = up & diagonal
        if word == words - 1 {
          if horizontalPlus & last != 0 { score += 1 }
          if horizontalMinus & last != 0 { score -= 1 }
        }
        let (outPlus, outMinus) = (horizontalPlus >> 63, horizontalMinus >> 63)
        horizontalPlus = horizontalPlus << 1 | carryPlus
        horizontalMinus = horizontalMinus << 1 | carryMinus
        plus[word] = horizontalMinus | ~(vertical | horizontalPlus)
        minus[word] = horizontalPlus & vertical
        (carryPlus, carryMinus) = (outPlus, outMinus)
      }
    }
    return score
  }
}
