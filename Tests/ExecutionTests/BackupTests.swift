import Artifacts
import Diagnostics
import Execution
import Foundation
import Reproducibility
import RunStore
import StageKit
import TestSupport
import Testing

@Suite struct BackupTests {
  static func code(_ body: () throws -> Void) -> String? {
    do {
      try body()
      return nil
    } catch {
      return (error as? Failure)?.diagnostics.first?.code
    }
  }

  @Test(
    "what is restored elsewhere is what was kept: nothing runs again", arguments: [true, false])
  func roundTrip(withObjects: Bool) throws {
    let bench = try Workbench()
    try bench.run(bench.spec())
    let file = bench.folder.path + "/kept.backup"
    let summary = try ProjectBackup.write(
      bench.project, bench.store(), to: file, withObjects: withObjects)
    #expect(summary.results == 2)
    #expect(summary.objects == (withObjects ? 4 : 2))
    let other = try Workbench()
    let count = try ProjectRestore.restore(file, into: other.project, replacing: false)
    #expect(count == summary.objects)
    #expect(try other.output("b") == bench.output("b"))
    if withObjects {
      #expect(try other.objects() == bench.objects())
      #expect(try ProjectCheck.run(other.project, readingBytes: true).findings.isEmpty)
    }
    let moves = try other.run(bench.spec()).moves
    #expect(moves.filter { $0.hasSuffix(withObjects ? "reused" : "finished") }.count == 2)
    #expect(try other.objects() == bench.objects())
    #expect(try other.store().lastRun()?.id == 2)
  }

  @Test("the archive is one that tar lists and sha256sum checks")
  func readByOthers() throws {
    let bench = try Workbench()
    try bench.run(bench.spec())
    let file = bench.folder.path + "/kept.backup"
    _ = try ProjectBackup.write(bench.project, bench.store(), to: file, withObjects: true)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    let out = bench.folder.path + "/unpacked"
    process.arguments = [
      "-c", "mkdir \(out) && cd \(out) && tar xf \(file) && sha256sum --quiet -c SHA256SUMS",
    ]
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }

  @Test("a damaged or cut backup changes nothing")
  func damaged() throws {
    let bench = try Workbench()
    try bench.run(bench.spec())
    let file = bench.folder.path + "/kept.backup"
    _ = try ProjectBackup.write(bench.project, bench.store(), to: file, withObjects: true)
    let whole = try DurableFile.read(file)
    var variants: [[UInt8]] = [[], Array(whole.prefix(700)), Array(whole.dropLast(3000))]
    // Bytes of every entry; what pads blocks and what headers say of owners means nothing.
    for offset in stride(from: 520, to: whole.count - 1024, by: 977) where whole[offset] != 0 {
      var bytes = whole
      bytes[offset] ^= 1
      variants.append(bytes)
    }
    #expect(variants.count > 15)
    for (index, bytes) in variants.enumerated() {
      let other = try Workbench()
      try DurableFile.writeFleeting(bytes, to: file)
      let code = Self.code {
        _ = try ProjectRestore.restore(file, into: other.project, replacing: false)
      }
      #expect(code == "backup.damaged", "variant \(index)")
      #expect(try other.objects().isEmpty)
      #expect(!FileManager.default.fileExists(atPath: other.project.database))
    }
  }

  @Test("a record that is there is replaced only when asked for, and set aside")
  func existing() throws {
    let bench = try Workbench()
    try bench.run(bench.spec())
    let file = bench.folder.path + "/kept.backup"
    _ = try ProjectBackup.write(bench.project, bench.store(), to: file, withObjects: false)
    try bench.run(bench.spec(2))
    #expect(
      Self.code { _ = try ProjectRestore.restore(file, into: bench.project, replacing: false) }
        == "backup.exists")
    #expect(try ProjectRestore.restore(file, into: bench.project, replacing: true) == 0)
    #expect(try bench.store().lastRun()?.id == 1)
    #expect(
      FileManager.default.fileExists(
        atPath: bench.project.database + ArtifactStore.damagedSuffix))
    #expect(try bench.run(bench.spec()).moves.filter { $0.hasSuffix("reused") }.count == 2)
  }

  @Test("a backup is taken while an engine holds the project, a restore is not")
  func whileRunning() throws {
    let bench = try Workbench()
    try bench.run(bench.spec())
    let file = bench.folder.path + "/kept.backup"
    let session = try ProjectSession(bench.project)
    _ = try session.store.createRun(bench.spec(3), at: 1)
    _ = try ProjectBackup.write(bench.project, bench.store(), to: file, withObjects: true)
    #expect(
      Self.code { _ = try ProjectRestore.restore(file, into: bench.project, replacing: true) }
        == "run.locked")
    withExtendedLifetime(session) {}
    let other = try Workbench()
    _ = try ProjectRestore.restore(file, into: other.project, replacing: false)
    #expect(try other.store().lastRun()?.id == 2)
    // The next engine finds it as it would find one that died.
    withExtendedLifetime(try ProjectSession(other.project)) {}
    #expect(try other.store().lastRun()?.state == .interrupted)
  }

  @Test("a backup does not hold what is damaged")
  func damagedObject() throws {
    let bench = try Workbench()
    try bench.run(bench.spec())
    try bench.damage(bench.file("a"))
    let file = bench.folder.path + "/kept.backup"
    #expect(
      Self.code {
        _ = try ProjectBackup.write(bench.project, bench.store(), to: file, withObjects: true)
      } == "store.damaged-object")
    #expect(!FileManager.default.fileExists(atPath: file))
  }
}
