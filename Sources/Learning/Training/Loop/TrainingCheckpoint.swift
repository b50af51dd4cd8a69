internal import Diagnostics
internal import Documents
private import Foundation
internal import Models
internal import Reproducibility

/// The files of a checkpoint: everything that makes the next step's bits.
///
/// | file | what |
/// |---|---|
/// | `state.json` | ``TrainingState`` |
/// | `parameters.f32` | trainable parameters, in their order |
/// | `moments.f32` | the optimizer's moments, one after the other |
/// | `best.f32` | parameters at the best evaluation, where they are wanted |
/// | `prepared.f64` | what the objectives found before the first step |
struct TrainingCheckpoint {
  let model: any TrainableModel
  let optimizer: Optimizer
  let objectives: [any TrainingObjective]

  func write(_ state: TrainingState, best: [[Float]]?, to folder: String) throws {
    let text = JSONWriter.compact(state.json) + "\n"
    try Array(text.utf8).withUnsafeBufferPointer {
      try NumberFile.write([$0], to: folder + "/state.json")
    }
    try NumberFile.write(
      model.parameters.map { UnsafeBufferPointer($0.values) }, to: folder + "/parameters.f32")
    try Self.write(optimizer.moments, to: folder + "/moments.f32")
    if let best { try Self.write(best, to: folder + "/best.f32") }
    try Self.write(objectives.map(\.preparedState), to: folder + "/prepared.f64")
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
    guard let moments = try Self.read(tree.path("moments.f32"), like: optimizer.moments),
      optimizer.restore(step: state.step, moments: moments)
    else { throw Self.foreign("moments.f32") }
    if let path = tree["best.f32"] {
      let sizes = model.parameters.map { [Float](repeating: 0, count: $0.values.count) }
      guard let values = try Self.read(path, like: sizes) else { throw Self.foreign("best.f32") }
      best = values
    }
    try restorePrepared(tree.path("prepared.f64"))
    return state
  }

  private func restorePrepared(_ path: String) throws {
    let sizes = objectives.map { [Double](repeating: 0, count: $0.preparedSize) }
    guard let states = try Self.read(path, like: sizes) else { throw Self.foreign("prepared.f64") }
    for (objective, state) in zip(objectives, states) {
      guard objective.restore(preparedState: state) else { throw Self.foreign("prepared.f64") }
    }
  }

  private static func write<Number: BitwiseCopyable>(_ arrays: [[Number]], to path: String) throws {
    let joined = arrays.count == 1 ? arrays[0] : arrays.flatMap { $0 }
    try joined.withUnsafeBufferPointer { try NumberFile.write([$0], to: path) }
  }

  /// Arrays with the sizes of `shape`, or nil when the file's size is another.
  private static func read<Number: BitwiseCopyable>(_ path: String, like shape: [[Number]]) throws
    -> [[Number]]?
  {
    var flat = shape.flatMap { $0 }
    let fits = try flat.withUnsafeMutableBufferPointer { try NumberFile.read(path, into: [$0]) }
    guard fits else { return nil }
    var start = 0
    return shape.map { array in
      defer { start += array.count }
      return Array(flat[start..<(start + array.count)])
    }
  }

  private static func foreign(_ file: String) -> Failure {
    Diagnostic(
      "training.foreign-checkpoint",
      "'\(file)' of the checkpoint does not belong to this model and these rows",
      fix: "remove the checkpoint and run the stage again"
    ).failure(.stageFailed)
  }
}
