/// distinct-n (Li et al. 2016, "A diversity-promoting objective function for neural conversation
/// models"): n-grams that occur, over n-grams, of all texts together. Near 0: the model repeats
/// itself.
package enum DistinctNGrams {
  /// Words stand between white space, case kept. Nil when no text has n words.
  package static func share(_ texts: [String], order: Int) -> Double? {
    precondition(order > 0, "an n-gram has words")
    var table = WordTable()
    // An n-gram is the number of its first words and its last one.
    var numbers = [[UInt64: Int32]](repeating: [:], count: order)
    var total = 0
    for text in texts {
      let words = text.utf8.split(whereSeparator: { $0 == 0x20 || (0x09...0x0D).contains($0) })
        .map { table.number(Array($0)[...]) }
      for start in 0..<max(0, words.count - order + 1) {
        var prefix: Int32 = 0
        for (level, word) in words[start..<start + order].enumerated() {
          let key = UInt64(UInt32(bitPattern: prefix)) << 32 | UInt64(UInt32(bitPattern: word))
          prefix = numbers[level][key] ?? Int32(numbers[level].count)
          numbers[level][key] = prefix
        }
        total += 1
      }
    }
    return total == 0 ? nil : Double(numbers[order - 1].count) / Double(total)
  }
}
