import Foundation
import Parallelism
import Tensors
import Testing

/// Tiled attention against the softmax over all pairs.
@Suite struct AttentionTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let lengths: [Int]
    let heads: Int
    let keyHeads: Int
    let size: Int
    var window = Int.max
    var testDescription: String {
      "\(lengths), \(heads)/\(keyHeads) heads of \(size), window \(window)"
    }
  }

  static let cases = [
    Case(lengths: [1], heads: 1, keyHeads: 1, size: 8),
    Case(lengths: [3, 5], heads: 2, keyHeads: 1, size: 6),
    Case(lengths: [64, 1, 65], heads: 4, keyHeads: 2, size: 16),
    Case(lengths: [97, 0, 49, 130], heads: 3, keyHeads: 3, size: 20),
    Case(lengths: [3, 6], heads: 2, keyHeads: 1, size: 6, window: 2),
    Case(lengths: [200, 9, 65], heads: 2, keyHeads: 2, size: 12, window: 37),
    Case(lengths: [200], heads: 2, keyHeads: 1, size: 16, window: 70),
  ]

  static func reference(_ qkv: Table, _ at: Case) -> Table {
    let (width, group) = (at.heads * at.size, at.heads / at.keyHeads)
    let keyWidth = at.keyHeads * at.size
    var o = Table(qkv.rows, width, Array(repeating: 0, count: qkv.rows * width))
    var start = 0
    for length in at.lengths {
      for head in 0..<at.heads {
        let query = head * at.size, key = width + head / group * at.size
        for i in start..<start + length {
          let seen = (at.window == .max ? start : max(start, i - at.window + 1))...i
          let scores = seen.map { j in
            (0..<at.size).reduce(0) { $0 + qkv[i, query + $1] * qkv[j, key + $1] }
              / Double(at.size).squareRoot()
          }
          let top = scores.max() ?? 0
          let total = scores.reduce(0) { $0 + exp($1 - top) }
          for (j, score) in zip(seen, scores) {
            let p = exp(score - top) / total
            for d in 0..<at.size { o[i, query + d] += p * qkv[j, key + keyWidth + d] }
          }
        }
      }
      start += length
    }
    return o
  }

  @Test("forward, backward and over a cache", arguments: InstructionSet.available, cases)
  func attention(level: InstructionSet, at: Case) {
    let backend = CPUBackend(pool: ThreadPool(threads: 2), instructionSet: level)
    let shape = AttentionShape(
      headCount: at.heads, keyValueHeadCount: at.keyHeads, headSize: at.size,
      scale: Float(1 / Double(at.size).squareRoot()), window: at.window)
    let rows = at.lengths.reduce(0, +)
    let starts = at.lengths.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
    var x = Table(rows, shape.width, seed: 9)
    for i in x.values.indices { x.values[i] = Double(Float(x.values[i] * 2)) }
    let qkv = x.matrix(), up = Table(rows, shape.queryWidth, seed: 4)
    let o = up.matrix(), lse = Table(rows, at.heads, seed: 1).matrix()
    backend.attention(o, lse, qkv, starts: starts, shape)
    #expect(Self.reference(x, at).distance(o) < 1e-5)

    let gradient = x.matrix()
    backend.attentionBackward(gradient, up.matrix(), o, lse, qkv, starts: starts, shape)
    if rows <= 10 {
      let expected = x.gradient(up) { Self.reference($0, at) }
      #expect(expected.distance(gradient) < 1e-5)
    } else {
      // Along one direction: (f(x + h v) - f(x - h v)) / 2h against the gradient's product with v.
      let v = Table(rows, shape.width, seed: 77)
      var (plus, minus) = (x, x)
      for i in x.values.indices {
        plus.values[i] += 1e-5 * v.values[i]
        minus.values[i] -= 1e-5 * v.values[i]
      }
      let difference = zip(Self.reference(plus, at).values, Self.reference(minus, at).values)
      var (slope, product) = (0.0, 0.0)
      for ((a, b), weight) in zip(difference, up.values) { slope += (a - b) * weight / 2e-5 }
      for (a, b) in zip(gradient.values(), v.values) { product += Double(a) * b }
      #expect(abs(slope - product) < 1e-4 * max(1, abs(slope)))
    }

    let last = starts[1] - 1
    let one = up.matrix().rows(0..<1)
    backend.attentionOverCache(
      one, qkv.rows(last..<last + 1),
      caches: [
        [
          KeyValueRun(
            keys: qkv.rows(0..<last + 1).columns(shape.keys),
            values: qkv.rows(0..<last + 1).columns(shape.values))
        ]
      ], shape)
    let whole = o.rows(last..<last + 1).values()
    for (a, b) in zip(one.values(), whole) { #expect(abs(a - b) < 1e-5) }
  }

  @Test(
    "a long sequence in parts has the bits of the whole", arguments: [479, 960, 1500], [.max, 70])
  func parts(count: Int, window: Int) {
    let layout = SequenceLayout(starts: [0, 7, 7 + count])
    let parts = CPUBackend.queryParts(layout)
    #expect(parts.count == 1 + max(1, count / 480))
    let counts: [Int] = parts.filter { $0.sequence == 1 }.map(\.count)
    #expect(counts.reduce(0, +) == count)
    #expect(parts.allSatisfy { $0.start % 48 == 0 })
    let shape = AttentionShape(
      headCount: 2, keyValueHeadCount: 1, headSize: 8, scale: 0.3, window: window)
    let qkv = Table(7 + count, 32, seed: 1).matrix()
    func attend(_ layout: SequenceLayout) -> [Float] {
      let backend = CPUBackend(pool: ThreadPool(threads: 3))
      let o = Table(7 + count, 16, seed: 2).matrix(), lse = Table(7 + count, 2, seed: 3).matrix()
      backend.attention(o, lse, qkv, layout, shape)
      return o.values() + lse.values()
    }
    // What goes on after a prefix of one block is one part.
    let single = SequenceLayout(starts: [0, 7, 7 + 48, 7 + count], prefixes: [nil, nil, 1])
    #expect(CPUBackend.queryParts(single).count == 3)
    #expect(attend(layout) == attend(single))
  }
}
