import Artifacts
import Diagnostics
import Execution
import Foundation
import Reproducibility
import RunStore
import StageKit
import TestSupport
import Testing

@Suite struct ProjectCheckTests {
  @Test("a whole project has no findings, and everything is counted")
  func whole() throws {
    let bench = try Workbench()
    try bench.run(bench.spec())
    for all in [false, true] {
      let report = try ProjectCheck.run(bench.project, readingBytes: all)
      #expect(report.findings.isEmpty)
      #expect(report.results == 2)
      #expect(report.objects == 4)
    }
  }

  @Test("a changed bit is found by reading and named with artifact, stage and run")
  func changedBit() throws {
    let bench = try Workbench()
    try bench.run(bench.spec())
    let path = try bench.file("b")
    try bench.damage(path)
    #expect(try ProjectCheck.run(bench.project, readingBytes: false).findings.isEmpty)
    let findings = try ProjectCheck.run(bench.project, readingBytes: true).findings
    try #require(findings.count == 1)
    #expect(findings[0].damage.path == path)
    #expect(findings[0].damage.finding == "different bytes")
    #expect(
      findings[0].owners == [
        .init(artifact: try bench.output("b"), stage: "b", port: "files", run: 1)
      ])
  }

  @Test("sizes and existence are seen without reading")
  func sizes() throws {
    let bench = try Workbench()
    try bench.run(bench.spec())
    let (cut, gone) = (try bench.file("a"), try bench.file("b"))
    try FileManager.default.removeItem(atPath: cut)
    try DurableFile.writeFleeting([1], to: cut)
    try FileManager.default.removeItem(atPath: gone)
    let findings = try ProjectCheck.run(bench.project, readingBytes: false).findings
    #expect(Set(findings.map(\.damage.path)) == [cut, gone])
    #expect(Set(findings.map(\.damage.finding)) == ["1 bytes instead of 3", "missing"])
  }

  @Test("what is set aside is made again, with the same bytes")
  func repair() throws {
    let bench = try Workbench()
    try bench.run(bench.spec())
    let before = try bench.objects()
    try bench.damage(bench.file("b"))
    try bench.damage(ArtifactStore(bench.project).path(of: bench.output("a")))
    let findings = try ProjectCheck.run(bench.project, readingBytes: true).findings
    #expect(findings.count >= 2)
    do {
      let ownership = try ProjectOwnership(bench.project)
      let done = try ProjectRepair.repair(findings, of: bench.project, ownership)
      #expect(done.count == findings.count)
    }
    #expect(try bench.run(bench.spec()).moves.filter { $0.hasSuffix("finished") }.count == 2)
    let after = try bench.objects().filter { !$0.key.hasSuffix(ArtifactStore.damagedSuffix) }
    #expect(after == before)
    #expect(try ProjectCheck.run(bench.project, readingBytes: true).findings.isEmpty)
  }

  @Test("a run reads an object whose stamp has changed, says so and makes it again")
  func healed() throws {
    let bench = try Workbench()
    try bench.run(bench.spec())
    let before = try bench.objects()
    let path = try bench.file("b")
    // Whole, but with another stamp: it is read, and nothing runs.
    let bytes = try DurableFile.read(path)
    try FileManager.default.removeItem(atPath: path)
    try DurableFile.writeFleeting(bytes, to: path)
    let same = try bench.run(bench.spec())
    #expect(same.moves.filter { $0.hasSuffix("reused") }.count == 2)
    #expect(same.warnings.isEmpty)
    try bench.damage(path)
    let healed = try bench.run(bench.spec())
    #expect(healed.moves.suffix(2) == ["b:started", "b:finished"])
    #expect(healed.warnings.map(\.code) == ["store.damaged-object"])
    #expect(healed.warnings[0].message.contains(path))
    #expect(try bench.objects() == before)
  }

  @Test("every changed byte of the database is found, and the next run refuses to go on")
  func database() throws {
    let bench = try Workbench()
    try bench.run(bench.spec())
    let whole = try DurableFile.read(bench.project.database)
    for offset in stride(from: 97, to: whole.count, by: whole.count / 23) {
      var bytes = whole
      bytes[offset] ^= 4
      try DurableFile.writeFleeting(bytes, to: bench.project.database)
      let findings = try ProjectCheck.run(bench.project, readingBytes: false).findings
      #expect(findings.contains { $0.damage.kind == .database }, "byte \(offset)")
      #expect(throws: (any Error).self, "byte \(offset)") { try bench.run(bench.spec()) }
    }
    try DurableFile.writeFleeting(whole, to: bench.project.database)
    #expect(try ProjectCheck.run(bench.project, readingBytes: true).findings.isEmpty)
  }

  @Test("checkpoints, records of trees and metrics are looked at too")
  func others() throws {
    let bench = try Workbench()
    try bench.run(bench.spec())
    let folder = bench.project.checkpoints(of: Digest(of: [7]))
    try FolderCheckpoints(folder: folder).save(step: 3, arithmetic: "") { staging in
      try DurableFile.writeFleeting([1, 2], to: staging + "/s")
    }
    let external = ExternalTree(
      folder: "/none", manifest: ArtifactManifest(type: .files, files: []))
    try ArtifactStore(bench.project).record(external)
    try DurableFile.write(
      SummedFile.line(Array("{}".utf8)) + SummedFile.line([65]), to: folder + "/metrics.ndjson")
    #expect(try ProjectCheck.run(bench.project, readingBytes: true).findings.isEmpty)
    let step = folder + "/step-00000003"
    for (path, kind) in [
      (step + "/s", StateDamage.Kind.checkpoint), (step + "/checkpoint.json", .checkpoint),
      (folder + "/metrics.ndjson", .checkpoint),
      (bench.project.externals + "/\(external.digest.hex).json", .external),
    ] {
      let whole = try DurableFile.read(path)
      try bench.damage(path)
      let findings = try ProjectCheck.run(bench.project, readingBytes: true).findings
      #expect(findings.map(\.damage.kind) == [kind], "\(path)")
      try DurableFile.writeFleeting(whole, to: path)
    }
  }

  @Test("after a first look at the structure a second one still finds every damage")
  func secondLook() throws {
    let bench = try Workbench()
    try bench.run(bench.spec())
    let note = bench.project.database + ".checked"
    #expect(try ProjectCheck.run(bench.project, readingBytes: false).findings.isEmpty)
    #expect(FileManager.default.fileExists(atPath: note))
    let manifest = try ArtifactStore(bench.project).path(of: bench.output("a"))
    let file = try bench.file("b")
    for path in [manifest, file, bench.project.database] {
      let whole = try DurableFile.read(path)
      try bench.damage(path)
      let all = path == file
      let findings = try ProjectCheck.run(bench.project, readingBytes: all).findings
      #expect(findings.map(\.damage.path).contains(path))
      if path == file {
        #expect(
          findings[0].owners == [
            .init(artifact: try bench.output("b"), stage: "b", port: "files", run: 1)
          ])
      }
      try FileManager.default.removeItem(atPath: path)
      try DurableFile.writeFleeting(whole, to: path)
      if path != bench.project.database {
        try FileManager.default.removeItem(atPath: path)
        let gone = try ProjectCheck.run(bench.project, readingBytes: false).findings
        #expect(gone.map(\.damage.finding) == ["missing"])
        try DurableFile.writeFleeting(whole, to: path)
      }
      #expect(try ProjectCheck.run(bench.project, readingBytes: true).findings.isEmpty)
    }
  }

  @Test("damage that an engine has closed over is looked for in the structure, whatever was noted")
  func closedOver() throws {
    let bench = try Workbench()
    try bench.run(bench.spec())
    let path = bench.project.database
    #expect(try ProjectCheck.run(bench.project, readingBytes: false).findings.isEmpty)
    let whole = try DurableFile.read(path)
    // The state of a job, in its row: no index holds it, and no such state exists.
    let row = try #require(
      whole.indices.first { whole[$0...].starts(with: Array("asucceeded".utf8)) })
    let store = try RunStore.open(path)
    var bytes = whole
    bytes[row + 1] = UInt8(ascii: "z")
    let file = try #require(FileHandle(forUpdatingAtPath: path))
    try file.write(contentsOf: Data(bytes))
    _ = try store.takeToken()
    store.close()
    try file.close()
    #expect(RunStore.isAsLeft(path) == true)
    let findings = try ProjectCheck.run(bench.project, readingBytes: false).findings
    #expect(findings.contains { $0.damage.kind == .database })
    // And it is found again: what is damaged is never noted as whole.
    #expect(try !ProjectCheck.run(bench.project, readingBytes: false).findings.isEmpty)
  }

  @Test("a note about other bytes says nothing")
  func strangeNote() throws {
    let (bench, other) = (try Workbench(), try Workbench())
    try bench.run(bench.spec())
    try other.run(other.spec(2))
    #expect(try ProjectCheck.run(other.project, readingBytes: false).findings.isEmpty)
    let note = try DurableFile.read(other.project.database + ".checked")
    try DurableFile.writeFleeting(note, to: bench.project.database + ".checked")
    #expect(try ProjectCheck.run(bench.project, readingBytes: false).findings.isEmpty)
    #expect(try DurableFile.read(bench.project.database + ".checked") != note)
  }
}
