import Artifacts
import Execution
import Foundation
import Reproducibility
import RunStore
import StageKit
import TestSupport
import Testing

/// What a recorded result says its outputs consist of.
@Suite struct ResultObjectsTests {
  @Test("stages in processes of their own list every object, manifests and references included")
  func listed() throws {
    let bench = try Workbench()
    try bench.run(bench.spec())
    let session = try ProjectSession(bench.project)
    for result in try session.store.results() {
      let objects = try #require(result.objects)
      for digest in result.outputs.values {
        let manifest = try #require(try session.artifacts.manifest(digest))
        for part in [digest] + manifest.files.map(\.digest) + manifest.references {
          #expect(objects.contains { $0.digest == part })
        }
      }
      for object in objects {
        #expect(session.artifacts.has(object.digest, size: object.size))
      }
    }
  }

  @Test("a result that lists none is completed once; one with a damaged object is not")
  func completed() throws {
    let bench = try Workbench()
    try bench.run(bench.spec())
    let (first, second): (Digest, Digest)
    do {
      let session = try ProjectSession(bench.project)
      let results = try session.store.results().sorted { $0.fingerprint < $1.fingerprint }
      (first, second) = (results[0].fingerprint, results[1].fingerprint)
      for result in results {
        var bare = result
        bare.objects = nil
        try session.store.adopt(bare, at: 1)
      }
      let bare = try #require(try session.store.outcome(for: first))
      #expect(bare.objects == nil)
      let objects = try session.objects(of: bare, first)
      #expect(objects == results[0].objects)
      #expect(try session.store.outcome(for: first)?.objects == objects)
    }
    let session = try ProjectSession(bench.project)
    let bare = try #require(try session.store.outcome(for: second))
    #expect(bare.objects == nil)
    let digest = try #require(bare.outputs.values.first)
    let file = try #require(try session.artifacts.manifest(digest)?.files.first)
    let path = session.artifacts.path(of: file.digest)
    #expect(chmod(path, 0o644) == 0)
    try Data(repeating: 0, count: file.size).write(to: URL(fileURLWithPath: path))
    #expect(try session.objects(of: bare, second) == nil)
    #expect(try session.store.outcome(for: second)?.objects == nil)
  }
}
