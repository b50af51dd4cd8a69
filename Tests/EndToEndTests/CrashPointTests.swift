import Foundation
import Reproducibility
import TestSupport
import Testing

/// Runs the crash fixture and kills it at every named instant.
@Suite(.enabled(if: BuiltTool.exists, "the program is not built beside the tests"))
struct CrashPointTests {
  /// The fixture in a fresh folder.
  static func project() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let text = try String(contentsOfFile: "Tests/Fixtures/crash/pipeline.yaml", encoding: .utf8)
    try folder.write("pipeline.yaml", text)
    return folder
  }

  static let undisturbed: Result<[String: [UInt8]], any Error> = Result {
    let folder = try project()
    #expect(try BuiltTool.run(["run"], in: folder).status == 3)
    return try BuiltTool.objects(in: folder)
  }

  static let cases = CrashPoint.allCases.flatMap { point in
    (1...(point == .objectPublished ? 5 : 2)).map { (point, $0) }
  }

  @Test("a kill at any named point loses nothing and repeats nothing", arguments: cases)
  func kill(point: CrashPoint, occurrence: Int) throws {
    let folder = try Self.project()
    let environment = ["ORCHESTRATE_CRASH_AT": "\(point.rawValue):\(occurrence)"]
    let first = try BuiltTool.run(["run"], in: folder, environment: environment)
    let isReached = first.status != 3
    if first.status == 0 { Issue.record("the fixture ends with a refusal") }
    // A point of the engine kills it with SIGKILL; one of a child fails the stage or its try.
    if isReached {
      #expect([137, 1].contains(first.status), "\(first.errors)")
      var last = try BuiltTool.run(["resume"], in: folder)
      if last.status == 65 { last = try BuiltTool.run(["run"], in: folder) }
      #expect(last.status == 3, "\(last.output)\(last.errors)")
    }
    #expect(try BuiltTool.objects(in: folder) == Self.undisturbed.get())
    for name in ["attempts", "checkpoints"] {
      #expect(try DurableFile.names(in: folder.path + "/.orchestrate/" + name).isEmpty)
    }
    let again = try BuiltTool.run(["run"], in: folder)
    #expect(again.status == 3)
    #expect(again.output.contains("0 ran, 6 cached"))
  }

  @Test("what a killed engine left among the objects goes, though the next one is killed too")
  func leftovers() throws {
    let folder = try Self.project()
    func run(_ command: String, until point: CrashPoint) throws -> Int32 {
      try BuiltTool.run(
        [command], in: folder, environment: ["ORCHESTRATE_CRASH_AT": point.rawValue]
      ).status
    }
    #expect(try run("run", until: .outputsPublished) == 137)
    let objects = folder.path + "/.orchestrate/objects/"
    let shelf = try #require(try DurableFile.names(in: objects).first)
    let left = "\(objects)\(shelf)/\(DurableFile.temporaryPrefix)half-1"
    try DurableFile.writeFleeting([1, 2], to: left)
    #expect(try run("resume", until: .attemptsClosed) == 137)
    #expect(try BuiltTool.run(["resume"], in: folder).status == 3)
    #expect(!FileManager.default.fileExists(atPath: left))
  }

  @Test("every named point is reached by the fixture")
  func reached() throws {
    for point in CrashPoint.allCases {
      let folder = try Self.project()
      let result = try BuiltTool.run(
        ["run"], in: folder, environment: ["ORCHESTRATE_CRASH_AT": point.rawValue])
      #expect(result.status != 3, "\(point.rawValue) is never reached")
    }
  }
}
