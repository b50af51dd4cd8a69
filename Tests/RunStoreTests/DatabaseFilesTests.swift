import Diagnostics
import Foundation
import Reproducibility
import RunStore
import StageKit
import TestSupport
import Testing

/// What a database file was, is, and may become.
@Suite struct DatabaseFilesTests {
  static let released = ["1"]

  static func copy(_ name: String, _ folder: TemporaryFolder) throws -> String {
    let source = "Tests/Fixtures/schema/\(name)"
    for file in try FileManager.default.contentsOfDirectory(atPath: source)
    where file.hasPrefix("state.sqlite") {
      try folder.write(file, DurableFile.read("\(source)/\(file)"))
    }
    return folder.path + "/state.sqlite"
  }

  @Test(
    "a database of every released version is opened and brought up to date", arguments: released)
  func migrates(version: String) throws {
    let folder = try TemporaryFolder()
    let path = try Self.copy("\(version)/state", folder)
    let store = try RunStore.open(path)
    #expect(try store.runs(limit: 9).map(\.state) == [.running, .refused, .succeeded])
    #expect(try store.integrityFindings().isEmpty)
    #expect(try store.results().count == 5)
    #expect(try store.objectStamps().isEmpty)
    store.close()
    #expect(RunStore.isAsLeft(path) == true)
  }

  @Test("a command that only looks reads an older version too")
  func looks() throws {
    let folder = try TemporaryFolder()
    let path = try Self.copy("1/state", folder)
    #expect(try RunStore.openToRead(path)?.lastRun()?.id == 3)
  }

  @Test("a database of a newer version is refused, and not a byte of it changes")
  func newer() throws {
    let folder = try TemporaryFolder()
    let path = try Self.copy("newer", folder)
    let before = try DurableFile.read(path)
    for open in [{ _ = try RunStore.open(path) }, { _ = try RunStore.openToRead(path) }] {
      do {
        try open()
        Issue.record("a newer version was opened")
      } catch let failure as Failure {
        #expect(failure.diagnostics[0].code == "store.newer")
        #expect(failure.failureClass == .badInput)
      }
    }
    #expect(try DurableFile.read(path) == before)
  }

  @Test("the last byte of the file counts")
  func lastByte() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/state.sqlite"
    try RunStore.open(path).close()
    #expect(RunStore.isAsLeft(path) == true)
    var bytes = try folder.read("state.sqlite")
    bytes[bytes.count - 1] ^= 1
    try folder.write("state.sqlite", bytes)
    #expect(RunStore.isAsLeft(path) == false)
  }

  @Test("while a store is written to, nobody vouches for the file")
  func writing() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/state.sqlite"
    try RunStore.open(path).close()
    let store = try RunStore.open(path)
    #expect(RunStore.isAsLeft(path) == true)
    _ = try store.takeToken()
    #expect(RunStore.isAsLeft(path) == nil)
    store.close()
    #expect(RunStore.isAsLeft(path) == true)
  }

  @Test("a store that was taken over writes nothing at all")
  func guarded() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/state.sqlite"
    let (old, new) = (try RunStore.open(path), try RunStore.open(path))
    old.guardWrites(with: try old.takeToken())
    _ = try old.createRun(RunStoreTests.spec, at: 1)
    _ = try new.takeToken()
    do {
      _ = try old.createRun(RunStoreTests.spec, at: 2)
      Issue.record("a fenced store has written")
    } catch let failure as Failure {
      #expect(failure.diagnostics[0].code == "run.fenced")
      #expect(failure.failureClass == .locked)
    }
    #expect(try new.runs(limit: 9).count == 1)
  }
}
