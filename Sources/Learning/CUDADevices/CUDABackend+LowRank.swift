internal import CCUDA
package import Tensors

/// Low-rank products of all members in two launches: pieces of the low products, then what they give.
///
/// In float32; where other products round their factors to bfloat16, each factor of the low products is
/// the sum of two such numbers, 16 bits: adapters learn.
extension CUDABackend {
  package func addLowRank(
    _ y: Matrix, _ low: Matrix, _ x: Matrix, _ a: Matrix, _ members: [LowRankMember],
    rowsArePrompts: Bool
  ) {
    precondition(
      x.columns == a.columns && low.columns == a.rows && low.rows == x.rows && y.rows == x.rows)
    guard let table = Self.table(members, a) else {
      addLowRankInParts(y, low, x, a, members, rowsArePrompts: rowsArePrompts)
      return
    }
    if y.rows == 0 { return }
    let pieces = Self.pieces(x.columns)
    queue.perform { queue in
      let partial = try queue.take(cells: pieces * x.rows * a.rows)
      try sum(
        queue, "low_rank_down", rows: x.rows, pieces: pieces,
        [.address(partial)] + KernelArgument.view(x) + KernelArgument.view(a) + [
          .count(x.rows), .count(a.columns), .count(a.rows),
        ])
      try give(
        queue, "add_low_rank", a, rows: y.rows,
        tiles: members.reduce(0) { $0 + Self.tiles($1.outputs.count) },
        KernelArgument.view(y) + KernelArgument.view(low) + [.address(partial)] + table)
    }
  }

  package func lowRankBack(
    _ dx: Matrix?, _ up: Matrix, _ dy: Matrix, _ a: Matrix, _ members: [LowRankMember]
  ) {
    precondition(
      up.columns == a.rows && up.rows == dy.rows
        && dx.map { $0.columns == a.columns && $0.rows == dy.rows } ?? true)
    guard let table = Self.table(members, a) else {
      lowRankBackInParts(dx, up, dy, a, members)
      return
    }
    if dy.rows == 0 { return }
    queue.perform { queue in
      let partial = try queue.take(
        cells: members.reduce(0) {
          $0 + Self.pieces($1.outputs.count) * dy.rows * $1.ranks.count
        })
      try sum(
        queue, "low_rank_up", rows: dy.rows,
        pieces: members.reduce(0) { $0 + Self.pieces($1.outputs.count) },
        [.address(partial)] + KernelArgument.view(dy) + table + [.count(dy.rows)])
      try give(
        queue, "low_rank_back", a, rows: dy.rows, tiles: dx == nil ? 1 : Self.tiles(a.columns),
        (dx.map(KernelArgument.view) ?? [.address(0), .long(0)]) + KernelArgument.view(up)
          + [.address(partial)] + KernelArgument.view(a) + table)
    }
  }

  // MARK: - Private

  private static func pieces(_ steps: Int) -> Int { CUDAQueue.blocks(steps, Int(ORC_LOW_PIECE)) }
  private static func tiles(_ columns: Int) -> Int {
    CUDAQueue.blocks(columns, Int(ORC_LOW_COLUMNS))
  }

  private func sum(
    _ queue: CUDAQueue, _ kernel: String, rows: Int, pieces: Int, _ arguments: [KernelArgument]
  ) throws {
    let isSplit = products == .bfloat16
    let size = Int(isSplit ? ORC_LOW_TENSOR_ROWS : ORC_LOW_ROWS)
    try queue.device.launch(
      isSplit ? kernel + "_tensor" : kernel,
      LaunchSize(
        grid: (CUDAQueue.blocks(rows, size), pieces, 1), block: (isSplit ? 128 : 256, 1, 1)),
      arguments)
  }

  private func give(
    _ queue: CUDAQueue, _ kernel: String, _ a: Matrix, rows: Int, tiles: Int,
    _ arguments: [KernelArgument]
  ) throws {
    try queue.device.launch(
      kernel,
      LaunchSize(
        grid: (CUDAQueue.blocks(rows, Int(ORC_LOW_ROWS)), tiles, 1), block: (256, 1, 1),
        sharedBytes: Int(orc_low_rank_shared(UInt32(a.rows)))),
      arguments + [.count(rows), .count(a.columns), .count(a.rows)])
  }

  /// The members as arguments; nil where they are more, or have more ranks, than a launch takes.
  private static func table(_ members: [LowRankMember], _ a: Matrix) -> [KernelArgument]? {
    let most = Int(ORC_LOW_MEMBERS_MAX)
    if members.isEmpty || members.count > most || a.rows > Int(ORC_LOW_RANKS_MAX) { return nil }
    let none: [KernelArgument] = [
      .address(0), .long(0), .int(0), .int(0), .int(0), .int(0), .float(0),
    ]
    return members.flatMap { member in
      KernelArgument.view(member.b) + [
        .count(member.outputs.lowerBound), .count(member.outputs.count),
        .count(member.ranks.lowerBound), .count(member.ranks.count), .float(member.scale),
      ]
    } + (members.count..<most).flatMap { _ in none }
  }
}
