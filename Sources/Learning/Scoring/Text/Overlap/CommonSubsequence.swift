/// The longest common subsequence of two texts of numbered words, 64 cells of the usual table at a
/// time.
///
/// Columns of the table (rows: a reference, columns: a text) are kept as bits: bit i of a column is
/// set where the length grows from row i to row i + 1 (Hyyrö 2004, "Bit-parallel LCS-length
/// computation revisited"). Time: rows × columns / 64 operations on words of 64 bits.
struct CommonSubsequence {
  /// Cells that one score may take: 32,768 words by as many, or 2,000,000 words by 536. Of a
  /// longer text only the first words (lines, each as 16 words at least) are compared, so that its
  /// score is a lower bound; a few seconds and 150 MiB at most.
  static let cellsMax = 1 << 30

  private var reference: ArraySlice<Int32> = []
  private var words = 0
  /// Where the bits of a token begin; -1 when the reference lacks it.
  private var slots: [Int32]
  private var bits: [UInt64] = []

  /// - Parameter tokens: tokens are below this number.
  init(tokens: Int) { slots = [Int32](repeating: -1, count: tokens) }

  /// What texts are compared with from now on.
  mutating func load(_ reference: ArraySlice<Int32>) {
    for token in self.reference { slots[Int(token)] = -1 }
    bits.removeAll(keepingCapacity: true)
    self.reference = reference
    words = (reference.count + 63) / 64
    for (row, token) in reference.enumerated() {
      if slots[Int(token)] < 0 {
        slots[Int(token)] = Int32(bits.count)
        bits.append(contentsOf: repeatElement(0, count: words))
      }
      bits[Int(slots[Int(token)]) + row / 64] |= 1 << UInt64(row % 64)
    }
  }

  func length(_ text: ArraySlice<Int32>) -> Int {
    var column = [UInt64](repeating: .max, count: words)
    for token in text where slots[Int(token)] >= 0 {
      column.withUnsafeMutableBufferPointer { advance($0, Int(slots[Int(token)])) }
    }
    return column.reduce(0) { $0 + (~$1).nonzeroBitCount }
  }

  /// A column of inverted bits becomes the next one.
  private func advance(_ column: UnsafeMutableBufferPointer<UInt64>, _ slot: Int) {
    var carry: UInt64 = 0
    bits.withUnsafeBufferPointer { bits in
      for word in 0..<column.count {
        let mask = bits[slot + word]
        let (half, first) = column[word].addingReportingOverflow(column[word] & mask)
        let (sum, second) = half.addingReportingOverflow(carry)
        carry = first || second ? 1 : 0
        column[word] = sum | (column[word] & ~mask)
      }
    }
  }

  /// Rows of one longest common subsequence, from the last to the first: of several the one that
  /// rouge_score reads out, which goes a row up unless the length is kept only a column back.
  func rows(_ text: ArraySlice<Int32>) -> [Int] {
    let text = Array(text)
    guard words > 0, text.contains(where: { slots[Int($0)] >= 0 }) else { return [] }
    var columns = [UInt64](repeating: .max, count: words * (text.count + 1))
    columns.withUnsafeMutableBufferPointer { all in
      for (index, token) in text.enumerated() {
        let next = UnsafeMutableBufferPointer(
          rebasing: all[(index + 1) * words..<(index + 2) * words])
        for word in 0..<words { next[word] = all[index * words + word] }
        if slots[Int(token)] >= 0 { advance(next, Int(slots[Int(token)])) }
      }
    }
    return columns.withUnsafeBufferPointer { readOut($0, text) }
  }

  private func readOut(_ columns: UnsafeBufferPointer<UInt64>, _ text: [Int32]) -> [Int] {
    func bit(_ row: Int, _ column: Int) -> Int {
      Int(~columns[column * words + row / 64] >> UInt64(row % 64) & 1)
    }
    func length(_ rows: Int, _ column: Int) -> Int {
      var sum = 0
      for word in 0..<rows / 64 { sum += (~columns[column * words + word]).nonzeroBitCount }
      if rows % 64 > 0 {
        let low = (1 as UInt64) << UInt64(rows % 64) - 1
        sum += (~columns[column * words + rows / 64] & low).nonzeroBitCount
      }
      return sum
    }
    var found: [Int] = []
    var (row, column) = (reference.count, text.count)
    var here = length(row, column)
    var before = length(row, column - 1)
    while row > 0, column > 0, here > 0 {
      let isMatch = reference[reference.startIndex + row - 1] == text[column - 1]
      if isMatch { found.append(row - 1) }
      let goesBack = !isMatch && bit(row - 1, column) == 1 && here == before
      if !goesBack {
        here -= bit(row - 1, column)
        before -= bit(row - 1, column - 1)
        row -= 1
      }
      if goesBack || isMatch {
        column -= 1
        here = before
        before = column > 0 ? length(row, column - 1) : 0
      }
    }
    return found
  }
}
