internal import CCUDA
package import Tensors

/// Low-rank products of all members in one launch, in float32: adapters learn.
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
    launch(
      "add_low_rank", a, rows: y.rows,
      KernelArgument.view(y) + KernelArgument.view(low) + KernelArgument.view(x)
        + KernelArgument.view(a) + table)
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
    launch(
      "low_rank_back", a, rows: dy.rows,
      (dx.map(KernelArgument.view) ?? [.address(0), .long(0)]) + KernelArgument.view(up)
        + KernelArgument.view(dy) + KernelArgument.view(a) + table)
  }

  private func launch(_ kernel: String, _ a: Matrix, rows: Int, _ arguments: [KernelArgument]) {
    if rows == 0 { return }
    queue.perform {
      try $0.device.launch(
        kernel,
        LaunchSize(
          grid: CUDAQueue.blocks(rows, Int(ORC_LOW_ROWS)), block: 256,
          sharedBytes: Int(orc_low_rank_shared(UInt32(a.rows)))),
        arguments + [.count(rows), .count(a.columns), .count(a.rows)])
    }
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
