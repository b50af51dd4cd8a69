import Tensors

extension ConformanceCase {
  static let products: [ConformanceCase] =
    [(1, 1, 1), (5, 7, 3), (13, 33, 40), (65, 130, 66), (3, 9, 300)].flatMap { m, n, k in
      [0, 3].map { gap in
        ConformanceCase("products of \(m) x \(k) and \(k) x \(n), gap \(gap)") {
          product($0, m, n, k, gap)
        }
      }
    } + [
      ConformanceCase("rows of a product have the same bits in any company", company),
      ConformanceCase("products of no rows and of no depth", nothing),
    ]

  /// C = start + alpha A B with the error of K terms and two roundings.
  static func product(
    _ a: Numbers, _ b: Numbers, alpha: Double, start: Numbers?, factorError: Double = 0
  ) -> Numbers {
    var result = Numbers(a.rows, b.columns)
    for i in 0..<a.rows {
      for j in 0..<b.columns {
        var (sum, size) = (0.0, 0.0)
        for k in 0..<a.columns {
          sum += a[i, k] * b[k, j]
          size += abs(a[i, k] * b[k, j])
        }
        let begin = start?[i, j] ?? 0
        result[i, j] = alpha * sum + begin
        result.errors[i * b.columns + j] =
          abs(alpha) * size * (Double(a.columns + 4) * unit + factorError)
          + 2 * unit * (abs(begin) + abs(alpha * sum))
      }
    }
    return result
  }

  private static func product(_ t: Trial, _ m: Int, _ n: Int, _ k: Int, _ gap: Int) {
    let (a, b) = (Numbers(m, k, seed: 1), Numbers(k, n, seed: 2))
    let start = Numbers(m, n, seed: 3)
    let (x, y) = (t.matrix(a, gap: gap), t.matrix(b, gap: gap))
    let (xt, yt) = (t.matrix(a.transposed, gap: gap), t.matrix(b.transposed, gap: gap))
    for adds in [false, true] {
      let expected = product(a, b, alpha: 0.5, start: adds ? start : nil)
      func check(_ name: String, _ run: (Matrix) -> Void) {
        let c = t.matrix(start, gap: gap)
        run(c)
        t.expect("\(name)\(adds ? ", added" : "")", c, expected)
      }
      let backend = t.backend
      check("A B") { backend.multiply($0, x, y, alpha: 0.5, accumulate: adds) }
      check("A Bt") { backend.multiplyTransposed($0, x, yt, alpha: 0.5, accumulate: adds) }
      check("At B") { backend.multiplyTransposing($0, xt, y, alpha: 0.5, accumulate: adds) }
      check("rows") { backend.multiplyRowsTransposed($0, x, yt, alpha: 0.5, accumulate: adds) }
      check("prompt") { backend.multiplyPromptTransposed($0, x, yt, alpha: 0.5, accumulate: adds) }
    }
  }

  private static func company(_ t: Trial) {
    let x = t.matrix(Numbers(70, 77, seed: 4)), w = t.matrix(Numbers(66, 77, seed: 5))
    let operations: [(Matrix, Matrix) -> Void] = [
      { t.backend.multiplyRowsTransposed($0, $1, w, alpha: 1, accumulate: false) },
      { t.backend.multiplyPromptTransposed($0, $1, w, alpha: 1, accumulate: false) },
    ]
    for (index, operation) in operations.enumerated() {
      let all = t.empty(70, 66)
      operation(all, x)
      for rows in [0..<1, 3..<5, 69..<70, 10..<69] {
        let some = t.empty(rows.count, 66)
        operation(some, x.rows(rows))
        t.expectSame("operation \(index), rows \(rows)", some.values(), all.rows(rows).values())
      }
    }
  }

  private static func nothing(_ t: Trial) {
    let none = t.empty(0, 5), w = t.matrix(Numbers(4, 5, seed: 1))
    t.backend.multiplyTransposed(t.empty(0, 4), none, w)
    t.backend.multiplyRowsTransposed(t.empty(0, 4), none, w, alpha: 1, accumulate: false)
    t.backend.zero(none)
    t.backend.copy(none, t.empty(0, 5))
    let start = Numbers(3, 2, seed: 6)
    let added = t.matrix(start)
    t.backend.multiplyTransposing(
      added, t.empty(0, 3), t.empty(0, 2), alpha: 1, accumulate: true)
    t.expect("sum of no terms, added", added, start)
    t.backend.multiplyTransposing(
      added, t.empty(0, 3), t.empty(0, 2), alpha: 1, accumulate: false)
    t.expect("sum of no terms", added, Numbers(3, 2))
  }
}
