import Foundation
import Reproducibility
import TestSupport
import Testing

@Suite(.enabled(if: BuiltTool.exists, "the program is not built beside the tests"))
struct RunCommandTests {
  static func project(_ stages: String) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write("pipeline.yaml", "name: p\nstages:\n" + stages)
    return folder
  }

  static func wait(_ what: String, _ condition: () -> Bool) {
    for _ in 0..<5000 {
      if condition() { return }
      usleep(2000)
    }
    Issue.record("\(what) did not happen in 10 s")
  }

  static let long = """
      long:
        uses: drill
        with: { steps: 400, checkpoint_steps: 50, step_milliseconds: 10 }

    """

  @Test(
    "the first signal writes a checkpoint and stops, a resume goes on from it",
    arguments: [(Int32(2), Int32(130)), (15, 143)])
  func stop(signal: Int32, status: Int32) throws {
    let folder = try Self.project(Self.long)
    let running = try BuiltTool.start(["run"], in: folder)
    Self.wait("the stage") { running.output.contains("[long]") }
    usleep(200_000)
    running.send(signal)
    let stopped = running.wait()
    #expect(stopped.status == status)
    #expect(stopped.errors.hasSuffix("resume with: orchestrate resume\n"))
    let resumed = try BuiltTool.run(["resume"], in: folder)
    #expect(resumed.status == 0)
    #expect(resumed.output.contains("goes on from step "))
    let other = try Self.project(Self.long)
    #expect(try BuiltTool.run(["run"], in: other).status == 0)
    #expect(try BuiltTool.objects(in: folder) == BuiltTool.objects(in: other))
  }

  @Test("a second engine ends with 75 and names the first")
  func locked() throws {
    let folder = try Self.project(Self.long)
    let running = try BuiltTool.start(["run"], in: folder)
    Self.wait("the stage") { running.output.contains("[long]") }
    let second = try BuiltTool.run(["run"], in: folder)
    #expect(second.status == 75)
    #expect(
      second.errors.contains("in use by process \(running.pid) since 20"), "\(second.errors)")
    #expect(second.errors.contains(" UTC ('orchestrate run')"))
    #expect(try BuiltTool.run(["status"], in: folder).output.contains("long  running"))
    running.send(SIGKILL)
    #expect(running.wait().status == 137)
    let status = try BuiltTool.run(["status"], in: folder).output
    #expect(status.contains("died, can be resumed"))
    #expect(status.hasSuffix("resume with: orchestrate resume\n"))
  }

  @Test("no process outlives an engine that is killed, not even what a command started")
  func orphans() throws {
    let mark = UUID().uuidString
    let folder = try Self.project(
      "  sleeper:\n    uses: shell\n    with: { command: \"(sleep 300; echo \(mark)) & sleep 300\" }\n"
    )
    let running = try BuiltTool.start(["run"], in: folder)
    func alive() -> Int {
      let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
      return entries.filter { Int($0) != nil }.count { pid in
        let line = (try? Data(contentsOf: URL(fileURLWithPath: "/proc/\(pid)/cmdline"))) ?? Data()
        return line.range(of: Data(mark.utf8)) != nil
      }
    }
    Self.wait("the command") { alive() >= 2 }
    running.send(SIGKILL)
    _ = running.wait()
    Self.wait("the end of all") { alive() == 0 }
  }

  @Test(
    "exit statuses",
    arguments: [
      ("  a:\n    uses: drill\n", Int32(0)),
      ("  a:\n    uses: shell\n    with: { command: 'exit 5' }\n", 1),
      ("  a:\n    uses: drill\n    with: { refuse: true }\n", 3),
      ("  a:\n    uses: nothing\n", 65),
      ("  a:\n    uses: shell\n    with: { command: 'sleep 9' }\n    timeout: 50ms\n", 1),
    ])
  func statuses(stages: String, status: Int32) throws {
    let result = try BuiltTool.run(["run"], in: Self.project(stages))
    #expect(result.status == status, "\(result.errors)")
    if status == 1 { #expect(result.errors.hasSuffix("resume with: orchestrate resume\n")) }
  }

  @Test("usage errors end with 2")
  func usage() throws {
    let folder = try TemporaryFolder()
    for arguments in [["run", "--no-such"], ["run", "--jobs", "0"], ["nonsense"]] {
      #expect(try BuiltTool.run(arguments, in: folder).status == 2)
    }
    #expect(try BuiltTool.run(["resume"], in: folder).status == 65)
  }

  @Test("an edit between run and resume is named and refused")
  func edited() throws {
    let folder = try Self.project("  a:\n    uses: shell\n    with: { command: 'false' }\n")
    #expect(try BuiltTool.run(["run"], in: folder).status == 1)
    try folder.write(
      "pipeline.yaml",
      "name: p\nstages:\n  a:\n    uses: shell\n    with: { command: 'echo > $OUTPUT_FILES/x' }\n")
    let refused = try BuiltTool.run(["resume"], in: folder)
    #expect(refused.status == 65)
    #expect(
      refused.errors.contains("has changed since run 1 was planned: 'a' differs in command"))
    #expect(try BuiltTool.run(["run"], in: folder).status == 0)
    let nothing = try BuiltTool.run(["resume"], in: folder)
    #expect(nothing.status == 0)
    #expect(nothing.output == "nothing to resume: run 2 has succeeded\n")
  }

  @Test(
    "a parameter that changed in the file is an edit; one given beside it stays as it was given")
  func editedParameter() throws {
    func pipeline(_ n: Int, _ comment: String = "") -> String {
      "name: p\(comment)\nparams: { n: \(n), m: 1 }\nstages:\n  a:\n    uses: shell\n"
        + "    with: { command: 'test -e go && echo ${params.n} ${params.m} > $OUTPUT_FILES/x' }\n"
    }
    let folder = try TemporaryFolder()
    try folder.write("pipeline.yaml", pipeline(1))
    #expect(try BuiltTool.run(["run", "-p", "m=5"], in: folder).status == 1)
    try folder.write("pipeline.yaml", pipeline(2))
    let refused = try BuiltTool.run(["resume"], in: folder)
    #expect(refused.status == 65)
    #expect(refused.errors.contains("since run 1 was planned: 'a' differs in command"))
    try folder.write("pipeline.yaml", pipeline(1, "  # a comment"))
    try folder.write("go", "")
    #expect(try BuiltTool.run(["resume"], in: folder).status == 0)
    let shown = try BuiltTool.run(["artifacts", "show", "a"], in: folder)
    #expect(shown.output.contains("x"))
  }

  @Test("the event stream begins with its version, counts up, and ends with the run's end")
  func stream() throws {
    let folder = try Self.project("  a:\n    uses: drill\n")
    let result = try BuiltTool.run(["run", "--json"], in: folder)
    let lines = result.output.split(separator: "\n")
    #expect(
      lines.first == #"{"type":"version","stream":"orchestrate.events","version":"1.0"}"#)
    #expect(lines[1].contains(#""type":"run_started","run":1,"pipeline":"p""#))
    #expect(lines.last?.contains(#""type":"run_finished","state":"succeeded","exit":0"#) == true)
    let numbers = lines.dropFirst().compactMap { line in
      line.dropFirst(7).split(separator: ",").first.flatMap { Int($0) }
    }
    #expect(numbers == numbers.sorted() && Set(numbers).count == lines.count - 1)
    #expect(
      lines.contains { $0.contains(#""type":"metric","stage":"a","name":"value","step":10"#) })
  }

  @Test("piped output holds no escape codes, and what a command prints is in its log")
  func plain() throws {
    let folder = try Self.project(
      "  a:\n    uses: shell\n    with: { command: 'echo printed; echo > $OUTPUT_FILES/x' }\n")
    let result = try BuiltTool.run(["run"], in: folder, environment: ["TERM": "xterm-256color"])
    #expect(!(result.output + result.errors).contains("\u{1B}"))
    #expect(!result.output.contains("printed"))
    #expect(try BuiltTool.run(["logs", "a"], in: folder).output == "printed\n")
    #expect(try BuiltTool.run(["logs", "b"], in: folder).status == 2)
  }

  @Test("artifacts are listed, copied out, and damage is found, set aside and made again")
  func artifacts() throws {
    let folder = try Self.project(
      "  a:\n    uses: shell\n    with: { command: 'echo one > $OUTPUT_FILES/x; mkdir $OUTPUT_FILES/d; echo two > $OUTPUT_FILES/d/y' }\n"
    )
    #expect(try BuiltTool.run(["run"], in: folder).status == 0)
    #expect(
      try BuiltTool.run(["artifacts", "ls"], in: folder).output.hasSuffix(
        "files, 2 files, 8 bytes\n"))
    #expect(
      try BuiltTool.run(["artifacts", "get", "a", "--to", "out/deep"], in: folder).status == 0)
    #expect(try folder.read("out/deep/d/y") == Array("two\n".utf8))
    #expect(try BuiltTool.run(["artifacts", "get", "a.none", "--to", "o"], in: folder).status == 2)
    #expect(try BuiltTool.run(["verify", "--all"], in: folder).status == 0)

    let digest = Digest(of: Array("two\n".utf8)).hex
    let object = ".orchestrate/objects/\(digest.prefix(2))/\(digest)"
    chmod(folder.path + "/" + object, 0o644)
    try folder.write(object, "twa\n")
    let damaged = try BuiltTool.run(["verify", "--all"], in: folder)
    #expect(damaged.status == 74)
    #expect(damaged.errors.contains(digest))
    #expect(try BuiltTool.run(["run"], in: folder).output.contains("1 ran, 0 cached"))
    #expect(try BuiltTool.run(["verify", "--all"], in: folder).status == 0)
  }
}
