internal import Diagnostics
internal import Documents
private import Foundation
internal import Models
internal import Reproducibility
internal import Tensors

/// The files of a checkpoint: everything that makes the next step's bits.
///
/// | file | what |
/// |---|---|
/// | `state.json` | ``TrainingState`` |
/// | `parameters.f32` | trainable parameters, in their order |
/// | `moments.f32` | the optimizer's moments as ``MomentLayout`` says, codes of 8 bits four in a cell |
/// | `best.f32` | parameters at the best evaluation, where they are wanted |
/// | `prepared.f64` | what the objectives found before the first step |
/// | `in-flight.f64` | what was made for steps that are not over, where there is something |
struct TrainingCheckpoint {
  let model: any TrainableModel
  let optimizer: Optimizer
  /// The one that is trained on, then that of the validation rows.
  let objectives: [any TrainingObjective]

  func write(_ state: TrainingState, best: [[Float]]?, to folder: String) throws {
    let text = JSONWriter.compact(state.json) + "\n"
    try NumberFile.write([Array(text.utf8)], to: folder + "/state.json")
    try NumberFile.write(model.parameters.map(\.values), to: folder + "/parameters.f32")
    try NumberFile.write([optimizer.moments], to: folder + "/moments.f32")
    if let best { try NumberFile.write(best, to: folder + "/best.f32") }
    try NumberFile.write(objectives.map(\.preparedState), to: folder + "/prepared.f64")
    let inFlight = objectives[0].inFlight
    if !inFlight.isEmpty { try NumberFile.write([inFlight], to: folder + "/in-flight.f64") }
  }

  /// Puts everything back. `best` gets the parameters at the best evaluation, where there are some.
  ///
  /// - Throws: ``Failure`` when the files are not a checkpoint of this model and these rows.
  func restore(_ tree: FileTree, best: inout [[Float]]?) throws -> TrainingState {
    let text = try Data(contentsOf: URL(fileURLWithPath: tree.path("state.json")))
    let json = try JSONReader.parse(Array(text), file: "state.json")
    guard let state = TrainingState(json) else { throw Self.foreign("state.json") }
    guard try NumberFile.read(tree.path("parameters.f32"), into: model.parameters.map(\.values))
    else { throw Self.foreign("parameters.f32") }
    guard try NumberFile.read(tree.path("moments.f32"), into: [optimizer.moments])
    else { throw Self.foreign("moments.f32") }
    optimizer.restore(step: state.step)
    if let path = tree["best.f32"] {
      var values = model.parameters.map { [Float](repeating: 0, count: $0.values.count) }
      guard try NumberFile.read(path, into: &values) else { throw Self.foreign("best.f32") }
      best = values
    }
    var states = objectives.map { [Double](repeating: 0, count: $0.preparedSize) }
    guard try NumberFile.read(tree.path("prepared.f64"), into: &states),
      zip(objectives, states).allSatisfy({ $0.restore(preparedState: $1) })
    else { throw Self.foreign("prepared.f64") }
    let inFlight = try tree["in-flight.f64"].map { try NumberFile.read($0) } ?? []
    guard let inFlight, objectives[0].restore(inFlight: inFlight) else {
      throw Self.foreign("in-flight.f64")
    }
    return state
  }

  private static func foreign(_ file: String) -> Failure {
    Diagnostic(
      "training.foreign-checkpoint",
      "'\(file)' of the checkpoint does not belong to this model and these rows",
      fix: "remove the checkpoint and run the stage again"
    ).failure(.stageFailed)
  }
}
