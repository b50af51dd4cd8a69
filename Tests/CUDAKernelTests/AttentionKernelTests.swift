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
    AttentionCase(
      sequences: [(40, nil), (0, 0), (30, 0), (0, nil), (5, 3)], window: 20, softcap: 2),
    AttentionCase(sequences: [(35, nil), (3, 0)], size: 80),
    AttentionCase(sequences: [(140, nil), (30, 0)], heads: 4, keyHeads: 1, size: 128, window: 120),
    AttentionCase(sequences: [(70, nil), (33, nil)], heads: 2, keyHeads: 1, size: 64),
    AttentionCase(sequences: [(70, nil), (3, 0)], heads: 3, keyHeads: 3, size: 13, softcap: 1),
    AttentionCase(sequences: [(34, nil)], heads: 1, size: 200),
  ]

  /// Float32, or bfloat16 on tensor cores: names, tiles, threads and shared memory of its kernels.
  struct Kind: Sendable, CustomTestStringConvertible {
    var isTensor: Bool
    var testDescription: String { isTensor ? "tensor cores" : "float32" }
    var infix: String { isTensor ? "_tensor" : "" }
    var threads: Int { isTensor ? 128 : 256 }
    /// As factors are read.
    func read(_ table: Table) -> Table { isTensor ? table.roundedToBfloat16 : table }
    /// Weights and slopes are rounded to 8 bits, half a unit of them at most, and sums are close.
    var rounding: Double { isTensor ? 0x1p-8 : 0 }
    func runs(_ at: AttentionCase) -> Bool { !isTensor || at.size <= 128 }
    func backwardTiles(_ tables: AttentionTables) -> Cells<Int32> {
      isTensor ? tables.queryTiles : tables.tiles
    }
    func attentionShared(_ size: UInt32) -> UInt32 {
      isTensor ? orc_attention_tensor_shared(size) : orc_attention_shared(size, 32)
    }
    func queriesShared(_ size: UInt32) -> UInt32 {
      isTensor ? orc_queries_tensor_shared(size) : orc_queries_shared(size, 32)
    }
    func keysShared(_ size: UInt32, _ parts: UInt32) -> UInt32 {
      isTensor ? orc_keys_tensor_shared(size, parts) : orc_keys_shared(size, 32)
    }
  }

  static let kinds = [Kind(isTensor: false), Kind(isTensor: true)]

  @Test("forward", arguments: kinds, cases)
  func forward(_ kind: Kind, _ at: AttentionCase) {
    guard kind.runs(at) else { return }
    let qkv = kind.read(Table(at.rows, at.width, seed: 1)), input = Plane(qkv, gap: 3)
    let (o, lse) = (
      Plane(Table(zero: at.rows, at.queryWidth), gap: 2),
      Plane(Table(zero: at.rows, at.heads), gap: 1)
    )
    Self.attend(kind, at, o, lse, input)
    let expected = at.attend(qkv), close = bound(terms: at.rows + at.size, size: 2)
    #expect(o.table.distance(expected.o) < close + kind.rounding)
    #expect(lse.table.distance(expected.lse) < close)
    #expect(o.hasWholeGaps && lse.hasWholeGaps)
  }

  @Test("backward", arguments: kinds, cases)
  func backward(_ kind: Kind, _ at: AttentionCase) {
    guard kind.runs(at) else { return }
    let qkv = kind.read(Table(at.rows, at.width, seed: 2))
    let dO = kind.read(Table(at.rows, at.queryWidth, seed: 3))
    let (o, lse) = at.attend(qkv)
    let expected = at.gradient(qkv, dO, o, lse)
    let magnitudes = at.gradient(qkv, dO, o, lse, ofMagnitudes: true)
    let close = bound(terms: at.rows * at.group + at.size, size: 8)
    // Rows in groups of 16 bytes, which are copied, and others.
    for gap in [3, (8 - at.width % 8) % 8] {
      for parts in kind.isTensor && at.group % 2 == 0 ? [1, 2] : [1] {
        let gradient = Plane(Table(at.rows, at.width, seed: 4), gap: 2)
        Self.goBack(kind, at, gradient, qkv, dO, o, lse, gap: gap, parts: parts)
        let computed = gradient.table
        let isClose = expected.values.indices.allSatisfy {
          abs(computed.values[$0] - expected.values[$0])
            < close + kind.rounding * magnitudes.values[$0]
        }
        #expect(isClose, "gap \(gap), \(parts) parts")
        #expect(gradient.hasWholeGaps)
      }
    }
  }

  /// - Parameter parts: each four warps of the keys' pass have every second head, or all.
  private static func goBack(
    _ kind: Kind, _ at: AttentionCase, _ gradient: Plane, _ qkv: Table, _ dO: Table, _ o: Table,
    _ lse: Table, gap: Int, parts: Int
  ) {
    let input = Plane(qkv, gap: gap), up = Plane(dO, gap: gap), sums = Plane(lse, gap: 1)
    let (half, halfUp) = (HalfPlane(qkv, gap: gap), HalfPlane(dO, gap: gap))
    func factor(_ plane: Plane, _ half: HalfPlane, _ column: Int) -> Passed {
      kind.isTensor ? half.from(column) : plane.from(column)
    }
    func address(_ column: Int) -> Passed {
      Passed([factor(input, half, column).words[0]], keeping: [input.cells, half.cells])
    }
    let tables = kind.isTensor ? AttentionTables(at, half) : AttentionTables(at, input)
    let dots = Cells([Float](repeating: 0, count: at.rows * at.heads))
    launch(
      "orc_attention_dots", grid: (at.rows * at.heads, 1, 1), block: (32, 1), .cells(dots),
      .plane(up), .plane(Plane(o, gap: 2)), .int(at.heads, at.size))
    let shape = Self.shape(at), tiles = kind.backwardTiles(tables)
    let (x, slope) = (factor(input, half, 0), factor(up, halfUp, 0))
    launch(
      "orc_attention_queries\(kind.infix)_\(at.suffix)", grid: (tiles.count / 2, at.heads, 1),
      block: (kind.threads, 1), shared: kind.queriesShared(UInt32(at.suffix)), .plane(gradient),
      slope, .plane(sums), .cells(dots), x, .cells(tables.sequences), .cells(tables.runs),
      .cells(tiles), shape)
    launch(
      "orc_attention_keys\(kind.infix)_\(at.suffix)", grid: (tiles.count / 2, at.keyHeads, 1),
      block: (kind.threads * parts, 1),
      shared: kind.keysShared(UInt32(at.suffix), UInt32(parts)),
      Self.address(gradient, at.keys), gradient.from(at.values), slope, .plane(sums), .cells(dots),
      x, address(at.keys), factor(input, half, at.values), .cells(tables.sequences),
      .cells(tables.viewers), .cells(tiles), shape)
  }

  /// Rows from `start` on, whose keys lie in runs cut anywhere.
  @Test("a row's bits do not depend on where it is cut", arguments: kinds, [1, 31, 64, 77])
  func cuts(_ kind: Kind, start: Int) {
    let whole = AttentionCase(sequences: [(130, nil)], heads: 4, keyHeads: 2, window: 90)
    let qkv = Plane(Table(whole.rows, whole.width, seed: 5), gap: 1)
    let (o, lse) = (Plane(Table(zero: 130, whole.queryWidth)), Plane(Table(zero: 130, 4)))
    Self.attend(kind, whole, o, lse, qkv)
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
    let tiles = stride(from: 0, to: 130 - start, by: 64).flatMap { first -> [Int32] in
      [0, Int32(first)]
    }
    launch(
      "orc_attention\(kind.infix)_64", grid: (tiles.count / 2, 4, 1), block: (kind.threads, 1),
      shared: kind.attentionShared(64), .plane(part), .nowhere, .long(0), .plane(qkv),
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

  private static func attend(
    _ kind: Kind, _ at: AttentionCase, _ o: Plane, _ lse: Plane, _ qkv: Plane
  ) {
    let tables = AttentionTables(at, qkv)
    launch(
      "orc_attention\(kind.infix)_\(at.suffix)",
      grid: (tables.queryTiles.count / 2, at.heads, 1), block: (kind.threads, 1),
      shared: kind.attentionShared(UInt32(at.suffix)), .plane(o), .plane(lse), .plane(qkv),
      .cells(tables.sequences), .cells(tables.runs), .cells(tables.queryTiles), shape(at))
  }
}
