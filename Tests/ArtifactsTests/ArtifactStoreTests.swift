import Artifacts
import Diagnostics
import Foundation
import Reproducibility
import StageKit
import TestSupport
import Testing

/// A project in a temporary folder.
struct Fixture {
  let folder: TemporaryFolder
  let store: ArtifactStore

  init() throws {
    folder = try TemporaryFolder()
    let project = ProjectFolder(root: folder.path)
    try project.create()
    store = ArtifactStore(project)
  }

  /// Publishes files given as name → text.
  func publish(
    _ files: [String: String], type: ArtifactType = .files, references: [Digest] = []
  ) throws -> Digest {
    let staged = "staged-\(UUID().uuidString)"
    _ = try folder.makeFolder(staged)
    for (name, text) in files { try folder.write("\(staged)/\(name)", text) }
    let path = folder.path + "/" + staged
    let manifest = try ArtifactStore.seal(folder: path, type: type, references: references)
    try store.publish([(manifest, path)])
    return manifest.digest
  }
}

@Suite struct ArtifactStoreTests {
  @Test("an artifact is named by its manifest, and objects by the sum of their bytes")
  func names() throws {
    let fixture = try Fixture()
    let digest = try fixture.publish(["b/c.txt": "hello\n", "a.txt": "x"])
    let artifact = try #require(try fixture.store.artifact(digest))
    #expect(artifact.tree.names == ["a.txt", "b/c.txt"])
    let path = try artifact.tree.path("b/c.txt")
    // sha256sum of "hello\n".
    #expect(
      path.hasSuffix(
        "/objects/58/5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"))
    #expect(try DurableFile.read(path) == Array("hello\n".utf8))
    #expect(try Digest(file: fixture.store.path(of: digest)) == digest)
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o444)
  }

  @Test("the same files give the same artifact, whatever their folder and times")
  func sameBytes() throws {
    let fixture = try Fixture()
    let first = try fixture.publish(["a": "1", "b": "1"])
    #expect(try fixture.publish(["b": "1", "a": "1"]) == first)
    #expect(try fixture.publish(["a": "1", "b": "2"]) != first)
    #expect(try fixture.publish(["a": "1", "b": "1"], type: .records) != first)
  }

  @Test("publishing again after a crash between two files completes the artifact")
  func repeatedPublish() throws {
    let fixture = try Fixture()
    let staged = try fixture.folder.makeFolder("staged")
    try fixture.folder.write("staged/a", "one")
    try fixture.folder.write("staged/b", "two")
    let manifest = try ArtifactStore.seal(folder: staged, type: .files, references: [])
    // The crash came when only 'a' had been moved.
    let object = fixture.store.path(of: manifest.files[0].digest)
    try DurableFile.makeFolder(DurableFile.parent(of: object))
    try DurableFile.rename(staged + "/a", to: object)
    #expect(try !fixture.store.isWhole(manifest.digest))
    try fixture.store.publish([(manifest, staged)])
    try fixture.store.publish([(manifest, staged)])
    #expect(try fixture.store.isWhole(manifest.digest))
    #expect(try fixture.store.verify(manifest.digest) == [])
  }

  @Test("references are resolved to any depth, and a missing one makes the artifact unusable")
  func references() throws {
    let fixture = try Fixture()
    let base = try fixture.publish(["w": "base"], type: .model)
    let first = try fixture.publish(["w": "one"], type: .model, references: [base])
    let second = try fixture.publish(["w": "two"], type: .model, references: [first])
    let artifact = try #require(try fixture.store.artifact(second))
    #expect(artifact.references.keys.sorted() == [base.hex, first.hex].sorted())
    let path = try #require(artifact.reference(base)?["w"])
    #expect(try DurableFile.read(path) == Array("base".utf8))
    try FileManager.default.removeItem(atPath: path)
    #expect(try fixture.store.artifact(second) == nil)
  }

  @Test("a file that is gone, cut or a manifest with other bytes is no hit")
  func damage() throws {
    let fixture = try Fixture()
    let digest = try fixture.publish(["a": "hello"])
    let path = try #require(try fixture.store.artifact(digest)?.tree["a"])
    chmod(path, 0o644)
    try Data("hell".utf8).write(to: URL(fileURLWithPath: path))
    #expect(try fixture.store.artifact(digest) == nil)
    let damages = try fixture.store.verify(digest)
    #expect(damages.map(\.finding) == ["different bytes"])
    try fixture.store.setAside(try #require(damages.first))
    #expect(try fixture.store.verify(digest).map(\.finding) == ["missing"])
    #expect(try fixture.publish(["a": "hello"]) == digest)
    #expect(try fixture.store.isWhole(digest))

    let manifest = fixture.store.path(of: digest)
    chmod(manifest, 0o644)
    try Data("{}".utf8).write(to: URL(fileURLWithPath: manifest))
    #expect(try fixture.store.artifact(digest) == nil)
    #expect(try fixture.publish(["a": "hello"]) == digest)
    #expect(try fixture.store.isWhole(digest))
  }

  @Test("links and hard links become copies, so that an object never changes")
  func links() throws {
    let fixture = try Fixture()
    let outside = try fixture.folder.write("outside", "first")
    let staged = try fixture.folder.makeFolder("staged")
    try FileManager.default.createSymbolicLink(
      atPath: staged + "/soft", withDestinationPath: outside)
    try FileManager.default.linkItem(atPath: outside, toPath: staged + "/hard")
    let manifest = try ArtifactStore.seal(folder: staged, type: .files, references: [])
    try fixture.store.publish([(manifest, staged)])
    try fixture.folder.write("outside", "other")
    #expect(try fixture.store.verify(manifest.digest) == [])
    #expect(manifest.files.map(\.size) == [5, 5])
  }

  @Test("anything that is neither file nor folder is refused by name")
  func fifo() throws {
    let fixture = try Fixture()
    let staged = try fixture.folder.makeFolder("staged")
    mkfifo(staged + "/pipe", 0o644)
    do {
      _ = try ArtifactStore.seal(folder: staged, type: .files, references: [])
      Issue.record("a pipe was sealed")
    } catch let failure as Failure {
      #expect(
        failure.diagnostics[0].message == "the output 'pipe' is neither a file nor a folder")
    }
  }

  @Test("an external tree resolves to its folder until a size differs")
  func external() throws {
    let fixture = try Fixture()
    let path = try fixture.folder.write("base/config.json", "{}")
    let file = ArtifactManifest.File(
      name: "config.json", size: 2, digest: try Digest(file: path))
    let external = ExternalTree(
      folder: fixture.folder.path + "/base",
      manifest: ArtifactManifest(type: .model, files: [file]))
    try fixture.store.record(external)
    try fixture.store.record(external)
    let artifact = try #require(try fixture.store.artifact(external.digest))
    #expect(artifact.tree["config.json"] == path)
    let adapter = try fixture.publish(["a": "1"], type: .model, references: [external.digest])
    #expect(try fixture.store.artifact(adapter)?.reference(external.digest) == artifact.tree)
    try fixture.folder.write("base/config.json", "{ }")
    #expect(try fixture.store.artifact(external.digest) == nil)
  }

  @Test("a sweep leaves objects, checkpoints and externals, and nothing half-written")
  func sweep() throws {
    let fixture = try Fixture()
    let digest = try fixture.publish(["a": "1"])
    let prefix = DurableFile.temporaryPrefix
    let state = ".orchestrate/"
    for name in [
      "\(prefix)x", "attempts/000001/out/a", "objects/\(digest.hex.prefix(2))/\(prefix)y",
      "checkpoints/\(digest.hex)/\(prefix)step/z", "externals/\(prefix)w",
    ] { try fixture.folder.write(state + name, "litter") }
    try fixture.folder.write(state + "checkpoints/\(digest.hex)/step-00000001/chain", "kept")
    try fixture.store.project.sweep()
    let left = try FileTree(folder: fixture.store.project.state).names
    #expect(!left.contains { $0.contains(prefix) || $0.hasPrefix("attempts/") })
    #expect(left.contains("checkpoints/\(digest.hex)/step-00000001/chain"))
    #expect(try fixture.store.isWhole(digest))
  }
}
