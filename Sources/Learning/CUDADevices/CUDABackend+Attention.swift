internal import CCUDA
package import Tensors

/// Attention within sequences, after prefixes, and over caches.
extension CUDABackend {
  package func attention(
    _ o: Matrix, _ lse: Matrix, _ qkv: Matrix, _ sequences: SequenceLayout,
    _ shape: AttentionShape
  ) {
    forward(
      o, lse: (lse.deviceAddress, lse.stride), qkv,
      AttentionTables(AttentionTables.Place(qkv), sequences, shape), shape)
  }

  package func attention(
    _ o: Matrix, _ qkv: Matrix, _ parts: [AttentionPart], _ shape: AttentionShape
  ) {
    forward(o, lse: (0, 0), qkv, AttentionTables(qkv, parts, shape), shape)
  }

  package func attentionBackward(
    _ gradient: Matrix, _ dO: Matrix, _ o: Matrix, _ lse: Matrix, _ qkv: Matrix,
    _ sequences: SequenceLayout, _ shape: AttentionShape
  ) {
    let kernel = attentionKernel(shape)
    queue.perform { queue in
      let dots = try queue.take(cells: dO.rows * shape.headCount)
      try queue.device.launch(
        "attention_dots", LaunchSize(grid: dO.rows * shape.headCount, block: 32),
        [.address(dots)] + KernelArgument.view(dO) + KernelArgument.view(o) + [
          .count(shape.headCount), .count(shape.headSize),
        ])
      let place = try factors(queue, qkv, kernel), up = try factors(queue, dO, kernel)
      let tables = AttentionTables(place, sequences, shape)
      let placed = try upload(queue, tables)
      let slopes =
        [.address(up.address), .long(up.stride)] + KernelArgument.view(lse) + [.address(dots)]
      let queries: [KernelArgument] = [.address(place.address), .long(place.stride)]
      let tiles = tables.tiles(of: kernel.backwardTile)
      try launch(
        queue, kernel.queries, tiles, shape.headCount,
        KernelArgument.view(gradient) + slopes + queries
          + [.address(placed.sequences), .address(placed.runs)], shape)
      let (dk, dv) = (gradient.columns(shape.keys), gradient.columns(shape.values))
      try launch(
        queue, kernel.keys, tiles, shape.keyValueHeadCount,
        [.address(dk.deviceAddress), .address(dv.deviceAddress), .long(gradient.stride)] + slopes
          + queries + [
            .address(place.cell(0, shape.keys.lowerBound)),
            .address(place.cell(0, shape.values.lowerBound)), .long(place.stride),
            .address(placed.sequences), .address(placed.viewers),
          ], shape)
    }
  }

  /// What the backward passes read: the cells, or, on tensor cores, a copy of them in bfloat16, half of
  /// which is read many times. Rows are whole groups of 16 bytes.
  private func factors(_ queue: CUDAQueue, _ x: Matrix, _ kernel: AttentionKernel) throws
    -> AttentionTables.Place
  {
    guard kernel.isRounded else { return AttentionTables.Place(x) }
    let stride = (x.columns + 7) / 8 * 8
    let address = try queue.take(bytes: 2 * x.rows * stride)
    try queue.cells(
      "round", x.rows, x.columns,
      [.address(address), .long(stride)] + KernelArgument.view(x) + [
        .count(x.rows), .count(x.columns),
      ])
    return AttentionTables.Place(rounded: address, stride: stride)
  }

  package func attentionOverCache(
    _ o: Matrix, _ q: Matrix, caches: [[KeyValueRun]], _ shape: AttentionShape
  ) {
    if caches.isEmpty { return }
    let tables = AttentionTables(caches: caches)
    let pieces = CUDAQueue.blocks(tables.longest, Int(ORC_CACHE_PIECE))
    queue.perform { queue in
      let placed = try upload(queue, tables)
      let partial = try queue.take(
        cells: caches.count * shape.headCount * pieces * (shape.headSize + 2))
      try queue.device.launch(
        "cache_pieces",
        LaunchSize(
          grid: (pieces, shape.keyValueHeadCount, caches.count), block: (128, 1, 1),
          sharedBytes: Int(orc_cache_shared(UInt32(shape.group), UInt32(shape.headSize)))),
        [.address(partial)] + KernelArgument.view(q) + [
          .address(placed.sequences), .address(placed.runs), .count(pieces),
        ] + Self.rules(shape))
      try queue.device.launch(
        "cache_combine",
        LaunchSize(grid: (shape.headCount, caches.count, 1), block: (128, 1, 1)),
        KernelArgument.view(o) + [
          .address(partial), .address(placed.sequences), .count(pieces), .count(shape.headCount),
          .count(shape.headSize),
        ])
    }
  }

  // MARK: - Private

  private func attentionKernel(_ shape: AttentionShape) -> AttentionKernel {
    AttentionKernel(shape, products, sharedBytesMax: device.sharedBytesMax)
  }

  private func forward(
    _ o: Matrix, lse: (address: UInt64, stride: Int), _ qkv: Matrix, _ tables: AttentionTables,
    _ shape: AttentionShape
  ) {
    let kernel = attentionKernel(shape)
    queue.perform { queue in
      let placed = try upload(queue, tables)
      try launch(
        queue, kernel.forward, tables.tiles(of: kernel.forwardTile), shape.headCount,
        KernelArgument.view(o) + [.address(lse.address), .long(lse.stride)]
          + KernelArgument.view(qkv) + [.address(placed.sequences), .address(placed.runs)], shape)
    }
  }

  private func launch(
    _ queue: CUDAQueue, _ kernel: AttentionKernel.Launch, _ tiles: [Int32], _ heads: Int,
    _ arguments: [KernelArgument], _ shape: AttentionShape
  ) throws {
    if tiles.isEmpty { return }
    let tilesAt = try queue.upload(tiles)
    try queue.device.launch(
      kernel.name,
      LaunchSize(
        grid: (tiles.count / 2, heads, 1), block: (kernel.threads, 1, 1),
        sharedBytes: kernel.sharedBytes),
      arguments + [.address(tilesAt)] + Self.rules(shape))
  }

  /// heads, group, D, window, scale, softcap.
  private static func rules(_ shape: AttentionShape) -> [KernelArgument] {
    [
      .count(shape.headCount), .count(shape.group), .count(shape.headSize),
      .int(Int32(clamping: shape.window)), .float(shape.scale), .float(shape.softcap),
    ]
  }

  private func upload(_ queue: CUDAQueue, _ tables: AttentionTables) throws -> (
    sequences: UInt64, runs: UInt64, viewers: UInt64
  ) {
    let (sequences, runs) = (tables.sequences.count, tables.runs.count)
    let address = try queue.upload(tables.sequences + tables.runs + tables.viewers)
    return (address, address + UInt64(8 * sequences), address + UInt64(8 * (sequences + runs)))
  }
}
