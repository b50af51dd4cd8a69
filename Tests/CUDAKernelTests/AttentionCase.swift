import CCUDA
import Glibc
import Testing

/// A batch of sequences, some of which go on after another one, and the sizes of the heads.
struct AttentionCase: Sendable, CustomTestStringConvertible {
  /// Own rows of each sequence and the number of the one that comes before.
  var sequences: [(count: Int, prefix: Int?)]
  var heads = 2
  var keyHeads = 1
  var size = 12
  var window = Int(Int32.max)
  var softcap: Float = 0

  var testDescription: String {
    "\(sequences.map { "\($0.count)/\($0.prefix.map(String.init) ?? "-")" }), \(heads)/\(keyHeads) "
      + "of \(size), window \(window), softcap \(softcap)"
  }

  var scale: Float { 0.4 }
  var group: Int { heads / keyHeads }
  var rows: Int { sequences.reduce(0) { $0 + $1.count } }
  var queryWidth: Int { heads * size }
  var width: Int { queryWidth + 2 * keyHeads * size }
  var keys: Int { queryWidth }
  var values: Int { queryWidth + keyHeads * size }
  /// Of the kernels' names.
  var suffix: Int { size <= 64 ? 64 : size <= 128 ? 128 : 256 }

  func first(_ sequence: Int) -> Int { sequences[..<sequence].reduce(0) { $0 + $1.count } }

  /// The row of the batch that has a position of a sequence.
  func row(_ sequence: Int, _ position: Int) -> Int {
    let before = length(before: sequence)
    if position < before, let prefix = sequences[sequence].prefix {
      return first(prefix) + position
    }
    return first(sequence) + position - before
  }

  func length(before sequence: Int) -> Int {
    sequences[sequence].prefix.map { sequences[$0].count } ?? 0
  }

  /// Every pair of a query's and a key's row with the head, in order.
  func eachQuery(_ body: (_ row: Int, _ head: Int, _ seen: [Int]) -> Void) {
    for (number, sequence) in sequences.enumerated() {
      for t in 0..<sequence.count {
        let i = length(before: number) + t, low = max(0, i - window + 1)
        let seen = (low...i).map { row(number, $0) }
        for head in 0..<heads { body(first(number) + t, head, seen) }
      }
    }
  }

  /// Scores of a query: c = scale q.k, capped.
  func scores(_ qkv: Table, _ row: Int, _ head: Int, _ seen: [Int]) -> [Double] {
    let (q, k, cap) = (head * size, keys + head / group * size, Double(softcap))
    return seen.map { j in
      let product = (0..<size).reduce(0) { $0 + qkv[row, q + $1] * qkv[j, k + $1] } * Double(scale)
      return softcap > 0 ? cap * tanh(product / cap) : product
    }
  }

  /// o and lse.
  func attend(_ qkv: Table) -> (o: Table, lse: Table) {
    var (o, lse) = (Table(zero: rows, queryWidth), Table(zero: rows, heads))
    eachQuery { row, head, seen in
      let scores = scores(qkv, row, head, seen)
      lse[row, head] = log(scores.reduce(0) { $0 + exp($1) })
      for (j, score) in zip(seen, scores) {
        let p = exp(score - lse[row, head])
        for d in 0..<size {
          o[row, head * size + d] += p * qkv[j, values + head / group * size + d]
        }
      }
    }
    return (o, lse)
  }

  /// The gradient of qkv, or the sums of its terms' magnitudes.
  func gradient(
    _ qkv: Table, _ dO: Table, _ o: Table, _ lse: Table, ofMagnitudes: Bool = false
  ) -> Table {
    func term(_ x: Double) -> Double { ofMagnitudes ? abs(x) : x }
    var out = Table(zero: rows, width)
    let cap = Double(softcap)
    eachQuery { row, head, seen in
      let (q, k, v) = (head * size, keys + head / group * size, values + head / group * size)
      let dot = (0..<size).reduce(0) { $0 + dO[row, q + $1] * o[row, q + $1] }
      for (j, score) in zip(seen, scores(qkv, row, head, seen)) {
        let p = exp(score - lse[row, head])
        let up = (0..<size).reduce(0) { $0 + dO[row, q + $1] * qkv[j, v + $1] }
        let bend = softcap > 0 ? 1 - score / cap * (score / cap) : 1
        let slope = p * (up - dot) * bend * Double(scale)
        for d in 0..<size {
          out[j, v + d] += term(p * dO[row, q + d])
          out[row, q + d] += term(slope * qkv[j, k + d])
          out[j, k + d] += term(slope * qkv[row, q + d])
        }
      }
    }
    return out
  }
}

/// The tables of a launch.
struct AttentionTables {
  let sequences, runs, viewers: Cells<Int64>
  let queryTiles, tiles: Cells<Int32>

  init(_ at: AttentionCase, _ qkv: Plane) {
    self.init(at, word(qkv.cells.address), qkv.stride, bytes: 4)
  }

  init(_ at: AttentionCase, _ qkv: HalfPlane) {
    self.init(at, word(qkv.cells.address), qkv.stride, bytes: 2)
  }

  private init(_ at: AttentionCase, _ address: UInt64, _ stride: Int, bytes: Int) {
    var (sequences, runs, viewers): ([Int64], [Int64], [Int64]) = ([], [], [])
    func run(_ sequence: Int, _ position: Int) -> [Int64] {
      let row = Int64(bitPattern: address) + Int64(bytes * at.first(sequence) * stride)
      return [
        row + Int64(bytes * at.keys), row + Int64(bytes * at.values), Int64(stride),
        Int64(position),
      ]
    }
    for (number, sequence) in at.sequences.enumerated() {
      let begin = runs.count / 4, before = at.length(before: number)
      if let prefix = sequence.prefix, before > 0 { runs += run(prefix, 0) }
      runs += run(number, before)
      let first = viewers.count
      viewers.append(Int64(number))
      viewers += at.sequences.indices.filter { at.sequences[$0].prefix == number }.map(Int64.init)
      sequences += [
        Int64(at.first(number)), Int64(sequence.count), Int64(before), Int64(begin),
        Int64(runs.count / 4), Int64(first), Int64(viewers.count), 0,
      ]
    }
    self.sequences = Cells(sequences)
    self.runs = Cells(runs)
    self.viewers = Cells(viewers)
    queryTiles = Cells(Self.tiles(at, 64))
    tiles = Cells(Self.tiles(at, 32))
  }

  private static func tiles(_ at: AttentionCase, _ rows: Int) -> [Int32] {
    at.sequences.enumerated().flatMap { number, sequence -> [Int32] in
      stride(from: 0, to: sequence.count, by: rows).flatMap { first -> [Int32] in
        [Int32(number), Int32(first)]
      }
    }
  }
}
