import Artifacts
import Diagnostics
import Foundation
import Reproducibility
import StageKit
import TestSupport
import Testing

@Suite struct FolderChunkResultsTests {
  private static func results(_ fixture: Fixture) -> FolderChunkResults {
    FolderChunkResults(
      folder: fixture.store.project.chunks + "/request", store: fixture.store)
  }

  private static let chunk = Digest(of: Array("chunk".utf8))
  private static let summary = Array("summary\nof two lines".utf8)
  private static let files = [Array("rows\n".utf8), [], Array("changes\n".utf8)]

  @Test("what is kept is found again, by the digest of the chunk alone")
  func found() throws {
    let fixture = try Fixture()
    let results = Self.results(fixture)
    #expect(try results.find(Self.chunk) == nil)
    _ = try results.keep(Self.chunk, summary: Self.summary, files: Self.files)
    let found = try #require(try results.find(Self.chunk))
    #expect(found.summary == Self.summary)
    #expect(try found.files.map { try $0.bytes() } == Self.files)
    #expect(found.files.map(\.digest) == Self.files.map { Digest(of: $0) })
    #expect(try results.find(Digest(of: Array("other".utf8))) == nil)
  }

  @Test("a damaged, cut or missing file is no result", arguments: ["", ".0", ".2"])
  func damaged(suffix: String) throws {
    for damage in ["other", "cut", "gone"] {
      let fixture = try Fixture()
      let results = Self.results(fixture)
      _ = try results.keep(Self.chunk, summary: Self.summary, files: Self.files)
      let path = fixture.store.project.chunks + "/request/" + Self.chunk.hex + suffix
      var bytes = try DurableFile.read(path)
      switch damage {
      case "other": bytes[bytes.count - 2] ^= 1
      case "cut": bytes.removeLast()
      default: break
      }
      try FileManager.default.removeItem(atPath: path)
      if damage != "gone" { try DurableFile.write(bytes, to: path) }
      #expect(try results.find(Self.chunk) == nil)
    }
  }

  @Test("a file that became an object is taken from the store, and placed without a copy")
  func published() throws {
    let fixture = try Fixture()
    let results = Self.results(fixture)
    let kept = try results.keep(Self.chunk, summary: Self.summary, files: Self.files)
    let staged = try fixture.folder.makeFolder("staged")
    try kept.files[0].place(at: staged + "/rows.jsonl", among: PlacedObjects())
    let manifest = try ArtifactStore.seal(folder: staged, type: .files, references: [])
    #expect(manifest.files.map(\.digest) == [Digest(of: Self.files[0])])
    try fixture.store.publish([(manifest, staged)])
    let own = fixture.store.project.chunks + "/request/" + Self.chunk.hex + ".0"
    let object = fixture.store.path(of: Digest(of: Self.files[0]))
    func inode(_ path: String) throws -> Int? {
      try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int
    }
    #expect(try inode(own) == inode(object))
    try FileManager.default.removeItem(atPath: own)
    #expect(try results.find(Self.chunk)?.files[0].bytes() == Self.files[0])
  }

  @Test("an object placed in an output stays untouched, and is a file of the output all the same")
  func placed() throws {
    let fixture = try Fixture()
    let results = Self.results(fixture)
    let kept = try results.keep(Self.chunk, summary: Self.summary, files: Self.files)
    func output(_ name: String, _ files: [ChunkResult.File]) throws -> (ArtifactManifest, String) {
      let folder = try fixture.folder.makeFolder(name)
      let placed = PlacedObjects()
      try DurableFile.write([1], to: folder + "/b.json")
      for (file, name) in zip(files, ["a.jsonl", "c.jsonl", "chunks/d.jsonl"]) {
        if name.contains("/") { try DurableFile.makeFolder(folder + "/chunks") }
        try file.place(at: "\(folder)/\(name)", among: placed)
      }
      var links = try OutputLinks(folders: [folder])
      let manifest = try ArtifactStore.seal(
        folder: folder, type: .files, references: [], links: &links, into: fixture.store,
        placed: placed)
      return (manifest, folder)
    }
    try fixture.store.publish([try output("first", kept.files)])
    let object = fixture.store.path(of: Digest(of: Self.files[2]))
    let before = try #require(FileStamp(ofFile: object))
    let found = try #require(try results.find(Self.chunk))
    let again = try output("again", found.files)
    let plain = try output("plain", kept.files)
    #expect(again.0 == plain.0)
    #expect(FileManager.default.fileExists(atPath: plain.1 + "/chunks/d.jsonl"))
    #expect(!FileManager.default.fileExists(atPath: again.1 + "/chunks/d.jsonl"))
    try FileManager.default.removeItem(atPath: plain.1)
    let unnamed = FileStamp(ofFile: object)
    try fixture.store.publish([again])
    #expect(FileStamp(ofFile: object) == unnamed)
    #expect(before.inode == unnamed?.inode)
    #expect(try fixture.store.verify(again.0.digest).isEmpty)
    try FileManager.default.removeItem(atPath: object)
    let failure = #expect(throws: Failure.self) { try fixture.store.publish([again]) }
    #expect(failure?.diagnostics.first?.code == "store.lost-object")
  }

  @Test("a name outside of the outputs that nobody vouches for is still copied")
  func foreignLink() throws {
    let fixture = try Fixture()
    let staged = try fixture.folder.makeFolder("staged")
    try fixture.folder.write("mine.txt", "mine\n")
    #expect(link(fixture.folder.path + "/mine.txt", staged + "/mine.txt") == 0)
    let manifest = try ArtifactStore.seal(folder: staged, type: .files, references: [])
    try fixture.store.publish([(manifest, staged)])
    try fixture.folder.write("mine.txt", "other\n")
    #expect(try fixture.store.verify(manifest.digest).isEmpty)
  }

  @Test("results of chunks that are gone are let go when they are many")
  func trim() throws {
    let fixture = try Fixture()
    let results = Self.results(fixture)
    let chunks = (0..<10).map { Digest(of: Array("chunk \($0)".utf8)) }
    for chunk in chunks { _ = try results.keep(chunk, summary: [1], files: [[2]]) }
    try results.trim(to: Array(chunks.prefix(3)))
    #expect(try chunks.allSatisfy { try results.find($0) != nil })
    try results.trim(to: Array(chunks.prefix(2)))
    #expect(try chunks.map { try results.find($0) != nil } == chunks.indices.map { $0 < 2 })
    #expect(
      try DurableFile.names(in: fixture.store.project.chunks + "/request").count == 4)
  }
}
