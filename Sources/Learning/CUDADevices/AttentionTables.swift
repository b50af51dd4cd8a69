internal import Tensors

/// Which rows see which keys, as the attention kernels take it (`orc_cuda_kernels.h`).
struct AttentionTables {
  /// Eight numbers for each sequence, four for each run.
  private(set) var sequences: [Int] = []
  private(set) var runs: [Int] = []
  private(set) var viewers: [Int] = []
  private var counts: [Int] = []

  /// Adds a sequence: its rows, and where the keys and values of all its positions are.
  private mutating func add(
    _ rows: Range<Int>, before: [KeyValueRun], own: KeyValueRun, viewers: [Int] = []
  ) {
    let (begin, firstViewer) = (runs.count / 4, self.viewers.count)
    var position = 0
    for run in before + [own] where run.keys.rows > 0 {
      precondition(run.keys.stride == run.values.stride && run.keys.rows == run.values.rows)
      runs += [
        Int(run.keys.deviceAddress), Int(run.values.deviceAddress), run.keys.stride, position,
      ]
      position += run.keys.rows
    }
    self.viewers += viewers
    sequences += [
      rows.lowerBound, rows.count, position - own.keys.rows, begin, runs.count / 4, firstViewer,
      self.viewers.count, 0,
    ]
    counts.append(rows.count)
  }

  /// Sequences of a batch, some behind the rows of another one.
  init(_ qkv: Matrix, _ layout: SequenceLayout, _ shape: AttentionShape) {
    func run(_ rows: Range<Int>) -> KeyValueRun {
      KeyValueRun(
        keys: qkv.rows(rows).columns(shape.keys), values: qkv.rows(rows).columns(shape.values))
    }
    var seen = (0..<layout.count).map { [$0] }
    for family in layout.families { seen[family.root] += family.branches }
    for sequence in 0..<layout.count {
      let rows = layout.rows(sequence)
      add(
        rows, before: layout.prefix(sequence).map { [run($0)] } ?? [], own: run(rows),
        viewers: seen[sequence])
    }
  }

  /// Rows of a batch that go on after keys and values known before.
  init(_ qkv: Matrix, _ parts: [AttentionPart], _ shape: AttentionShape) {
    for part in parts {
      let rows = qkv.rows(part.rows)
      add(
        part.rows, before: part.before,
        own: KeyValueRun(keys: rows.columns(shape.keys), values: rows.columns(shape.values)))
    }
  }

  /// A row for each cache, at its last position.
  init(caches: [[KeyValueRun]]) {
    for (row, cache) in caches.enumerated() {
      let begin = runs.count / 4
      var position = 0
      for run in cache where run.keys.rows > 0 {
        precondition(run.keys.stride == run.values.stride && run.keys.rows == run.values.rows)
        runs += [
          Int(run.keys.deviceAddress), Int(run.values.deviceAddress), run.keys.stride, position,
        ]
        position += run.keys.rows
      }
      precondition(position > 0, "a position sees itself")
      sequences += [row, 1, position - 1, begin, runs.count / 4, 0, 0, 0]
      counts.append(1)
    }
  }

  /// Tiles of so many rows: the last of a sequence first, which sees the most.
  func tiles(of size: Int) -> [Int32] {
    counts.enumerated().flatMap { sequence, count in
      stride(from: 0, to: count, by: size).reversed().flatMap { [Int32(sequence), Int32($0)] }
    }
  }

  /// The longest sequence with what comes before it.
  var longest: Int {
    stride(from: 0, to: sequences.count, by: 8).map { sequences[$0 + 1] + sequences[$0 + 2] }
      .max() ?? 0
  }
}
