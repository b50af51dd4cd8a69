import Testing

/// Products, in float32 and on (emulated) tensor cores.
@Suite struct ProductKernelTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var m, n, k: Int
    var isTensor: Bool
    var testDescription: String { "\(m) x \(n) x \(k)\(isTensor ? " tensor" : "")" }
    /// Of c: blocks of 64 or 128.
    func grid(_ columns: Int) -> (Int, Int, Int) {
      let tile = isTensor ? 128 : 64
      return ((columns + tile - 1) / tile, (m + tile - 1) / tile, 1)
    }
    var suffix: String { isTensor ? "_tensor" : "" }
    /// As the factors are read.
    func read(_ table: Table) -> Table { isTensor ? table.roundedToBfloat16 : table }
  }

  static let cases = [false, true].flatMap { isTensor in
    [(1, 1, 1), (65, 70, 33), (64, 64, 16), (130, 129, 47), (3, 200, 100), (9, 5, 301)].map {
      Case(m: $0.0, n: $0.1, k: $0.2, isTensor: isTensor)
    }
  }

  /// c = alpha a b and c += alpha a b, for the three ways that factors lie in memory.
  @Test("products of cells", arguments: cases)
  func cells(_ at: Case) {
    let a = Table(at.m, at.k, seed: 1), b = Table(at.k, at.n, seed: 2)
    let start = Table(at.m, at.n, seed: 3)
    let product = at.read(a).times(at.read(b))
    for (isATransposed, isBTransposed) in [(false, true), (false, false), (true, false)] {
      let left = Plane(isATransposed ? a.transposed : a, gap: 3)
      let right = Plane(isBTransposed ? b.transposed : b, gap: 2)
      for accumulate in [0, 1] {
        let c = Plane(start, gap: 1)
        launch(
          "orc_product" + at.suffix, grid: at.grid(at.n), block: (256, 1), .plane(c),
          .cells(left.cells), .long(isATransposed ? 1 : left.stride),
          .long(isATransposed ? left.stride : 1), .cells(right.cells),
          .long(isBTransposed ? right.stride : 1), .long(isBTransposed ? 1 : right.stride),
          .int(at.m, at.n, at.k), .float(0.5), .int(accumulate))
        let expected = Table(at.m, at.n) {
          0.5 * product[$0, $1] + (accumulate == 1 ? start[$0, $1] : 0)
        }
        #expect(c.table.distance(expected) < bound(terms: at.k))
        #expect(c.hasWholeGaps)
      }
    }
  }

  @Test("products with weights, forward and back", arguments: [false, true])
  func weights(isTensor: Bool) {
    let at = Case(m: 3, n: 5, k: 256, isTensor: isTensor)
    for weights in StoredWeights.all(at.n, at.k, seed: 6) {
      let x = Table(at.m, at.k, seed: 7), dy = Table(at.m, at.n, seed: 8)
      let w = at.read(weights.table)
      let (y, dx) = (Plane(Table(zero: at.m, at.n), gap: 2), Plane(Table(zero: at.m, at.k), gap: 2))
      launch(
        "orc_project" + at.suffix, grid: at.grid(at.n), block: (256, 1), .plane(y),
        .plane(Plane(x, gap: 3)), .weights(weights), .int(at.m, at.n, at.k), .float(2), .int(0))
      let forward = at.read(x).times(w.transposed)
      #expect(
        y.table.distance(Table(at.m, at.n) { 2 * forward[$0, $1] }) < bound(terms: at.k, size: 4),
        "\(weights.name)")
      launch(
        "orc_project_back" + at.suffix, grid: at.grid(at.k), block: (256, 1), .plane(dx),
        .plane(Plane(dy, gap: 3)), .weights(weights), .int(at.m, at.n, at.k), .float(1), .int(0))
      #expect(
        dx.table.distance(at.read(dy).times(w)) < bound(terms: at.n, size: 2), "\(weights.name)")
      #expect(y.hasWholeGaps && dx.hasWholeGaps)
    }
  }

  @Test("a few rows by weights in every form")
  func fewRows() {
    for (m, n, k) in [(1, 9, 256), (6, 3, 768)] {
      for weights in StoredWeights.all(n, k, seed: 9) {
        check(weights, m, n, k)
      }
    }
    // Rows that are no whole groups of 8.
    check(.float32(Table(7, 37, seed: 1)), 5, 7, 37)
    check(.bfloat16(Table(7, 38, seed: 1)), 5, 7, 38)
    check(.nf4(Table(7, 37, seed: 1)), 5, 7, 37)
  }

  private func check(_ weights: StoredWeights, _ m: Int, _ n: Int, _ k: Int) {
    let x = Table(m, k, seed: 10), y = projectRows(weights, x, 0..<m)
    let expected = x.times(weights.table.transposed)
    #expect(y.table.distance(expected) < bound(terms: k, size: 2), "\(weights.name) \(m) \(n) \(k)")
    #expect(y.hasWholeGaps)
    // A row by itself has the same bits.
    let alone = projectRows(weights, x, m - 1..<m)
    #expect(alone.table.values == Array(y.table.values[(m - 1) * n..<m * n]))
  }

  private func projectRows(_ weights: StoredWeights, _ x: Table, _ rows: Range<Int>) -> Plane {
    let n = weights.table.rows
    let some = Table(rows.count, x.columns) { x[rows.lowerBound + $0, $1] }
    let y = Plane(Table(zero: rows.count, n), gap: 3)
    launch(
      "orc_project_rows", grid: ((n + 7) / 8, (rows.count + 3) / 4, 1), block: (256, 1), .plane(y),
      .plane(Plane(some, gap: 1)), .weights(weights), .int(rows.count, n, x.columns), .float(1),
      .int(0))
    return y
  }

  @Test("an element's bits do not depend on the rows it is with", arguments: [false, true])
  func independence(isTensor: Bool) {
    let at = Case(m: 70, n: 3, k: 77, isTensor: isTensor)
    let weights = StoredWeights.float32(Table(at.n, at.k, seed: 11))
    let x = Table(at.m, at.k, seed: 12)
    func rows(_ range: Range<Int>) -> [Double] {
      let some = Table(range.count, at.k) { x[range.lowerBound + $0, $1] }
      let y = Plane(Table(zero: range.count, at.n))
      launch(
        "orc_project" + at.suffix, grid: (1, (range.count + 63) / 64, 1), block: (256, 1),
        .plane(y), .plane(Plane(some)), .weights(weights), .int(range.count, at.n, at.k), .float(1),
        .int(0))
      return y.table.values
    }
    let whole = rows(0..<70)
    #expect(rows(69..<70) == Array(whole[69 * 3..<70 * 3]))
    #expect(rows(5..<40) == Array(whole[5 * 3..<40 * 3]))
  }
}
