import Artifacts
import Execution
import Foundation
import Reproducibility
import RunStore
import StageKit
import TestSupport
import Testing

/// Objects that were recorded before they were known to be on the disk.
@Suite struct UnflushedTests {
  @Test("the next start keeps what is whole and removes what a loss of power took")
  func nextStart() throws {
    let folder = try TemporaryFolder()
    let project = ProjectFolder(root: folder.path)
    try folder.write("out/whole", "whole")
    try folder.write("out/torn", "torn")
    let whole: WorkspaceStore.Taken
    let torn: WorkspaceStore.Taken
    do {
      let session = try ProjectSession(project)
      let files = WorkspaceStore(session.artifacts, folder: folder.path)
      whole = try files.take(WorkspacePath(name: "out/whole"), by: "a")
      torn = try files.take(WorkspacePath(name: "out/torn"), by: "a")
      let request = StageRequest(stage: "a", kind: "x", version: 1)
      let run = try session.store.createRun(
        RunSpec(
          pipelineName: "p", pipelinePath: folder.path + "/p.yaml", pipelineDigest: Digest(of: []),
          stages: [request]), at: 1)
      var job = try #require(try session.store.jobs(ofRun: run.id).first)
      let fingerprint = Digest(of: [1])
      _ = try session.store.move(
        &job, .init(.inputsReady, fingerprint: fingerprint), seq: 1, at: 1)
      let attempt = try session.store.beginAttempt(
        of: &job, fingerprint: fingerprint, token: session.token, move: .init(.started), seq: 2,
        at: 1
      ).attempt
      _ = try session.store.finishAttempt(
        attempt, of: &job, .succeeded, seconds: 1,
        result: ResultRecord(
          fingerprint: fingerprint, request: request, inputs: [:], outcome: .succeeded,
          outputs: ["w": whole.manifestDigest, "t": torn.manifestDigest], seconds: 1),
        unflushed: (whole.objects + torn.objects).map(\.digest), move: .init(.finished), seq: 3,
        at: 1)
      #expect(try session.store.unflushedObjects().count == 4)
    }
    // The file kept its length and lost its bytes.
    let object = try #require(torn.files.first?.digest)
    let path = ArtifactStore(project).path(of: object)
    chmod(path, 0o644)
    try Data([0, 0, 0, 0]).write(to: URL(fileURLWithPath: path))
    let session = try ProjectSession(project)
    #expect(try session.store.unflushedObjects().isEmpty)
    #expect(try session.artifacts.isWhole(whole.manifestDigest))
    #expect(try !session.artifacts.isWhole(torn.manifestDigest))
    let result = try #require(try session.store.outcome(for: Digest(of: [1])))
    #expect(try !session.artifacts.isWhole(result))
  }

  @Test("a flusher brings everything to the disk once, however it is asked")
  func flusher() throws {
    let folder = try TemporaryFolder()
    let project = ProjectFolder(root: folder.path)
    let session = try ProjectSession(project)
    let files = WorkspaceStore(session.artifacts, folder: folder.path)
    var objects: [Digest] = []
    for index in 0..<40 {
      try folder.write("f\(index)", "\(index)")
      objects += try files.take(WorkspacePath(name: "f\(index)"), by: "a").objects.map(\.digest)
    }
    let flusher = ObjectFlusher(session.artifacts)
    flusher.add(Array(objects.prefix(30)))
    flusher.start()
    flusher.add(Array(objects.dropFirst(30)))
    var done = Set(try flusher.takeDone())
    done.formUnion(try flusher.drain())
    #expect(done == Set(objects))
    #expect(try flusher.drain().isEmpty)
    // Those whose bytes are there and whose folders nobody has flushed yet.
    flusher.add(Array(objects.prefix(5)))
    flusher.start()
    #expect(try Set(flusher.drain()) == Set(objects.prefix(5)))
    try DurableFile.remove(session.artifacts.path(of: objects[0]))
    flusher.add([objects[0]])
    #expect(throws: (any Error).self) { try flusher.drain() }
  }
}
