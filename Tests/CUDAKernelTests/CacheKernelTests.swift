import CCUDA
import Testing

/// Attention of single positions over caches in runs.
@Suite struct CacheKernelTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var length: Int
    var heads = 4
    var keyHeads = 2
    var size = 12
    var window = Int(Int32.max)
    var softcap: Float = 0
    var testDescription: String {
      "\(length), \(heads)/\(keyHeads) of \(size), window \(window), softcap \(softcap)"
    }
    /// The last row of a whole sequence.
    var attention: AttentionCase {
      AttentionCase(
        sequences: [(length, nil)], heads: heads, keyHeads: keyHeads, size: size, window: window,
        softcap: softcap)
    }
  }

  static let cases = [
    Case(length: 1), Case(length: 256), Case(length: 257, softcap: 1),
    Case(length: 600, window: 300),
    Case(length: 530, window: 9), Case(length: 40, heads: 18, keyHeads: 2),
    Case(length: 300, heads: 2, keyHeads: 1, size: 200),
  ]

  @Test("a position over its cache, wherever runs end", arguments: cases)
  func cache(_ at: Case) {
    let whole = at.attention, qkv = Table(at.length, whole.width, seed: 1)
    let all = whole.attend(qkv).o
    let expected = Table(1, whole.queryWidth) { all[at.length - 1, $1] }
    let cuts = [[0], [0, 1, 17, 255, 256, 259, 512].filter { $0 < at.length }]
    let results = cuts.map { Self.attend(at, qkv, cuts: $0) }
    for o in results {
      #expect(o.table.distance(expected) < bound(terms: at.length + at.size, size: 2))
      #expect(o.hasWholeGaps)
    }
    #expect(results[0].table.values == results[1].table.values)
  }

  /// Beside a row with a cache of one position, which needs one piece.
  private static func attend(_ at: Case, _ qkv: Table, cuts: [Int]) -> Plane {
    let whole = at.attention, cells = Plane(qkv, gap: 1), last = at.length - 1
    let q = Plane(Table(2, whole.queryWidth) { qkv[$0 == 0 ? 0 : last, $1] }, gap: 2)
    let o = Plane(Table(zero: 2, whole.queryWidth), gap: 3)
    let runs = ([0] + cuts).flatMap { cut -> [Int64] in
      let row = cells.cells.address + cut * cells.stride
      return [
        Int64(bitPattern: word(row + whole.keys)), Int64(bitPattern: word(row + whole.values)),
        Int64(cells.stride), Int64(cut),
      ]
    }
    let sequences: [Int64] = [
      0, 1, 0, 0, 1, 0, 0, 0, 1, 1, Int64(last), 1, Int64(1 + cuts.count), 0, 0, 0,
    ]
    let pieces = (at.length + 255) / 256, tables = Cells(sequences)
    let partial = Cells(
      [Float](repeating: .nan, count: 2 * at.heads * pieces * (at.size + 2)))
    launch(
      "orc_cache_pieces", grid: (pieces, at.keyHeads, 2), block: (128, 1),
      shared: orc_cache_shared(UInt32(whole.group), UInt32(at.size)), .cells(partial), .plane(q),
      .cells(tables), .cells(Cells(runs)), .int(pieces, at.heads, whole.group, at.size, at.window),
      .float(whole.scale, at.softcap))
    launch(
      "orc_cache_combine", grid: (at.heads, 2, 1), block: (128, 1), .plane(o), .cells(partial),
      .cells(tables), .int(pieces, at.heads, at.size))
    withExtendedLifetime(cells) {}
    // A cache of one position gives its value.
    for c in 0..<whole.queryWidth {
      let value = qkv[0, whole.values + c / at.size / whole.group * at.size + c % at.size]
      #expect(abs(o.table[0, c] - value) < 2 * epsilon)
    }
    let row = Plane(Table(1, whole.queryWidth) { o.table[1, $1] }, gap: 1)
    #expect(o.hasWholeGaps)
    return row
  }
}
