import Diagnostics
import Foundation
import Reproducibility
import TestSupport
import Testing

@Suite struct DurableFileTests {
  @Test("a write replaces the file, sets its mode and leaves nothing else behind")
  func writeReplaces() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("a", "old")
    try DurableFile.write(Array("new".utf8), to: path, mode: 0o444)
    #expect(try folder.read("a") == Array("new".utf8))
    #expect(try DurableFile.names(in: folder.path) == ["a"])
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o444)
  }

  @Test("a write keeps the mode of the file that it replaces", arguments: [0o600, 0o640, 0o777])
  func modeKept(mode: Int) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("a", "old")
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    try DurableFile.write(Array("new".utf8), to: path)
    func found() throws -> Int? {
      try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }
    #expect(try found() == mode)
    try DurableFile.copy(folder.write("b", "other"), to: path)
    #expect(try found() == mode)
    #expect(try folder.read("a") == Array("other".utf8))
  }

  @Test("a write that cannot happen names the path and the errno")
  func writeFails() throws {
    let folder = try TemporaryFolder()
    do {
      try DurableFile.write([1], to: folder.path + "/none/a")
      Issue.record("a file was written into a folder that is not there")
    } catch let failure as Failure {
      #expect(failure.failureClass == .io)
      #expect(failure.diagnostics[0].code == "io.enoent")
      #expect(failure.diagnostics[0].message.hasSuffix("no such file or directory (ENOENT)"))
      #expect(failure.diagnostics[0].message.contains("/none/"))
    }
  }

  @Test("a full disk is an I/O failure that says to free space")
  func fullDisk() throws {
    do {
      try DurableFile.writeFleeting([UInt8](repeating: 0, count: 1 << 16), to: "/dev/full")
      Issue.record("/dev/full took bytes")
    } catch let failure as Failure {
      #expect(failure.failureClass == .io)
      #expect(
        failure.diagnostics[0].message
          == "cannot write '/dev/full': no space left on device (ENOSPC)")
      #expect(
        failure.diagnostics[0].fix == "free some space, then type 'orchestrate resume'")
    }
  }

  @Test("refusals of permission have their own class")
  func permission() {
    #expect(SystemError.failure("open", "/x", EACCES).failureClass == .permission)
    #expect(SystemError.failure("open", "/x", EROFS).failureClass == .io)
    #expect(SystemError.name(EDQUOT) == "EDQUOT")
    #expect(SystemError.name(9999) == "errno 9999")
  }

  @Test("a sweep removes what begins with the prefix and nothing else")
  func sweep() throws {
    let folder = try TemporaryFolder()
    try folder.write(DurableFile.temporaryPrefix + "a-1", "x")
    try folder.write(DurableFile.temporaryPrefix + "folder/deep/b", "x")
    try folder.write("kept", "x")
    try DurableFile.sweep(folder.path)
    #expect(try DurableFile.names(in: folder.path) == ["kept"])
  }

  @Test("removing takes folders with all they hold, links unfollowed, and absence is fine")
  func remove() throws {
    let folder = try TemporaryFolder()
    try folder.write("outside", "x")
    try folder.write("tree/a/b/c", "x")
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/tree/link", withDestinationPath: folder.path)
    try DurableFile.remove(folder.path + "/tree")
    try DurableFile.remove(folder.path + "/tree")
    #expect(try DurableFile.names(in: folder.path) == ["outside"])
  }

  @Test(
    "parents and names of paths",
    arguments: [
      ("a", ".", "a"), ("/", "/", ""), ("/a", "/", "a"), ("a/b", "a", "b"), ("/a/b.c", "/a", "b.c"),
      ("", ".", ""), ("é/ü", "é", "ü"),
    ])
  func parts(path: String, parent: String, name: String) {
    #expect(DurableFile.parent(of: path) == parent)
    #expect(DurableFile.name(of: path) == name)
  }

  @Test("a copy and a digest see every byte of files around the piece size")
  func copyAndDigest() throws {
    let folder = try TemporaryFolder()
    for count in [0, 1, (1 << 20) - 1, 1 << 20, (1 << 20) + 1] {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
      let path = folder.path + "/\(count)"
      try DurableFile.write(bytes, to: path)
      try DurableFile.copy(path, to: path + "-copy")
      #expect(try DurableFile.read(path + "-copy") == bytes)
      #expect(try Digest(file: path) == Digest(of: bytes))
    }
  }
}
