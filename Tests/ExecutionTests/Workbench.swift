import Artifacts
import Diagnostics
import Documents
import Execution
import Foundation
import Planning
import Processes
import Reproducibility
import RunStore
import StageKit
import TestSupport
import Testing

/// A project that runs stages `a` and `b` (which reads `a`), as versions of their requests.
struct Workbench {
  let folder: TemporaryFolder
  let project: ProjectFolder

  init() throws {
    folder = try TemporaryFolder()
    project = ProjectFolder(root: folder.path)
  }

  func spec(_ version: Int = 1) -> RunSpec {
    let output = Port("files", .files, help: "")
    let a = StageRequest(
      stage: "a", kind: "x", version: version, parameters: ["name": "a"], outputs: [output])
    let b = StageRequest(
      stage: "b", kind: "x", version: 1, parameters: ["name": "b"],
      inputs: ["in": .stage(name: "a", port: "files")], outputs: [output])
    return RunSpec(
      pipelineName: "p", pipelinePath: folder.path + "/p.yaml", pipelineDigest: Digest(of: []),
      stages: [a, b])
  }

  /// Runs a spec; what the stages write depends on their version and inputs.
  @discardableResult
  func run(_ spec: RunSpec, shared: SharedStore? = nil) throws -> (
    moves: [String], warnings: [Diagnostic]
  ) {
    let session = try ProjectSession(project, shared: shared)
    let seen = EventList()
    let launcher = ScriptedLauncher { ticket in
      let out = try #require(ticket.outputFolders["files"])
      var text = "\(ticket.stage) \(ticket.version)"
      for (_, input) in ticket.inputs.sorted(by: { $0.key < $1.key }) {
        text += String(decoding: try DurableFile.read(input.tree.path("f")), as: UTF8.self)
      }
      try DurableFile.writeFleeting(Array(text.utf8), to: out + "/f")
      let manifest = try ArtifactStore.seal(folder: out, type: .files, references: [])
      return ScriptedProcess(
        [.finished(.succeeded, outputs: ["files": manifest])], exit: .exited(0))
    }
    let engine = try Engine.start(
      spec, in: session, launcher: launcher, observer: seen, options: .init(threads: 1))
    let conclusion = try engine.runToEnd()
    #expect(conclusion.exitStatus == 0)
    return (seen.moves, session.takeWarnings())
  }

  /// Path and bytes of every file of the store.
  func objects() throws -> [String: [UInt8]] {
    var found: [String: [UInt8]] = [:]
    for prefix in try DurableFile.names(in: project.objects) {
      for name in try DurableFile.names(in: "\(project.objects)/\(prefix)") {
        found[name] = try DurableFile.read("\(project.objects)/\(prefix)/\(name)")
      }
    }
    return found
  }

  func store() throws -> RunStore { try #require(try RunStore.openToRead(project.database)) }

  /// The output of a stage in the last run.
  func output(_ stage: String) throws -> Digest {
    let store = try store()
    let job = try #require(try store.lastFinishedJob(ofStage: stage))
    let fingerprint = try #require(job.fingerprint)
    let result = try #require(try store.result(for: fingerprint))
    return try #require(result.outputs["files"])
  }

  /// Path of the one file of a stage's output.
  func file(_ stage: String) throws -> String {
    let artifacts = ArtifactStore(project)
    let artifact = try #require(try artifacts.artifact(output(stage)))
    return try artifact.tree.path("f")
  }

  /// Changes one bit of a file, which keeps its size.
  func damage(_ path: String) throws {
    var bytes = try DurableFile.read(path)
    bytes[bytes.count / 2] ^= 1
    try FileManager.default.removeItem(atPath: path)
    try DurableFile.writeFleeting(bytes, to: path)
  }
}
