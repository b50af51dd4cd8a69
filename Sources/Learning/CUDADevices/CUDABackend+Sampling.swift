package import Tensors

/// The next tokens: logits stay on the card, numbers of tokens leave it.
///
/// A draw is the host's wherever the logits are: weights are rounded to 2⁻⁴⁶ of the greatest where the
/// vocabulary has at most 2¹⁷ tokens, so that one in some 10⁹ draws may take a neighbour.
extension CUDABackend {
  package func sample(_ logits: Matrix, _ draws: [TokenDraw]) -> [TokenChoice?] {
    precondition(draws.count <= logits.rows, "a draw has a row")
    return stride(from: 0, to: draws.count, by: Self.sampledRows).flatMap { start in
      let rows = start..<min(draws.count, start + Self.sampledRows)
      return queue.reading { try sample($0, logits.rows(rows), Array(draws[rows])) }
        ?? rows.map { _ in nil }
    }
  }

  /// Rows whose weights exist at once: 8 bytes for each token of each.
  private static let sampledRows = 16

  private func sample(_ queue: CUDAQueue, _ logits: Matrix, _ draws: [TokenDraw]) throws
    -> [TokenChoice?]
  {
    let (rows, columns) = (draws.count, logits.columns)
    // One piece of memory, so that one copy brings the results: best, ids, top, second.
    let results = try queue.take(cells: 4 * rows)
    func part(_ index: Int) -> UInt64 { results + UInt64(4 * rows * index) }
    try queue.rows(
      "sample_top", rows, columns,
      [.address(part(0)), .address(part(2)), .address(part(3))] + KernelArgument.view(logits)
        + [.count(columns)])
    let draws = draws.map { columns > 0 ? $0 : TokenDraw() }
    let isDrawn = draws.contains { $0.temperature > 0 }
    if isDrawn { try draw(queue, logits, draws, best: part(0), ids: part(1), top: part(2)) }
    let numbers = try queue.download(results, Int32(0), count: 4 * rows)
    return draws.indices.map { row in
      let best = numbers[row]
      func logit(_ index: Int) -> Float {
        Float(bitPattern: UInt32(bitPattern: numbers[index * rows + row]))
      }
      return best < 0
        ? nil
        : TokenChoice(
          id: isDrawn ? numbers[rows + row] : best, top: logit(2), second: logit(3))
    }
  }

  private func draw(
    _ queue: CUDAQueue, _ logits: Matrix, _ draws: [TokenDraw], best: UInt64, ids: UInt64,
    top: UInt64
  ) throws {
    let (rows, columns) = (draws.count, logits.columns)
    let temperatures = try queue.upload(draws.map(\.temperature))
    let probabilities = try queue.upload(draws.map(\.topP))
    let uniforms = try queue.upload(draws.map(\.uniform))
    let counts = try queue.upload(draws.map { Int32(clamping: $0.topK) })
    let weights = try queue.take(bytes: 8 * rows * columns)
    // Weights are at most 1: their sum stays below 2⁶³.
    let shift = 62 - (Int.bitWidth - (columns - 1).leadingZeroBitCount)
    try queue.cells(
      "sample_weights", rows, columns,
      [.address(weights)] + KernelArgument.view(logits) + [
        .address(top), .address(temperatures), .count(rows), .count(columns),
        .int(Int32(shift)),
      ])
    try queue.device.launch(
      "sample", LaunchSize(grid: rows, block: 256),
      [.address(ids), .address(weights)] + KernelArgument.view(logits) + [
        .address(best), .address(temperatures), .address(counts), .address(probabilities),
        .address(uniforms), .count(columns),
      ])
  }
}
