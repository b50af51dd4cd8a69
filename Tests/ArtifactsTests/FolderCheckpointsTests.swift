import Artifacts
import Diagnostics
import Foundation
import Reproducibility
import StageKit
import Synchronization
import TestSupport
import Testing

@Suite struct FolderCheckpointsTests {
  final class Warnings: Sendable {
    private let all = Mutex<[String]>([])
    func add(_ text: String) { all.withLock { $0.append(text) } }
    var texts: [String] { all.withLock { $0 } }
  }

  static func make(_ folder: TemporaryFolder, _ warnings: Warnings = Warnings())
    -> FolderCheckpoints
  {
    FolderCheckpoints(folder: folder.path + "/cp/f", warn: { warnings.add($0.message) })
  }

  static func save(_ checkpoints: FolderCheckpoints, _ step: Int, _ arithmetic: String = "cpu")
    throws
  {
    try checkpoints.save(step: step, arithmetic: arithmetic) { folder in
      try DurableFile.writeFleeting(Array("state \(step)".utf8), to: folder + "/state")
      try DurableFile.makeFolder(folder + "/deep")
      try DurableFile.writeFleeting([UInt8(step)], to: folder + "/deep/more")
    }
  }

  @Test("the newest checkpoint is given, and the last two are kept")
  func newest() throws {
    let folder = try TemporaryFolder()
    let checkpoints = Self.make(folder)
    #expect(try checkpoints.latest(arithmetic: "cpu") == nil)
    for step in [1, 5, 10] { try Self.save(checkpoints, step) }
    let latest = try #require(try checkpoints.latest(arithmetic: "cpu"))
    #expect(latest.step == 10)
    #expect(try DurableFile.read(latest.tree.path("state")) == Array("state 10".utf8))
    #expect(latest.tree.names == ["deep/more", "state"])
    #expect(
      try DurableFile.names(in: checkpoints.folder) == ["step-00000005", "step-00000010"])
    #expect(try checkpoints.latestStep() == 10)
  }

  @Test(
    "a damaged checkpoint is skipped for the one before, with a warning",
    arguments: ["flip", "cut", "gone", "listing cut", "listing gone"])
  func damaged(how: String) throws {
    let folder = try TemporaryFolder()
    let warnings = Warnings()
    let checkpoints = Self.make(folder, warnings)
    for step in [3, 4] { try Self.save(checkpoints, step) }
    let path = checkpoints.folder + "/step-00000004"
    switch how {
    case "flip": try DurableFile.writeFleeting(Array("state 5".utf8), to: path + "/state")
    case "cut": try DurableFile.writeFleeting(Array("stat".utf8), to: path + "/state")
    case "gone": try DurableFile.remove(path + "/deep/more")
    case "listing cut": try DurableFile.writeFleeting([123], to: path + "/checkpoint.json")
    default: try DurableFile.remove(path + "/checkpoint.json")
    }
    #expect(try checkpoints.latest(arithmetic: "cpu")?.step == 3)
    #expect(
      warnings.texts
        == ["the checkpoint of step 4 is damaged; it is skipped for the one before"])
    try Self.save(checkpoints, 4)
    #expect(try checkpoints.latest(arithmetic: "cpu")?.step == 4)
  }

  @Test("a checkpoint of other arithmetic is not adopted, and the stage is told")
  func arithmetic() throws {
    let folder = try TemporaryFolder()
    let warnings = Warnings()
    let checkpoints = Self.make(folder, warnings)
    try Self.save(checkpoints, 3, "avx2")
    #expect(try checkpoints.latest(arithmetic: "avx512") == nil)
    #expect(warnings.texts.count == 1)
    #expect(warnings.texts.first?.contains("('avx2', here 'avx512')") == true)
    #expect(try checkpoints.latest(arithmetic: "avx2")?.step == 3)
  }

  @Test("a write that throws leaves the older checkpoint alone")
  func failingWrite() throws {
    let folder = try TemporaryFolder()
    let checkpoints = Self.make(folder)
    try Self.save(checkpoints, 3)
    #expect(throws: CancellationError.self) {
      try checkpoints.save(step: 4, arithmetic: "cpu") { _ in throw CancellationError() }
    }
    #expect(try checkpoints.latest(arithmetic: "cpu")?.step == 3)
    try checkpoints.removeAll()
    #expect(try checkpoints.latest(arithmetic: "cpu") == nil)
  }
}
