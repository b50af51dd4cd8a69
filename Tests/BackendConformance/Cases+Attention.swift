import Foundation
import Tensors

extension ConformanceCase {
  static let attention: [ConformanceCase] = AttentionCase.all.map { at in
    ConformanceCase("attention \(at)") { attend($0, at) }
  }

  struct AttentionCase: Sendable, CustomStringConvertible {
    /// Rows of each sequence, and of each the earlier one that it goes on after.
    let lengths: [Int]
    var prefixes: [Int?] = []
    let heads, keyHeads, size: Int
    var window = Int.max
    var softcap: Float = 0

    static let all = [
      AttentionCase(lengths: [1], heads: 1, keyHeads: 1, size: 8),
      AttentionCase(lengths: [3, 5], heads: 2, keyHeads: 1, size: 6),
      AttentionCase(lengths: [64, 1, 65], heads: 4, keyHeads: 2, size: 16),
      AttentionCase(lengths: [33, 0, 70], heads: 3, keyHeads: 3, size: 20),
      AttentionCase(lengths: [3, 90], heads: 2, keyHeads: 1, size: 66, window: 37),
      AttentionCase(lengths: [70], heads: 6, keyHeads: 2, size: 64, softcap: 5),
      AttentionCase(lengths: [66], heads: 2, keyHeads: 1, size: 160, window: 2),
      AttentionCase(lengths: [40, 9, 35], prefixes: [nil, 0, 0], heads: 4, keyHeads: 2, size: 12),
      AttentionCase(
        lengths: [70, 33, 5, 1], prefixes: [nil, 0, nil, 2], heads: 2, keyHeads: 1, size: 32,
        window: 50, softcap: 4),
    ]

    var shape: AttentionShape {
      AttentionShape(
        headCount: heads, keyValueHeadCount: keyHeads, headSize: size,
        scale: Float(1 / Double(size).squareRoot()), window: window, softcap: softcap)
    }
    var starts: [Int] { lengths.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) } }
    var layout: SequenceLayout { SequenceLayout(starts: starts, prefixes: prefixes) }

    /// The rows that a sequence's positions are in.
    func rows(_ sequence: Int) -> [Int] {
      (layout.prefix(sequence).map(Array.init) ?? []) + Array(layout.rows(sequence))
    }

    var description: String {
      "\(lengths) after \(prefixes.map { $0 ?? -1 }), \(heads)/\(keyHeads) heads of \(size), "
        + "window \(window), cap \(softcap)"
    }
  }

  /// What a row sees of one head, by definition.
  private struct Seen {
    let rows: [Int]
    var p: [Double] = []
    /// d score before the cap / d score after it.
    var slopes: [Double] = []
    var lse = 0.0
    /// The relative error of a probability.
    var error = 0.0
    /// Of rounding each factor of a product.
    var factor = 0.0
  }

  private static func seen(
    _ x: Numbers, _ at: AttentionCase, sequence: Int, row: Int, head: Int, factor: Double
  ) -> Seen {
    let shape = at.shape
    let all = at.rows(sequence).prefix { $0 != row } + [row]
    var seen = Seen(rows: Array(all.suffix(min(at.window, all.count))))
    let (query, key) = (head * at.size, shape.keys.lowerBound + head / shape.group * at.size)
    var (scores, size): ([Double], Double) = ([], 0)
    for j in seen.rows {
      var (dot, sum) = (0.0, 0.0)
      for d in 0..<at.size {
        dot += x[row, query + d] * x[j, key + d]
        sum += abs(x[row, query + d] * x[j, key + d])
      }
      dot *= Double(shape.scale)
      size = max(size, sum * Double(shape.scale))
      if at.softcap > 0 {
        let bent = tanh(dot / Double(at.softcap))
        scores.append(Double(at.softcap) * bent)
        seen.slopes.append(1 - bent * bent)
      } else {
        scores.append(dot)
        seen.slopes.append(1)
      }
    }
    let top = scores.max() ?? 0
    let sum = scores.reduce(0) { $0 + exp($1 - top) }
    seen.lse = top + log(sum)
    seen.p = scores.map { exp($0 - top) / sum }
    // A score is off by its terms and the cap's tanh; a probability by twice that, by the sum's
    // terms and by exp and lse in float32.
    let score =
      (Double(at.size + 6) * size + (at.softcap > 0 ? 12 * Double(at.softcap) : 0)) * unit
      + factor * size
    seen.factor = factor
    seen.error =
      2 * score + (Double(seen.rows.count) + 24 + 2 * abs(seen.lse) + 4 * abs(top)) * unit
    return seen
  }

  private static func attend(_ t: Trial, _ at: AttentionCase) {
    let shape = at.shape
    let count = at.starts[at.lengths.count]
    let factor = at.size <= t.traits.roundedHeadMax ? 2.1 * halfUnit : 0
    let x = Numbers(count, shape.width, seed: 9, scale: 2)
    let dO = Numbers(count, shape.queryWidth, seed: 4)
    var (o, lse) = (Numbers(count, shape.queryWidth), Numbers(count, at.heads))
    var slope = Numbers(count, shape.width)
    for sequence in at.lengths.indices {
      for row in at.layout.rows(sequence) {
        for head in 0..<at.heads {
          let s = seen(x, at, sequence: sequence, row: row, head: head, factor: factor)
          forward(s, x, at, row, head, &o, &lse)
          backward(s, x, dO, at, row, head, &slope)
        }
      }
    }
    let qkv = t.matrix(x)
    let (out, kept) = (t.empty(count, shape.queryWidth), t.empty(count, at.heads))
    t.backend.attention(out, kept, qkv, at.layout, shape)
    t.expect("o", out, o)
    t.expect("lse", kept, lse)
    let gradient = t.empty(count, shape.width)
    t.backend.attentionBackward(gradient, t.matrix(dO), out, kept, qkv, at.layout, shape)
    t.expect("gradient", gradient, slope)
    parts(t, at, qkv, out)
    caches(t, at, x, qkv, o)
  }

  private static func forward(
    _ s: Seen, _ x: Numbers, _ at: AttentionCase, _ row: Int, _ head: Int, _ o: inout Numbers,
    _ lse: inout Numbers
  ) {
    let shape = at.shape
    let value = shape.values.lowerBound + head / shape.group * at.size
    lse[row, head] = s.lse
    lse.errors[row * at.heads + head] = s.error
    for d in 0..<at.size {
      let cell = row * o.columns + head * at.size + d
      for (j, p) in zip(s.rows, s.p) {
        o.values[cell] += p * x[j, value + d]
        o.errors[cell] +=
          (2 * s.error + s.factor + Double(s.rows.count) * unit) * p * abs(x[j, value + d])
      }
    }
  }

  /// o = Σ p v: dv += p dO;  ds = p (dO · v - dO · o) by the cap;  dq += ds k, dk += ds q.
  private static func backward(
    _ s: Seen, _ x: Numbers, _ dO: Numbers, _ at: AttentionCase, _ row: Int, _ head: Int,
    _ slope: inout Numbers
  ) {
    let shape = at.shape
    let kv = head / shape.group * at.size
    let (q, k, v) = (
      head * at.size, shape.keys.lowerBound + kv, shape.values.lowerBound + kv
    )
    func dot(_ j: Int, _ size: Bool) -> Double {
      (0..<at.size).reduce(0) {
        let term = dO[row, q + $1] * x[j, v + $1]
        return $0 + (size ? abs(term) : term)
      }
    }
    let dots = s.rows.map { dot($0, false) }, sizes = s.rows.map { dot($0, true) }
    let mean = zip(s.p, dots).reduce(0) { $0 + $1.0 * $1.1 }
    let meanSize = zip(s.p, sizes).reduce(0) { $0 + $1.0 * $1.1 }
    let error =
      4 * s.error + 3 * s.factor + Double(2 * at.size + 2 * at.lengths.reduce(0, +) + 16) * unit
    func add(_ row: Int, _ column: Int, _ value: Double, _ size: Double) {
      slope[row, column] += value
      slope.errors[row * slope.columns + column] += error * size
    }
    for (index, j) in s.rows.enumerated() {
      let bend = s.slopes[index] * Double(shape.scale)
      let ds = s.p[index] * (dots[index] - mean) * bend
      // The cap's slope, 1 - tanh², is off by a few units of 1.
      let size = s.p[index] * (sizes[index] + meanSize) * Double(shape.scale)
      for d in 0..<at.size {
        add(row, q + d, ds * x[j, k + d], size * abs(x[j, k + d]))
        add(j, k + d, ds * x[row, q + d], size * abs(x[row, q + d]))
        add(j, v + d, s.p[index] * dO[row, q + d], s.p[index] * abs(dO[row, q + d]))
      }
    }
  }

  /// Rows cut into runs have the bits of the whole sequence.
  private static func parts(_ t: Trial, _ at: AttentionCase, _ qkv: Matrix, _ whole: Matrix) {
    let shape = at.shape
    guard at.prefixes.isEmpty else { return }
    func run(_ rows: Range<Int>) -> KeyValueRun {
      KeyValueRun(
        keys: qkv.rows(rows).columns(shape.keys), values: qkv.rows(rows).columns(shape.values))
    }
    for cut in [0, 1, 40] {
      let out = t.empty(whole.rows, shape.queryWidth)
      var parts: [AttentionPart] = []
      for sequence in at.lengths.indices where at.lengths[sequence] > 0 {
        let rows = at.layout.rows(sequence)
        let middle = min(rows.lowerBound + cut, rows.upperBound - 1)
        if middle > rows.lowerBound {
          parts.append(AttentionPart(rows: rows.lowerBound..<middle, before: []))
          let before =
            cut < 40
            ? [run(rows.lowerBound..<middle)]
            : [run(rows.lowerBound..<rows.lowerBound + 1), run(rows.lowerBound + 1..<middle)]
          parts.append(
            AttentionPart(
              rows: middle..<rows.upperBound, before: before.filter { $0.keys.rows > 0 }))
        } else {
          parts.append(AttentionPart(rows: rows, before: []))
        }
      }
      t.backend.attention(out, qkv, parts, shape)
      t.expectSame("cut at \(cut)", out.values(), whole.values())
    }
  }

  /// Last positions over caches of one run, and of several.
  private static func caches(
    _ t: Trial, _ at: AttentionCase, _ x: Numbers, _ qkv: Matrix, _ o: Numbers
  ) {
    let shape = at.shape
    guard at.prefixes.isEmpty else { return }
    let sequences = at.lengths.indices.filter { at.lengths[$0] > 0 }
    let last = sequences.map { at.starts[$0 + 1] - 1 }
    let queries = t.empty(last.count, shape.queryWidth)
    t.backend.gather(queries, qkv.columns(shape.queries), last.map { Int32($0) })
    func cache(_ cuts: [Int]) -> [[KeyValueRun]] {
      sequences.map { sequence in
        let rows = at.layout.rows(sequence)
        let ends = cuts.map { min(rows.lowerBound + $0, rows.upperBound) } + [rows.upperBound]
        let starts = [rows.lowerBound] + ends.dropLast()
        return zip(starts, ends).map { start, end in
          KeyValueRun(
            keys: qkv.rows(start..<end).columns(shape.keys),
            values: qkv.rows(start..<end).columns(shape.values))
        }
      }
    }
    var expected = Numbers(last.count, shape.queryWidth)
    for (index, row) in last.enumerated() {
      for c in 0..<o.columns {
        expected[index, c] = o[row, c]
        expected.errors[index * o.columns + c] = 2 * o.errors[row * o.columns + c]
      }
    }
    let whole = t.empty(last.count, shape.queryWidth)
    t.backend.attentionOverCache(whole, queries, caches: cache([]), shape)
    t.expect("over caches", whole, expected)
    for cuts in [[1], [3, 33], [16, 32, 64]] {
      let cut = t.empty(last.count, shape.queryWidth)
      t.backend.attentionOverCache(cut, queries, caches: cache(cuts), shape)
      t.expectSame("over caches cut at \(cuts)", cut.values(), whole.values())
    }
  }
}
