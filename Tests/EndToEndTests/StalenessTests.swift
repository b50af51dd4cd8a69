import Foundation
import TestSupport
import Testing

/// What makes a stage run again, and what does not: a → b → c over files of the working folder, one
/// change at a time; b counts lines, so that its bytes often stay the same.
@Suite(.enabled(if: BuiltTool.exists, "the program is not built beside the tests"))
struct StalenessTests {
  /// The folder of a chain and what its stages do.
  private final class Chain {
    let folder: TemporaryFolder
    var commands = [
      "a": "cat in/x.txt > out/a.txt", "b": "wc -l < out/a.txt > out/b.txt",
      "c": "cat out/b.txt > out/c.txt",
    ]
    var comment = ""

    init() throws {
      folder = try TemporaryFolder()
      try folder.write("in/x.txt", "one\ntwo\n")
    }

    func path(_ name: String) -> String { folder.path + "/" + name }

    func text(_ name: String) -> String? {
      (try? folder.read(name)).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The letters of the stages that ran, `-` for none; with a word when something is wrong.
    func run() throws -> String {
      let files = [
        "a": ("in/x.txt", "out/a.txt"), "b": ("out/a.txt", "out/b.txt"),
        "c": ("out/b.txt", "out/c.txt"),
      ]
      var lines = [comment, "name: chain", "stages:"]
      for name in ["a", "b", "c"] {
        guard let command = commands[name], let (dep, out) = files[name] else { continue }
        lines.append(
          "  \(name): { uses: shell, with: { command: \"echo \(name) >> ran; \(command)\", "
            + "deps: [\(dep)], outs: [\(out)] } }")
      }
      try folder.write("pipeline.yaml", lines.joined(separator: "\n") + "\n")
      try? FileManager.default.removeItem(atPath: path("ran"))
      let result = try BuiltTool.run(["run"], in: folder)
      var ran = (text("ran") ?? "-").filter { !$0.isWhitespace }
      if result.status != 0 { ran += " rc\(result.status) \(result.errors)" }
      let count = "\((text("in/x.txt") ?? "").count { $0 == "\n" })\n"
      let isRight =
        text("out/a.txt") == text("in/x.txt") && text("out/b.txt") == count
        && text("out/c.txt") == count
      return ran + (isRight ? "" : " WRONG")
    }
  }

  @Test("every change runs what it must and nothing else, and all files are right afterwards")
  func rows() throws {
    let chain = try Chain()
    #expect(try chain.run() == "abc")
    #expect(try chain.run() == "-", "nothing changed")

    #expect(utimes(chain.path("in/x.txt"), nil) == 0)
    #expect(try chain.run() == "-", "the input was touched")

    try chain.folder.write("in/x.txt", "uno\ndos\n")
    #expect(try chain.run() == "ab", "the input changed, b's output stays the same")
    try chain.folder.write("in/x.txt", "one\ntwo\n")
    #expect(try chain.run() == "-", "the input changed back")

    try FileManager.default.removeItem(atPath: chain.path("out/b.txt"))
    #expect(try chain.run() == "-", "out/b was deleted")
    try chain.folder.write("out/b.txt", "999\n")
    #expect(try chain.run() == "-", "out/b was tampered with")

    chain.commands["b"] = "wc -l < out/a.txt > out/b.txt; true"
    #expect(try chain.run() == "b", "b's command changed")
    chain.commands["b"] = "wc -l < out/a.txt > out/b.txt"
    #expect(try chain.run() == "-", "b's command changed back")
    chain.comment = "# a comment"
    #expect(try chain.run() == "-", "a comment was added to the pipeline file")

    try Self.editKeepingSizeAndTime(chain.path("in/x.txt"), "six\ntwo\n")
    #expect(try chain.run() == "ab", "the input was edited, size and time kept")

    for name in ["a", "b", "c"] {
      try FileManager.default.removeItem(atPath: chain.path("out/\(name).txt"))
    }
    #expect(try chain.run() == "-", "all outputs were deleted")
  }

  @Test("a tampered output of the same size and time is put back")
  func sneakyTampering() throws {
    let chain = try Chain()
    #expect(try chain.run() == "abc")
    try Self.editKeepingSizeAndTime(chain.path("out/b.txt"), "7\n")
    #expect(try chain.run() == "-")
  }

  private static func editKeepingSizeAndTime(_ path: String, _ text: String) throws {
    var before = stat()
    #expect(stat(path, &before) == 0)
    let handle = try #require(FileHandle(forWritingAtPath: path))
    try handle.write(contentsOf: Data(text.utf8))
    try handle.close()
    let times = [before.st_atim, before.st_mtim]
    #expect(utimensat(AT_FDCWD, path, times, 0) == 0)
    var after = stat()
    #expect(stat(path, &after) == 0)
    #expect(after.st_size == before.st_size)
    #expect(after.st_mtim.tv_nsec == before.st_mtim.tv_nsec)
  }

  // MARK: - kill -9

  private static let halves = """
    name: halves
    stages:
      a: { uses: shell, with: { command: "echo a > out/a.txt", deps: [in/x.txt], outs: [out/a.txt] } }
      b:
        uses: shell
        with:
          command: "echo start >> starts; echo half > out/b.txt; sleep $(cat wait); echo whole >> out/b.txt"
          deps: [out/a.txt]
          outs: [out/b.txt]
      c: { uses: shell, with: { command: "cat out/b.txt > out/c.txt", deps: [out/b.txt], outs: [out/c.txt] } }

    """

  @Test(
    "a killed engine's half-written file is made again, whatever goes on writing",
    arguments: [["run"], ["resume"]])
  func killed(command: [String]) throws {
    let folder = try TemporaryFolder()
    try folder.write("in/x.txt", "x\n")
    try folder.write("wait", "2")
    try folder.write("pipeline.yaml", Self.halves)
    let running = try BuiltTool.start(["run"], in: folder)
    RunCommandTests.wait("the half file") {
      (try? folder.read("out/b.txt")) == Array("half\n".utf8)
    }
    running.send(SIGKILL)
    _ = running.wait()
    try folder.write("wait", "0")
    let again = try BuiltTool.run(command, in: folder)
    #expect(again.status == 0, "\(again.errors)")
    usleep(2_200_000)  // Whoever still wrote would have done it by now.
    let whole = Array("half\nwhole\n".utf8)
    #expect(try folder.read("out/b.txt") == whole)
    #expect(try folder.read("out/c.txt") == whole)
    #expect(try folder.read("starts") == Array("start\nstart\n".utf8))
  }
}
