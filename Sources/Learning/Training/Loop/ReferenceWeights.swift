internal import Models
internal import Tensors

/// A model as it came in: what it had learnt before the run (a fresh adapter: nothing, a continued
/// one: itself, all weights: their start).
package final class ReferenceWeights {
  private let values: [[Float]]

  /// Keeps a copy of what learns.
  package init(_ model: any TrainableModel) { values = model.parameters.map { $0.values.values() } }

  /// Runs `body` with the model as it came in; it has its own weights again afterwards.
  package func with<Result>(_ model: any TrainableModel, _ body: () throws -> Result) rethrows
    -> Result
  {
    let current = model.parameters.map { $0.values.values() }
    write(values, model)
    defer { write(current, model) }
    return try body()
  }

  private func write(_ values: [[Float]], _ model: any TrainableModel) {
    for (parameter, values) in zip(model.parameters, values) { parameter.values.write(values) }
  }
}
