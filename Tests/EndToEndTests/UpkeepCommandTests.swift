import Foundation
import Reproducibility
import TestSupport
import Testing

/// `verify`, `gc`, `clean`, `backup` and `restore` as a user types them.
@Suite(.enabled(if: BuiltTool.exists, "the program is not built beside the tests"))
struct UpkeepCommandTests {
  static func project() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write(
      "pipeline.yaml",
      """
      name: p
      params: { steps: 4 }
      stages:
        a: { uses: drill, with: { steps: "${params.steps}", files: 2 } }
        b: { uses: drill, inputs: { a: a }, with: { inputs: [a], steps: 2 } }

      """)
    return folder
  }

  @Test("verify names artifact, stage, run and what to type, and repairs")
  func verify() throws {
    let folder = try Self.project()
    #expect(try BuiltTool.run(["run"], in: folder).status == 0)
    let whole = try BuiltTool.run(["verify", "--all"], in: folder)
    #expect(whole.status == 0)
    #expect(whole.output.contains("2 results, "))
    let shown = try BuiltTool.run(["artifacts", "show", "b"], in: folder).output
    let path = try #require(
      shown.split(separator: "\n").first { $0.contains("part-0") }?.split(separator: " ").last)
    try DurableFile.remove(String(path))
    try DurableFile.writeFleeting([1], to: String(path))
    let damaged = try BuiltTool.run(["verify"], in: folder)
    #expect(damaged.status == 74)
    #expect(damaged.errors.contains(path))
    #expect(damaged.errors.contains("1 bytes instead of 65; it is of b.files of run 1 (artifact "))
    #expect(damaged.errors.contains("'orchestrate verify --repair'"))
    let repaired = try BuiltTool.run(["artifacts", "verify", "--repair"], in: folder)
    #expect(repaired.status == 0)
    #expect(repaired.output.contains("the next run makes it again"))
    #expect(try BuiltTool.run(["run"], in: folder).output.contains("1 ran, 1 cached"))
    #expect(try BuiltTool.run(["verify", "--all"], in: folder).status == 0)
  }

  @Test("gc tells what would go, then removes it, and asks for the pipeline file's results")
  func gc() throws {
    let folder = try Self.project()
    for steps in [4, 5, 6] {
      #expect(try BuiltTool.run(["run", "-p", "steps=\(steps)"], in: folder).status == 0)
    }
    #expect(try BuiltTool.run(["gc"], in: folder).output == "nothing to collect\n")
    let told = try BuiltTool.run(["gc", "--keep-runs", "1"], in: folder)
    #expect(told.output.hasPrefix("results      4\n"), "\(told.output)\(told.errors)")
    #expect(told.output.hasSuffix("type it again with --yes to remove it\n"))
    let before = try BuiltTool.objects(in: folder).count
    let done = try BuiltTool.run(["gc", "--keep-runs", "1", "--yes"], in: folder)
    #expect(done.status == 0)
    #expect(done.output.contains("\nremoved "), "\(done.output)")
    #expect(try BuiltTool.objects(in: folder).count < before)
    #expect(
      try BuiltTool.run(["gc", "--keep-runs", "1"], in: folder).output == "nothing to collect\n")
    // The file as it is now wants what the last run made.
    #expect(try BuiltTool.run(["gc", "--keep-runs", "0"], in: folder).output.contains("logs"))
    try folder.write("pipeline.yaml", "name: p\nstages: { a: { uses: drll } }\n")
    let lost = try BuiltTool.run(["gc", "--yes"], in: folder)
    #expect(lost.status == 65)
    #expect(lost.errors.contains("--no-pipeline"))
  }

  @Test("clean removes what one stage has made, after asking")
  func clean() throws {
    let folder = try Self.project()
    #expect(try BuiltTool.run(["run"], in: folder).status == 0)
    let asked = try BuiltTool.run(["clean", "b"], in: folder)
    #expect(asked.status == 2)
    #expect(asked.output.hasPrefix("results      1\n"))
    #expect(try BuiltTool.run(["clean", "b", "--yes"], in: folder).status == 0)
    #expect(try BuiltTool.run(["run"], in: folder).output.contains("1 ran, 1 cached"))
    let misspelt = try BuiltTool.run(["clean", "bb", "--yes"], in: folder)
    #expect(misspelt.status == 2)
    #expect(misspelt.errors.contains("did you mean 'b'?"))
    #expect(try BuiltTool.run(["clean", "--all", "--yes"], in: folder).status == 0)
    #expect(try BuiltTool.objects(in: folder).isEmpty)
    #expect(try BuiltTool.run(["run"], in: folder).output.contains("2 ran, 0 cached"))
    #expect(try BuiltTool.run(["status"], in: folder).output.contains("run 3 of p"))
  }

  @Test("upkeep that removes is refused while a run goes on")
  func locked() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "pipeline.yaml",
      "name: p\nstages: { a: { uses: drill, with: { steps: 300, step_milliseconds: 20 } } }\n")
    let running = try BuiltTool.start(["run"], in: folder)
    #expect(NetworkFolderTests.wait(10) { running.output.contains("[a]") })
    for command in [["gc", "--yes"], ["clean", "--all", "--yes"], ["verify", "--repair"]] {
      let refused = try BuiltTool.run(command, in: folder)
      #expect(refused.status == 75, "\(command): \(refused.errors)")
    }
    #expect(try BuiltTool.run(["backup", "kept"], in: folder).status == 0)
    #expect(try BuiltTool.run(["verify"], in: folder).status == 0)
    #expect(
      try BuiltTool.run(["status"], in: folder).output.contains(
        "in use by process \(running.pid) since"))
    running.send(SIGTERM)
    #expect(running.wait().status == 143)
  }

  @Test("a backup brings a project back elsewhere")
  func backup() throws {
    let (folder, other) = (try Self.project(), try Self.project())
    #expect(try BuiltTool.run(["run"], in: folder).status == 0)
    let kept = other.path + "/kept.backup"
    let written = try BuiltTool.run(["backup", kept, "--objects"], in: folder)
    #expect(written.status == 0)
    #expect(written.output.hasPrefix("2 results, "))
    #expect(try BuiltTool.run(["restore", "kept.backup"], in: other).status == 0)
    #expect(try BuiltTool.objects(in: other) == BuiltTool.objects(in: folder))
    #expect(try BuiltTool.run(["restore", "kept.backup"], in: other).status == 65)
    #expect(try BuiltTool.run(["run"], in: other).output.contains("0 ran, 2 cached"))
    let broken = try BuiltTool.run(["restore", "pipeline.yaml", "--force"], in: other)
    #expect(broken.status == 65)
    #expect(broken.errors.contains("nothing was changed"))
  }

  @Test("a project of every released version is opened, verified and resumed", arguments: ["1"])
  func released(version: String) throws {
    let fixture = "Tests/Fixtures/schema/\(version)"
    let folder = try TemporaryFolder()
    try FileManager.default.copyItem(
      atPath: fixture + "/state", toPath: folder.path + "/.orchestrate")
    #expect(try BuiltTool.run(["status"], in: folder).output.contains("died, can be resumed"))
    let verified = try BuiltTool.run(["verify", "--all"], in: folder)
    #expect(verified.status == 0, "\(verified.errors)")
    let resumed = try BuiltTool.run(["resume"], in: folder)
    #expect(resumed.status == 0, "\(resumed.output)\(resumed.errors)")
    #expect(resumed.output.contains("goes on from step 4"))
    let names = try String(contentsOfFile: fixture + "/objects.txt", encoding: .utf8)
    #expect(
      try Set(BuiltTool.objects(in: folder).keys)
        == Set(names.split(separator: "\n").map(String.init)))
    #expect(try BuiltTool.run(["verify", "--all"], in: folder).status == 0)
  }

  @Test("a project of a newer version is refused by every command, and not a byte changes")
  func newer() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "pipeline.yaml", "name: p\nstages: { a: { uses: drill, with: { steps: 1 } } }\n")
    let bytes = try DurableFile.read("Tests/Fixtures/schema/newer/state.sqlite")
    try folder.write(".orchestrate/state.sqlite", bytes)
    for command in [
      ["run"], ["resume"], ["plan"], ["status"], ["verify"], ["gc", "--yes"], ["backup", "x"],
    ] {
      let refused = try BuiltTool.run(command, in: folder)
      #expect(refused.status == 65, "\(command): \(refused.errors)")
      #expect(refused.errors.contains("newer version"), "\(command)")
      #expect(try folder.read(".orchestrate/state.sqlite") == bytes, "\(command)")
    }
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/x"))
  }
}
