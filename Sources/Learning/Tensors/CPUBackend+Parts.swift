import CKernels
import Parallelism

/// Attention of rows that go on after others: the kernels lay out keys and values from where they
/// lie, so nothing is copied and what is shared is kept once.
extension CPUBackend {
  package func attention(
    _ o: Matrix, _ qkv: Matrix, _ parts: [AttentionPart], _ shape: AttentionShape
  ) {
    // The parts that see the most go first.
    let order = parts.indices.sorted { a, b in
      let (x, y) = (Self.cost(parts[a]), Self.cost(parts[b]))
      return x != y ? x > y : a < b
    }
    let keyHeads = shape.keyValueHeadCount
    pool.forEach(parts.count * keyHeads) { [kernels] index in
      let (part, head) = (parts[order[index / keyHeads]], index % keyHeads)
      let columns = AttentionHead(shape, head)
      let own = KeyValueRun(
        keys: qkv.rows(part.rows).columns(shape.keys),
        values: qkv.rows(part.rows).columns(shape.values))
      let runs = (part.before + [own]).map { run in
        precondition(run.keys.stride == run.values.stride && run.keys.rows == run.values.rows)
        return orc_run(
          k: run.keys.address + head * shape.headSize,
          v: run.values.address + head * shape.headSize, stride: run.keys.stride,
          count: run.keys.rows)
      }
      kernels.pointee.attention_runs(
        o.rows(part.rows).columns(columns.queries).address, o.stride,
        qkv.rows(part.rows).columns(columns.queries).address, qkv.stride, runs, runs.count,
        part.rows.count, shape.headSize, shape.group, shape.window, shape.scale, shape.softcap)
    }
  }

  /// Pairs of a query and a key, about.
  private static func cost(_ part: AttentionPart) -> Int {
    part.rows.count * (part.before.reduce(0) { $0 + $1.keys.rows } + part.rows.count)
  }
}
