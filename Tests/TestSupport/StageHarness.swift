private import Diagnostics
private import Documents
private import Foundation
private import Parallelism
private import Reproducibility
package import StageKit
private import Synchronization

/// Runs a stage in this process over folders, for tests.
package struct StageHarness: Sendable {
  /// What a run left behind.
  package struct Result: Sendable {
    package var outcome: StageOutcome
    package var events: [StageEvent]
    /// Output folders by port.
    package var outputs: [String: String]

    /// The artifact at an output port, as the next stage would see it.
    package func artifact(_ port: String, _ type: ArtifactType) throws -> InputArtifact {
      try StageHarness.artifact(folder: outputs[port]!, type)
    }
  }

  package var threads = 2
  package var checkpoints: any CheckpointStore = NoCheckpoints()
  package var answers: String?
  package var shard = ShardRole.whole
  package var chunkResults: @Sendable (_ port: String, _ purpose: String) -> any ChunkResults = {
    _, _ in NoChunkResults()
  }

  package init() {}

  /// An artifact over a folder; its digest covers names and bytes.
  package static func artifact(folder: String, _ type: ArtifactType) throws -> InputArtifact {
    let tree = try FileTree(folder: folder)
    var members: [JSONMember] = []
    for name in tree.names {
      let bytes = try Data(contentsOf: URL(fileURLWithPath: tree.path(name)))
      members.append(JSONMember(name, .string(Digest(of: bytes).hex)))
    }
    return InputArtifact(type: type, digest: Digest(canonical: .object(members)), tree: tree)
  }

  /// Reads `parameters` (JSON text of the mapping under `with:`), finds the declared files relative
  /// to `folder`, and runs the stage.
  package func run<S: Stage>(
    _ stage: S.Type, _ parameters: String, inputs: [String: InputArtifact] = [:],
    folder: TemporaryFolder
  ) throws -> Result {
    let json = try JSONReader.parse(Array(parameters.utf8), file: "parameters")
    let read = S.read(Node(json, file: "parameters"))
    if !read.diagnostics.isEmpty { throw read.diagnostics[0].failure(.badInput) }
    var files: [String: [InputFile]] = [:]
    for input in read.fileInputs {
      let path = input.pattern.hasPrefix("/") ? input.pattern : folder.path + "/" + input.pattern
      let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
      files[input.parameter] = [
        InputFile(
          name: input.pattern, path: path, digest: Digest(of: bytes), bytes: bytes.count)
      ]
    }
    var outputs: [String: String] = [:]
    for port in read.ports.outputs {
      outputs[port.name] = try folder.makeFolder("out-\(port.name)-\(UUID().uuidString)")
    }
    let events = EventLog()
    let context = StageContext(
      pool: ThreadPool(threads: threads), inputs: inputs, files: files, outputs: outputs,
      checkpoints: checkpoints, shard: shard, answers: answers, chunkResults: chunkResults,
      sink: { events.append($0) })
    let outcome = try read.run(context)
    return Result(outcome: outcome, events: events.all, outputs: outputs)
  }
}

private final class EventLog: Sendable {
  private let events = Mutex<[StageEvent]>([])
  func append(_ event: StageEvent) { events.withLock { $0.append(event) } }
  var all: [StageEvent] { events.withLock { $0 } }
}
