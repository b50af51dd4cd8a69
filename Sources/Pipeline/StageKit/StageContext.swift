package import Diagnostics
package import Parallelism
package import Reproducibility

/// All that a running stage may touch.
package final class StageContext: Sendable {
  /// Sized for this stage; outputs must not depend on its number of threads.
  package let pool: ThreadPool
  package let checkpoints: any CheckpointStore
  /// Which part of the work this process does.
  package let shard: ShardRole
  /// A folder for answers of other programs that cost money or time, shared by every attempt, run
  /// and stage of the project; nil keeps none.
  package let answers: String?
  /// Files of outputs that were objects before; see ``ChunkResult/File/place(at:among:)``.
  package let placed: PlacedObjects

  private let inputs: [String: InputArtifact]
  private let files: [String: [InputFile]]
  private let outputs: [String: String]
  private let references: ReferenceRecorder
  private let chunkResults: @Sendable (_ port: String, _ purpose: String) -> any ChunkResults
  private let sink: @Sendable (StageEvent) -> Void
  private let stopRequested: @Sendable () -> Bool

  /// - Parameters:
  ///   - outputs: port → existing empty folder.
  ///   - stopRequested: true once the stage should write a checkpoint and end.
  package init(
    pool: ThreadPool, inputs: [String: InputArtifact], files: [String: [InputFile]],
    outputs: [String: String], checkpoints: any CheckpointStore,
    references: ReferenceRecorder = ReferenceRecorder(), shard: ShardRole = .whole,
    answers: String? = nil, placed: PlacedObjects = PlacedObjects(),
    chunkResults: @escaping @Sendable (_ port: String, _ purpose: String) -> any ChunkResults = {
      _, _ in NoChunkResults()
    },
    sink: @escaping @Sendable (StageEvent) -> Void,
    stopRequested: @escaping @Sendable () -> Bool = { false }
  ) {
    self.pool = pool
    self.inputs = inputs
    self.files = files
    self.outputs = outputs
    self.checkpoints = checkpoints
    self.references = references
    self.shard = shard
    self.answers = answers
    self.placed = placed
    self.chunkResults = chunkResults
    self.sink = sink
    self.stopRequested = stopRequested
  }

  /// The artifact at a declared input port. Traps on a port that is not declared or not given:
  /// the plan has checked both.
  package func input(_ port: String) -> InputArtifact {
    guard let artifact = inputs[port] else { preconditionFailure("no input at port '\(port)'") }
    return artifact
  }

  /// The artifact at an optional input port, or nil.
  package func optionalInput(_ port: String) -> InputArtifact? { inputs[port] }

  /// The files of a parameter read with ``ParameterReader/files(_:help:)``, by its path
  /// (`sources[0].path`), in order of name.
  package func files(_ parameter: String) -> [InputFile] { files[parameter] ?? [] }

  /// The folder to fill for an output port.
  package func output(_ port: String) -> String {
    guard let folder = outputs[port] else { preconditionFailure("no output port '\(port)'") }
    return folder
  }

  /// What was made of single chunks of the input at `port` before, for the same parameters and other
  /// inputs.
  ///
  /// - Parameter purpose: tells apart several results that one stage keeps for a chunk.
  package func chunkResults(of port: String, for purpose: String) -> any ChunkResults {
    chunkResults(port, purpose)
  }

  /// Declares that the output at `port` needs the artifact `digest`, which is one of the inputs or
  /// referenced by one: it is kept as long as the output and handed to whoever reads it.
  package func refer(from port: String, to digest: Digest) { references.add(digest, port: port) }

  package func report(_ event: StageEvent) { sink(event) }

  package func progress(
    _ done: Int, of total: Int?, _ unit: String, rates: [String: Double] = [:]
  ) {
    report(.progress(done: done, total: total, unit: unit, rates: rates))
  }

  package func count(_ name: String, _ value: Int) { report(.count(name: name, value: value)) }
  package func warn(_ diagnostic: Diagnostic) { report(.message(diagnostic)) }

  /// Whether to stop at the next safe point.
  package var isStopRequested: Bool { stopRequested() }

  /// Throws `CancellationError` once a stop was requested; call at every batch.
  package func checkCancelled() throws { if stopRequested() { throw CancellationError() } }
}
