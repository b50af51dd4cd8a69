/// N-grams that two texts share.
///
/// An n-gram is known by the number of its first n - 1 tokens and its last one, order by order.
/// Only n-grams of the references are kept: memory is some 40 bytes per token of theirs and 8 per
/// token of the text, whatever its length.
enum NGramMatches {
  /// For each order 1...orders: n-grams of `text` that a reference has, each counted at most as
  /// often as in the reference that has it most often (clipped counts of Papineni et al. 2002).
  ///
  /// Tokens are numbers from 0; a negative one is in no reference.
  static func clipped(_ text: [Int32], _ references: [[Int32]], orders: Int) -> [Int] {
    var matches: [Int] = []
    // The number of the n-gram that starts at each place; -1: none that a reference has.
    var textLevel = [Int32](repeating: 0, count: text.count)
    var referenceLevels = references.map { [Int32](repeating: 0, count: $0.count) }
    for order in 1...orders {
      var numbers: [UInt64: Int32] = [:]
      var most: [Int32] = []
      for (which, reference) in references.enumerated() {
        var counts = [Int32](repeating: 0, count: most.count)
        let starts = max(0, reference.count - order + 1)
        for start in 0..<starts {
          let key = key(referenceLevels[which][start], reference[start + order - 1])
          let number = numbers[key] ?? Int32(numbers.count)
          if Int(number) == numbers.count {
            numbers[key] = number
            most.append(0)
            counts.append(0)
          }
          counts[Int(number)] += 1
          referenceLevels[which][start] = number
        }
        for number in counts.indices { most[number] = max(most[number], counts[number]) }
      }
      var matched = 0
      for start in 0..<max(0, text.count - order + 1) {
        let last = text[start + order - 1]
        guard textLevel[start] >= 0, last >= 0, let number = numbers[key(textLevel[start], last)]
        else {
          textLevel[start] = -1
          continue
        }
        textLevel[start] = number
        if most[Int(number)] > 0 {
          most[Int(number)] -= 1
          matched += 1
        }
      }
      matches.append(matched)
    }
    return matches
  }

  private static func key(_ prefix: Int32, _ last: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: prefix)) << 32 | UInt64(UInt32(bitPattern: last))
  }
}
