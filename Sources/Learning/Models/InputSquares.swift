import Tensors

/// Sums of squares of what the linear layers of a model read, by column: what an importance matrix
/// is made of.
///
/// ```swift
/// let squares = InputSquares(model)
/// model.observe(batch, squares)
/// let sums = squares.sums["model.layers.0.self_attn.q_proj"]
/// ```
package final class InputSquares {
  package struct Sum: Sendable, Hashable {
    /// A value for each input.
    package var squares: [Float]
    /// Rows that were added up.
    package var rows: Int
  }

  /// By the path of the module; only those that read anything.
  package var sums: [String: Sum] {
    var sums: [String: Sum] = [:]
    for (paths, cells) in zip(members, memory) where cells.rows > 0 {
      let values = cells.sum.values()
      for path in paths { sums[path] = Sum(squares: values, rows: cells.rows) }
    }
    return sums
  }

  private var members: [[String]] = []
  private var memory: [(sum: Matrix, rows: Int)] = []
  private var places: [ObjectIdentifier: Int] = [:]

  package init() {}

  /// Adds the rows of x, which `linear` is about to read.
  func add(_ x: Matrix, _ linear: Linear, in pass: Pass) {
    let place = places[ObjectIdentifier(linear)] ?? make(linear, pass.backend)
    pass.backend.sumProducts(memory[place].sum, x, x, partial: pass.partial)
    memory[place].rows += x.rows
  }

  private func make(_ linear: Linear, _ backend: any Backend) -> Int {
    let place = members.count
    places[ObjectIdentifier(linear)] = place
    members.append(linear.members.map(\.path))
    let sum = backend.allocate(linear.inputSize).matrix(rows: 1, columns: linear.inputSize)
    memory.append((sum, 0))
    return place
  }
}

extension LanguageModel {
  /// Runs a batch through the layers and adds what their linears read.
  package func observe(_ batch: TokenBatch, _ squares: InputSquares) {
    guard let last = batch.ids.indices.last else { return }
    let step = step(batch, [last], DecoderStep.Options(adapterIsOn: adapterIsOn))
    step.pass.observer = squares
    step.runLayers()
  }
}
