import Artifacts
import Diagnostics
import Execution
import Foundation
import Reproducibility
import RunStore
import StageKit
import Synchronization
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

  private final class Flag: Sendable { let isSet = Atomic<Bool>(false) }

  @Test("a backup taken at any moment is the record of one instant, and needs no journal")
  func anyMoment() throws {
    let bench = try Workbench()
    try bench.run(bench.spec())
    let (project, spec) = (bench.project, bench.spec(2))
    let flag = Flag()
    // Writes a run with its two jobs in one transaction; now and then closes, which empties the log.
    let writer = Thread {
      var count = 0.0
      while !flag.isSet.load(ordering: .relaxed), let store = try? RunStore.open(project.database) {
        for _ in 0..<5 {
          count += 1
          guard let run = try? store.createRun(spec, at: count) else { continue }
          let event = RunEvent(
            seq: 1, time: count, body: .runFinished(state: .failed, exitStatus: 1, resume: nil))
          try? store.finishRun(run.id, .failed, exitStatus: 1, at: count, event: event)
          usleep(300)
        }
        store.close()
        usleep(2000)
      }
      flag.isSet.store(true, ordering: .relaxed)
    }
    writer.start()
    defer {
      flag.isSet.store(true, ordering: .relaxed)
      while !writer.isFinished { usleep(500) }
    }
    var last: Int64 = 0
    var (still, copied) = (0, 0)
    for index in 0..<40 {
      let file = "\(bench.folder.path)/kept-\(index)"
      // Without the sum, which says at times that an engine is about to close.
      let store = try #require(try RunStore.openToCheck(project.database))
      if try store.whileStill({ _ in }) == nil { copied += 1 } else { still += 1 }
      _ = try ProjectBackup.write(project, store, to: file, withObjects: false)
      store.close()
      let other = try Workbench()
      _ = try ProjectRestore.restore(file, into: other.project, replacing: false)
      let restored = try other.store()
      #expect(try restored.integrityFindings().isEmpty)
      let runs = try restored.runs(limit: .max)
      #expect(runs.count >= last)
      last = Int64(runs.count)
      for run in runs.prefix(3) {
        #expect(try restored.jobs(ofRun: run.id).count == 2)
      }
    }
    #expect(still > 0 && copied > 0, "\(still) at rest, \(copied) beside a log")
  }

  @Test("what stands still is copied as it is, but for the mark of a log")
  func bytes() throws {
    let bench = try Workbench()
    try bench.run(bench.spec())
    let file = bench.folder.path + "/kept.backup"
    _ = try ProjectBackup.write(bench.project, bench.store(), to: file, withObjects: false)
    var expected = try DurableFile.read(bench.project.database)
    #expect(expected[18...19] == [2, 2])
    expected.replaceSubrange(18...19, with: [1, 1])
    let archive = try TarArchive.Reader(file)
    while let (name, size) = try archive.next() {
      guard name == "state.sqlite" else { continue }
      var bytes: [UInt8] = []
      while bytes.count < size { bytes += try archive.piece() }
      #expect(bytes == expected)
    }
  }

  @Test("archives hold files of every length, and other first bytes where they are asked for")
  func lengths() throws {
    let folder = try TemporaryFolder()
    let sizes = [0, 1, 511, 512, 513, 1 << 20, (1 << 20) + 1, 2 << 20, (5 << 20) - 1]
    let path = folder.path + "/archive"
    let writer = try TarArchive.Writer(path)
    var expected: [(name: String, bytes: [UInt8])] = []
    for size in sizes {
      let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ size) }
      try folder.write("f\(size)", bytes)
      #expect(
        try writer.add("f\(size)", file: "\(folder.path)/f\(size)") == Digest(of: bytes))
      expected.append(("f\(size)", bytes))
      try writer.add("b\(size)", Array(bytes.prefix(2000)))
      expected.append(("b\(size)", Array(bytes.prefix(2000))))
      let input = open("\(folder.path)/f\(size)", O_RDONLY)
      defer { close(input) }
      let head = [UInt8](repeating: 7, count: min(size, 100))
      let changed = head + bytes.dropFirst(head.count)
      #expect(
        try writer.add("h\(size)", input, from: "f", size: size, beginning: head)
          == Digest(of: changed))
      expected.append(("h\(size)", changed))
    }
    try writer.finish()
    let reader = try TarArchive.Reader(path)
    for (name, bytes) in expected {
      let entry = try #require(try reader.next())
      #expect(entry.name == name)
      var found: [UInt8] = []
      while found.count < entry.size { found += try reader.piece() }
      #expect(found == bytes, "\(name)")
    }
    #expect(try reader.next() == nil)
  }
}
