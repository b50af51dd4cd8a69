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
    _ rows: Range<Int>, before: [KeyValueRun], own: KeyValueRun
  ) {
    let begin = runs.count / 4
    var position = 0
    for run in before + [own] where run.keys.rows > 0 {
      precondition(run.keys.stride == run.values.stride && run.keys.rows == run.values.rows)
      runs += [
        Int(run.keys.deviceAddress), Int(run.values.deviceAddress), run.keys.stride, position,
      ]
      position += run.keys.rows
    }
    sequences += [
      rows.lowerBound, rows.count, position - own.keys.rows, begin, runs.count / 4, 0, 0, 0,
    ]
    counts.append(rows.count)
  }

  /// Where queries, keys and values of a batch are: the cells of its matrix, or a copy in other numbers.
  struct Place {
    let address: UInt64
    /// In numbers.
    let stride: Int
    let bytesOfNumber: Int

    init(_ matrix: Matrix) {
      (address, stride, bytesOfNumber) = (matrix.deviceAddress, matrix.stride, 4)
    }

    /// A copy in bfloat16.
    init(rounded address: UInt64, stride: Int) {
      (self.address, self.stride, bytesOfNumber) = (address, stride, 2)
    }

    func cell(_ row: Int, _ column: Int) -> UInt64 {
      address + UInt64((row * stride + column) * bytesOfNumber)
    }
  }

  /// Sequences of a batch, some behind the rows of another one.
  init(_ place: Place, _ layout: SequenceLayout, _ shape: AttentionShape) {
    var seen = (0..<layout.count).map { [$0] }
    for family in layout.families { seen[family.root] += family.branches }
    for sequence in 0..<layout.count {
      let rows = layout.rows(sequence)
      let (begin, firstViewer) = (runs.count / 4, viewers.count)
      var position = 0
      for run in [layout.prefix(sequence), rows].compactMap({ $0 }) where !run.isEmpty {
        runs += [
          Int(place.cell(run.lowerBound, shape.keys.lowerBound)),
          Int(place.cell(run.lowerBound, shape.values.lowerBound)), place.stride, position,
        ]
        position += run.count
      }
      viewers += seen[sequence]
      sequences += [
        rows.lowerBound, rows.count, position - rows.count, begin, runs.count / 4, firstViewer,
        viewers.count, 0,
      ]
      counts.append(rows.count)
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
