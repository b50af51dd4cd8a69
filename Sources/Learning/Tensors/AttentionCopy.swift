private import Glibc

/// One head of a sequence behind its prefix, row after row: memory of one task, zero at the start.
final class AttentionCopy {
  typealias Floats = UnsafeMutablePointer<Float>

  let rows: Int
  /// Columns of q, of q with k and v.
  let queryWidth, width: Int
  private let memory: UnsafeMutableBufferPointer<Float>
  private let headSize: Int
  private let gradients: Int

  init(_ shape: AttentionShape, rows: Int, forBackward: Bool = false) {
    self.rows = rows
    headSize = shape.headSize
    queryWidth = shape.group * shape.headSize
    width = queryWidth + 2 * shape.headSize
    let once = width + queryWidth + shape.group
    gradients = forBackward ? rows * once : 0
    memory = .allocate(capacity: rows * once + (forBackward ? rows * (width + queryWidth) : 0))
    memory.initialize(repeating: 0)
  }

  deinit { memory.deallocate() }

  private var start: Floats {
    guard let start = memory.baseAddress else { preconditionFailure("a sequence has rows") }
    return start
  }

  var q: Floats { start }
  var k: Floats { start + queryWidth }
  var v: Floats { k + headSize }
  var o: Floats { start + rows * width }
  var lse: Floats { o + rows * queryWidth }
  var dQ: Floats { start + gradients }
  var dK: Floats { dQ + queryWidth }
  var dV: Floats { dK + headSize }
  var dO: Floats { dQ + rows * width }

  /// q, k and v of several runs of rows, one after the other.
  func take(_ qkv: Matrix, _ head: AttentionHead, _ runs: [Range<Int>]) {
    var skipped = 0
    for run in runs {
      take(qkv, head.queries, run, to: q, width, skipping: skipped)
      take(qkv, head.keys, run, to: k, width, skipping: skipped)
      take(qkv, head.values, run, to: v, width, skipping: skipped)
      skipped += run.count
    }
  }

  func take(
    _ source: Matrix, _ columns: Range<Int>, _ rows: Range<Int>, to target: Floats, _ stride: Int,
    skipping skipped: Int
  ) {
    let source = source.rows(rows).columns(columns)
    for row in 0..<source.rows {
      memcpy(
        target + (skipped + row) * stride, source.address + row * source.stride,
        columns.count * 4)
    }
  }

  func give(
    from source: Floats, _ stride: Int, _ target: Matrix, _ columns: Range<Int>,
    _ rows: Range<Int>, skipping skipped: Int
  ) {
    let target = target.rows(rows).columns(columns)
    for row in 0..<target.rows {
      memcpy(
        target.address + row * target.stride, source + (skipped + row) * stride,
        columns.count * 4)
    }
  }
}
