import CCUDA
import Testing

/// Attention in tiles, forward and backward.
@Suite struct AttentionKernelTests {
  static let cases = [
    AttentionCase(sequences: [(1, nil)]),
    AttentionCase(sequences: [(70, nil), (3, nil), (33, nil)], heads: 4, keyHeads: 2),
    AttentionCase(sequences: [(100, nil)], window: 17),
    AttentionCase(sequences: [(66, nil), (40, nil)], window: 33, softcap: 0.5),
    AttentionCase(sequences: [(50, nil), (20, 0), (35, 0), (9, nil)], heads: 3, keyHeads: 1),
    AttentionCase(sequences: [(40, nil), (0, 0), (30, 0), (0, nil), (5, 3)], window: 20, softcap: 2),
    AttentionCase(sequences: [(35, nil), (3, 0)], size: 80),
    AttentionCase(sequences: [(34, nil)], heads: 1, size: 200),
  ]

  @Test("forward", arguments: cases)
  func forward(_ at: AttentionCase) {
    let qkv = Table(at.rows, at.width, seed: 1), input = Plane(qkv, gap: 3)
    let (o, lse) = (
      Plane(Table(zero: at.rows, at.queryWidth), gap: 2), Plane(Table(zero: at.rows, at.heads), gap: 1)
    )
    Self.attend(at, o, lse, input)
    let expected = at.attend(qkv)
    #expect(o.table.distance(expected.o) < bound(terms: at.rows + at.size, size: 2))
    #expect(lse.table.distance(expected.lse) < bound(terms: at.rows + at.size, size: 2))
    #expect(o.hasWholeGaps && lse.hasWholeGaps)
  }

  @Test("backward", arguments: cases)
  func backward(_ at: AttentionCase) {
    let qkv = Table(at.rows, at.width, seed: 2), dO = Table(at.rows, at.queryWidth, seed: 3)
    let (o, lse) = at.attend(qkv), input = Plane(qkv, gap: 3), up = Plane(dO, gap: 1)
    let sums = Plane(lse, gap: 1), tables = AttentionTables(at, input)
    let dots = Cells([Float](repeating: 0, count: at.rows * at.heads))
    let gradient = Plane(Table(at.rows, at.width, seed: 4), gap: 2)
    launch(
      "orc_attention_dots", grid: (at.rows * at.heads, 1, 1), block: (32, 1), .cells(dots),
      .plane(up), .plane(Plane(o, gap: 2)), .int(at.heads, at.size))
    let shape = Self.shape(at), tiles = tables.tiles.count / 2
    launch(
      "orc_attention_queries_\(at.suffix)", grid: (tiles, at.heads, 1), block: (256, 1),
      shared: orc_queries_shared(UInt32(at.suffix)), .plane(gradient), .plane(up), .plane(sums),
      .cells(dots), .plane(input), .cells(tables.sequences), .cells(tables.runs),
      .cells(tables.tiles), shape)
    launch(
      "orc_attention_keys_\(at.suffix)", grid: (tiles, at.keyHeads, 1), block: (256, 1),
      shared: orc_keys_shared(UInt32(at.suffix)), Self.address(gradient, at.keys),
      gradient.from(at.values), .plane(up), .plane(sums), .cells(dots), .plane(input),
      Self.address(input, at.keys), input.from(at.values), .cells(tables.sequences),
      .cells(tables.viewers), .cells(tables.tiles), shape)
    let expected = at.gradient(qkv, dO, o, lse)
    #expect(
      gradient.table.distance(expected) < bound(terms: at.rows * at.group + at.size, size: 8))
    #expect(gradient.hasWholeGaps)
  }

  /// Rows from `start` on, whose keys lie in runs cut anywhere.
  @Test("a row's bits do not depend on where it is cut", arguments: [1, 31, 64, 77])
  func cuts(start: Int) {
    let whole = AttentionCase(sequences: [(130, nil)], heads: 4, keyHeads: 2, window: 90)
    let qkv = Plane(Table(whole.rows, whole.width, seed: 5), gap: 1)
    let (o, lse) = (Plane(Table(zero: 130, whole.queryWidth)), Plane(Table(zero: 130, 4)))
    Self.attend(whole, o, lse, qkv)
    let cuts = [0, 1, 30, 33, 64, 99].filter { $0 < start } + [start]
    let runs = cuts.flatMap { cut -> [Int64] in
      let row = qkv.cells.address + cut * qkv.stride
      return [
        Int64(bitPattern: word(row + whole.keys)), Int64(bitPattern: word(row + whole.values)),
        Int64(qkv.stride), Int64(cut),
      ]
    }
    let sequence = [Int64(start), Int64(130 - start), Int64(start), 0, Int64(cuts.count), 0, 0, 0]
    let part = Plane(Table(zero: 130, whole.queryWidth))
    let tiles = stride(from: 0, to: 130 - start, by: 64).flatMap { first -> [Int32] in [0, Int32(first)] }
    launch(
      "orc_attention_64", grid: (tiles.count / 2, 4, 1), block: (256, 1),
      shared: orc_attention_shared(64), .plane(part), .nowhere, .long(0), .plane(qkv),
      .cells(Cells(sequence)), .cells(Cells(runs)), .cells(Cells(tiles)), Self.shape(whole))
    let cells = start * whole.queryWidth..<130 * whole.queryWidth
    #expect(part.table.values[cells] == o.table.values[cells])
  }

  // MARK: - Private

  private static func shape(_ at: AttentionCase) -> Passed {
    let shape = Passed.int(at.heads, at.group, at.size, at.window)
    return Passed(shape.words + Passed.float(at.scale, at.softcap).words)
  }

  /// Without its stride.
  private static func address(_ plane: Plane, _ column: Int) -> Passed {
    Passed([plane.from(column).words[0]], keeping: [plane.cells])
  }

  static func attend(_ at: AttentionCase, _ o: Plane, _ lse: Plane, _ qkv: Plane) {
    let tables = AttentionTables(at, qkv)
    launch(
      "orc_attention_\(at.suffix)", grid: (tables.queryTiles.count / 2, at.heads, 1),
      block: (256, 1), shared: orc_attention_shared(UInt32(at.suffix)), .plane(o), .plane(lse),
      .plane(qkv), .cells(tables.sequences), .cells(tables.runs), .cells(tables.queryTiles),
      shape(at))
  }
}
