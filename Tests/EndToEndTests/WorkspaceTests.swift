import Foundation
import TestSupport
import Testing

/// Files that a command writes into the working folder.
@Suite(.enabled(if: BuiltTool.exists, "the program is not built beside the tests"))
struct WorkspaceTests {
  private static func stage(_ name: String, _ command: String, _ lists: String) -> String {
    "  \(name): { uses: shell, with: { command: \"\(command)\", \(lists) } }\n"
  }

  private static func run(_ folder: TemporaryFolder, _ arguments: String...) throws
    -> BuiltTool.Result
  {
    try BuiltTool.run(["run"] + arguments, in: folder)
  }

  @Test("a folder comes back as it was: changed, missing and foreign files")
  func folders() throws {
    let folder = try RunCommandTests.project(
      Self.stage(
        "a",
        "mkdir -p site/deep; echo 1 > site/index; echo 2 > site/deep/.hidden; ln -s index site/link; "
          + "printf '#!/bin/sh\\necho hi\\n' > site/tool; chmod +x site/tool", "outs: [site]"))
    #expect(try Self.run(folder).status == 0)
    try folder.write("site/index", "x\n")
    try FileManager.default.removeItem(atPath: folder.path + "/site/deep")
    try folder.write("site/foreign", "x")
    chmod(folder.path + "/site/tool", 0o644)
    let again = try Self.run(folder)
    #expect(again.output.contains("0 ran, 1 cached"))
    #expect(try folder.read("site/index") == Array("1\n".utf8))
    #expect(try folder.read("site/deep/.hidden") == Array("2\n".utf8))
    #expect(try folder.read("site/link") == Array("1\n".utf8))
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/site/foreign"))
    #expect(access(folder.path + "/site/tool", X_OK) == 0)
  }

  @Test("an edge comes from a path, a folder or a glob, and orders the stages")
  func edges() throws {
    let folder = try RunCommandTests.project(
      Self.stage("last", "cat out/*.txt > all", "deps: ['out/*.txt'], outs: [all]")
        + Self.stage("deep", "cat out/d/x > deep.txt", "deps: [out/d/x], outs: [deep.txt]")
        + Self.stage("under", "cat out/one.txt > under.txt", "deps: [out], outs: [under.txt]")
        + Self.stage("one", "echo 1 > out/one.txt", "outs: [out/one.txt]")
        + Self.stage("two", "echo 2 > out/two.txt", "outs: [out/two.txt]")
        + Self.stage("dir", "mkdir -p out/d; echo 3 > out/d/x", "outs: [out/d/]"))
    let first = try Self.run(folder, "--jobs", "3")
    #expect(first.status == 0, "\(first.errors)")
    #expect(try folder.read("all") == Array("1\n2\n".utf8))
    #expect(try folder.read("deep.txt") == Array("3\n".utf8))
    #expect(try Self.run(folder).output.contains("0 ran, 6 cached"))
    // A file of the user among them is an input too.
    try folder.write("out/three.txt", "3\n")
    #expect(try Self.run(folder).output.contains("2 ran, 4 cached"))
    #expect(try folder.read("all") == Array("1\n3\n2\n".utf8))
  }

  @Test("an output is readable as an artifact and as an input port")
  func ports() throws {
    let folder = try RunCommandTests.project(
      Self.stage("a", "echo 1 > out/a.txt", "outs: [out/a.txt]")
        + "  b: { uses: shell, inputs: { x: a.out/a.txt }, with: { inputs: [x], "
        + "command: 'cat $INPUT_X/a.txt > $OUTPUT_FILES/y' } }\n")
    let result = try Self.run(folder)
    #expect(result.status == 0, "\(result.errors)")
    #expect(
      try BuiltTool.run(["artifacts", "get", "a.out/a.txt", "--to", "g"], in: folder).status == 0)
    #expect(try folder.read("g/a.txt") == Array("1\n".utf8))
  }

  @Test("an output is the same object in the store, however it was changed outside")
  func copies() throws {
    let folder = try RunCommandTests.project(
      Self.stage("a", "echo 1 > a.txt", "outs: [a.txt]")
        + Self.stage("b", "cat a.txt > b.txt", "deps: [a.txt], outs: [b.txt]"))
    #expect(try Self.run(folder).status == 0)
    let handle = try #require(FileHandle(forWritingAtPath: folder.path + "/a.txt"))
    try handle.write(contentsOf: Data("9\n".utf8))
    try handle.close()
    #expect(try BuiltTool.run(["artifacts", "verify"], in: folder).status == 0)
    #expect(try Self.run(folder).output.contains("0 ran, 2 cached"))
    #expect(try folder.read("a.txt") == Array("1\n".utf8))
  }

  @Test("two results take turns in the workspace")
  func turns() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "pipeline.yaml",
      "name: p\nparams: { x: 1 }\nstages:\n"
        + Self.stage("a", "echo ${params.x} > a.txt", "outs: [a.txt]"))
    for (value, ran) in [("1", 1), ("2", 1), ("1", 0), ("2", 0), ("2", 0)] {
      let result = try Self.run(folder, "-p", "x=\(value)")
      #expect(result.output.contains("\(ran) ran, \(1 - ran) cached"))
      #expect(try folder.read("a.txt") == Array("\(value)\n".utf8))
    }
    // What was asked for last is what other commands show, cached or not.
    #expect(try BuiltTool.run(["artifacts", "get", "a", "--to", "g"], in: folder).status == 0)
    #expect(try folder.read("g/a.txt") == Array("2\n".utf8))
  }

  static let mistakes: [(stages: String, status: Int32, messages: [String])] = [
    (
      stage("a", "true", "outs: [out/x]") + stage("b", "true", "outs: [out/x]"), 65,
      ["stages 'a' and 'b' both write 'out/x'", "pipeline.yaml:4:", "'a' writes it here", ":3:"]
    ),
    (
      stage("a", "true", "outs: [out/]") + stage("b", "true", "outs: [out/x]"), 65,
      ["stage 'b' writes 'out/x', which overlaps 'out' of stage 'a'"]
    ),
    (
      stage("a", "true", "outs: [out/x/y]") + stage("b", "true", "outs: [out/x]"), 65,
      ["stage 'b' writes 'out/x', which overlaps 'out/x/y' of stage 'a'"]
    ),
    (
      stage("a", "true", "outs: [../x]"), 65,
      ["'../x' under 'outs' is not below the folder of the pipeline file"]
    ),
    (stage("a", "true", "outs: [/tmp/x]"), 65, ["'/tmp/x' under 'outs' is not below"]),
    (stage("a", "true", "outs: [x, ./x]"), 65, ["'outs' names 'x', which it names already"]),
    (
      stage("a", "true", "outs: [pipeline.yaml]"), 65,
      ["'pipeline.yaml', which is the pipeline file"]
    ),
    (stage("a", "true", "outs: [.orchestrate/x]"), 65, ["where the project keeps its state"]),
    (
      stage("a", "true", "deps: [x], outs: [x]"), 65,
      ["stage 'a' reads 'x', which it writes itself"]
    ),
    (
      stage("a", "true", "deps: [y], outs: [x]") + stage("b", "true", "deps: [x], outs: [y]"), 65,
      ["these stages wait for each other: a → b → a"]
    ),
    (stage("a", "true", "deps: [in/none.txt]"), 65, ["there is no file 'in/none.txt'"]),
    (
      stage("a", "echo > x", "outs: [x]") + stage("b", "true", "files: [{ path: x }]"), 65,
      ["'x' is written by stage 'a', but stage 'b' reads it when the run is planned"]
    ),
    (
      stage("a", "echo > y", "outs: [x]"), 1,
      ["stage 'a' ended without writing 'x', which it promises"]
    ),
    (
      stage("a", "echo > x", "outs: [x/]"), 1,
      ["stage 'a' made a file where 'x/' promises a folder"]
    ),
    (stage("a", "mkdir x", "outs: [x]"), 1, ["stage 'a' left the folder 'x' without a file"]),
    (stage("a", "mkfifo x", "outs: [x]"), 1, ["which is neither a file nor a folder"]),
    (stage("a", "exit 5", "outs: [x]"), 1, ["the command ended with status 5"]),
    (stage("a", "kill -SEGV $$", "outs: [x]"), 1, ["the command was ended by SIGSEGV"]),
  ]

  @Test("a mistake is named with its places", arguments: mistakes.indices)
  func mistake(index: Int) throws {
    let (stages, status, messages) = Self.mistakes[index]
    let result = try Self.run(RunCommandTests.project(stages))
    #expect(result.status == status, "\(result.errors)")
    for message in messages { #expect(result.errors.contains(message), "\(result.errors)") }
    #expect(result.errors.contains("fix: "))
  }

  @Test("an output behind a link out of the folder is refused, and nothing there is touched")
  func linkedOut() throws {
    let other = try TemporaryFolder()
    try other.write("x", "precious")
    let folder = try RunCommandTests.project(
      Self.stage("a", "echo > out/x", "outs: [out/x]"))
    #expect(symlink(other.path, folder.path + "/out") == 0)
    let result = try Self.run(folder)
    #expect(result.status == 65)
    #expect(
      result.errors.contains("'out/x' leads out of the folder of the pipeline file by a link"))
    #expect(try other.read("x") == Array("precious".utf8))
  }

  @Test("an output that is a link holds the bytes it leads to; the target stays")
  func linkAsOutput() throws {
    let other = try TemporaryFolder()
    try other.write("x", "bytes")
    let folder = try RunCommandTests.project(
      Self.stage("a", "ln -s \(other.path)/x x", "outs: [x]"))
    #expect(try Self.run(folder).status == 0)
    try other.write("x", "changed")
    #expect(try Self.run(folder).output.contains("0 ran, 1 cached"))
    #expect(try folder.read("x") == Array("bytes".utf8))
    #expect(try other.read("x") == Array("changed".utf8))
  }

  @Test("a retried command starts without what the first try left")
  func retries() throws {
    let folder = try RunCommandTests.project(
      "  a:\n    uses: shell\n    retry: { attempts: 2 }\n    with:\n"
        + "      command: 'test ! -e x || exit 9; echo > x; echo t >> tries; test $(wc -l < tries) = 2'\n"
        + "      outs: [x]\n")
    let result = try Self.run(folder)
    #expect(result.status == 0, "\(result.errors)")
  }

  @Test("Ctrl-C ends the command's whole group and the run can be resumed")
  func interrupted() throws {
    let folder = try RunCommandTests.project(
      Self.stage("a", "(sleep 1; echo late > late) & echo > x; sleep $(cat wait)", "outs: [x]"))
    try folder.write("wait", "60")
    let running = try BuiltTool.start(["run"], in: folder)
    RunCommandTests.wait("the command") { (try? folder.read("x")) != nil }
    running.send(SIGINT)
    #expect(running.wait().status == 130)
    try folder.write("wait", "0")
    usleep(1_300_000)
    #expect((try? folder.read("late")) == nil)
    #expect(try BuiltTool.run(["resume"], in: folder).status == 0)
  }
}
