import CKernels
import Parallelism

/// Attention within sequences, some of which go on after a prefix that they share.
///
/// A sequence with a prefix is copied together with it, head by head, so that the kernels see whole
/// sequences; the prefix's own rows are computed once.
extension CPUBackend {
  package func attention(
    _ o: Matrix, _ lse: Matrix, _ qkv: Matrix, _ sequences: SequenceLayout,
    _ shape: AttentionShape
  ) {
    let keyHeads = shape.keyValueHeadCount
    // The last queries of a sequence see the most keys: the longest tasks go first.
    let parts = Self.queryParts(sequences).reversed() as [QueryPart]
    pool.forEach(parts.count * keyHeads) { [kernels] index in
      let (queries, head) = (parts[index / keyHeads], index % keyHeads)
      let rows = sequences.rows(queries.sequence)
      let part = AttentionHead(shape, head)
      guard let prefix = sequences.prefix(queries.sequence), !prefix.isEmpty else {
        let place = part.place(qkv.rows(rows), o.rows(rows), lse.rows(rows))
        kernels.pointee.attention_forward(
          place.o, o.stride, place.lse, lse.stride, place.q, place.k, place.v, qkv.stride,
          queries.start, queries.count, shape.headSize, shape.group, shape.window, shape.scale,
          shape.softcap)
        return
      }
      let copy = AttentionCopy(shape, rows: prefix.count + rows.count)
      defer { withExtendedLifetime(copy) {} }
      copy.take(qkv, part, [prefix, rows])
      // Whole blocks of queries keep the bits of a sequence that stands alone.
      let start = prefix.count / Self.queryBlock * Self.queryBlock
      kernels.pointee.attention_forward(
        copy.o, copy.queryWidth, copy.lse, shape.group, copy.q, copy.k, copy.v, copy.width, start,
        copy.rows - start, shape.headSize, shape.group, shape.window, shape.scale, shape.softcap)
      copy.give(from: copy.o, copy.queryWidth, o, part.queries, rows, skipping: prefix.count)
      copy.give(from: copy.lse, shape.group, lse, part.heads, rows, skipping: prefix.count)
    }
  }

  /// Rows of queries that the kernels take together.
  private static let queryBlock = 48

  /// Queries of one sequence that are one task with each key-value head.
  package struct QueryPart: Hashable, Sendable {
    package let sequence, start, count: Int
  }

  /// About 512 queries to a part, so that a long row keeps many threads busy; whole blocks, so that
  /// the bits are those of the whole. What goes on after a prefix is one part.
  package static func queryParts(_ sequences: SequenceLayout) -> [QueryPart] {
    (0..<sequences.count).flatMap { sequence in
      let count = sequences.rows(sequence).count
      let parts = sequences.prefix(sequence)?.isEmpty == false ? 1 : max(1, count / 480)
      let size = max(1, (count + parts * queryBlock - 1) / (parts * queryBlock)) * queryBlock
      return stride(from: 0, to: count, by: size).map {
        QueryPart(sequence: sequence, start: $0, count: min(size, count - $0))
      }
    }
  }

  package func attentionBackward(
    _ gradient: Matrix, _ dO: Matrix, _ o: Matrix, _ lse: Matrix, _ qkv: Matrix,
    _ sequences: SequenceLayout, _ shape: AttentionShape
  ) {
    let keyHeads = shape.keyValueHeadCount
    let families = sequences.families
    pool.forEach(families.count * keyHeads) { [kernels] index in
      let (family, part) = (families[index / keyHeads], AttentionHead(shape, index % keyHeads))
      let rows = sequences.rows(family.root)
      if !rows.isEmpty {
        let place = part.place(qkv.rows(rows), o.rows(rows), lse.rows(rows))
        let slope = part.place(gradient.rows(rows), dO.rows(rows), lse.rows(rows))
        kernels.pointee.attention_backward(
          slope.q, slope.k, slope.v, gradient.stride, slope.o, place.o, o.stride, place.lse,
          lse.stride, place.q, place.k, place.v, qkv.stride, rows.count, shape.headSize,
          shape.group, shape.window, shape.scale, shape.softcap)
      }
      // In order, by one task: all of them add to the prefix's keys and values.
      for branch in family.branches {
        branchBackward(
          gradient, dO, o, lse, qkv, prefix: rows, rows: sequences.rows(branch), part, shape)
      }
    }
  }

  private func branchBackward(
    _ gradient: Matrix, _ dO: Matrix, _ o: Matrix, _ lse: Matrix, _ qkv: Matrix,
    prefix: Range<Int>, rows: Range<Int>, _ part: AttentionHead, _ shape: AttentionShape
  ) {
    if rows.isEmpty { return }
    let copy = AttentionCopy(shape, rows: prefix.count + rows.count, forBackward: true)
    defer { withExtendedLifetime(copy) {} }
    copy.take(qkv, part, [prefix, rows])
    // The prefix's own outputs are the root's: here their slope is zero.
    copy.take(dO, part.queries, rows, to: copy.dO, copy.queryWidth, skipping: prefix.count)
    copy.take(o, part.queries, rows, to: copy.o, copy.queryWidth, skipping: prefix.count)
    copy.take(lse, part.heads, prefix, to: copy.lse, shape.group, skipping: 0)
    copy.take(lse, part.heads, rows, to: copy.lse, shape.group, skipping: prefix.count)
    kernels.pointee.attention_backward(
      copy.dQ, copy.dK, copy.dV, copy.width, copy.dO, copy.o, copy.queryWidth, copy.lse,
      shape.group, copy.q, copy.k, copy.v, copy.width, copy.rows, shape.headSize, shape.group,
      shape.window, shape.scale, shape.softcap)
    copy.give(from: copy.dQ, copy.width, gradient, part.queries, rows, skipping: prefix.count)
    copy.give(from: copy.dK, copy.width, gradient, part.keys, rows, skipping: prefix.count)
    copy.give(from: copy.dV, copy.width, gradient, part.values, rows, skipping: prefix.count)
    for (slope, columns) in [(copy.dK, part.keys), (copy.dV, part.values)] {
      let target = gradient.rows(prefix).columns(columns)
      kernels.pointee.add_scaled(
        target.address, target.stride, slope, copy.width, 1, target.rows, target.columns)
    }
  }
}

/// The columns of one key-value head with its queries.
struct AttentionHead: Sendable {
  let queries, keys, values, heads: Range<Int>

  init(_ shape: AttentionShape, _ head: Int) {
    let size = shape.headSize
    func columns(_ start: Int, _ count: Int) -> Range<Int> { start..<start + count }
    queries = columns(head * shape.group * size, shape.group * size)
    keys = columns(shape.keys.lowerBound + head * size, size)
    values = columns(shape.values.lowerBound + head * size, size)
    heads = columns(head * shape.group, shape.group)
  }

  typealias Floats = UnsafeMutablePointer<Float>

  /// Where its parts begin in rows of qkv (or its gradient), o (or its gradient) and lse.
  func place(_ qkv: Matrix, _ o: Matrix, _ lse: Matrix) -> (
    q: Floats, k: Floats, v: Floats, o: Floats, lse: Floats
  ) {
    (
      qkv.address + queries.lowerBound, qkv.address + keys.lowerBound,
      qkv.address + values.lowerBound, o.address + queries.lowerBound,
      lse.address + heads.lowerBound
    )
  }
}
