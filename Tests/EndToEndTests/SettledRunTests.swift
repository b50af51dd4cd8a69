import Foundation
import TestSupport
import Testing

/// A run that has nothing to do is answered from `.orchestrate/settled`; whatever moved since makes
/// that file worthless.
@Suite(.enabled(if: BuiltTool.exists, "the program is not built beside the tests"))
struct SettledRunTests {
  private static let pipeline = """
    name: settled
    params: { word: one }
    stages:
      a:
        uses: shell
        with: { command: "echo a >> ran; cat in.txt > a.txt", deps: [in.txt], outs: [a.txt] }
      b:
        uses: shell
        with: { command: "echo b >> ran; echo ${params.word} > b.txt", deps: [a.txt], outs: [b.txt] }
    """

  /// A project that has run once.
  private static func project(_ text: String = pipeline) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write("in.txt", "first\n")
    try folder.write("pipeline.yaml", text)
    #expect(try run(folder) == "ab")
    return folder
  }

  /// The letters of the stages that ran.
  private static func run(_ folder: TemporaryFolder, _ arguments: [String] = []) throws -> String {
    try? FileManager.default.removeItem(atPath: folder.path + "/ran")
    let result = try BuiltTool.run(["run"] + arguments, in: folder)
    #expect(result.status == 0, "\(result.errors)")
    let ran = try? folder.read("ran")
    return String(decoding: ran ?? [], as: UTF8.self).filter { !$0.isWhitespace }
  }

  private static func isSettled(_ folder: TemporaryFolder) -> Bool {
    FileManager.default.fileExists(atPath: folder.path + "/.orchestrate/settled")
  }

  @Test("a settled run is told as one in which every stage was taken as it is, and writes nothing")
  func settled() throws {
    let folder = try Self.project()
    #expect(Self.isSettled(folder))
    let database = folder.path + "/.orchestrate/state.sqlite"
    let before =
      try FileManager.default.attributesOfItem(atPath: database)[.modificationDate] as? Date
    let plain = try BuiltTool.run(["run"], in: folder)
    #expect(plain.output.contains("2 cached"))
    #expect(plain.output.contains("[a]") && plain.output.contains("[b]"))
    let events = try BuiltTool.run(["run", "--json"], in: folder).output.split(separator: "\n")
    #expect(events.count > 3)
    // The same events that a plan gives once the file is gone.
    try FileManager.default.removeItem(atPath: folder.path + "/.orchestrate/settled")
    let planned = try BuiltTool.run(["run", "--json"], in: folder).output.split(separator: "\n")
    func outputs(_ lines: [Substring]) -> [String] {
      lines.map { String($0).replacing(/"time":[0-9.e+]+/, with: "") }
    }
    #expect(outputs(events) == outputs(planned))
    let after =
      try FileManager.default.attributesOfItem(atPath: database)[.modificationDate] as? Date
    #expect(before == after)
  }

  @Test("another input, output, pipeline, parameter or program state is seen")
  func changes() throws {
    let folder = try Self.project()
    try folder.write("in.txt", "other\n")
    #expect(try Self.run(folder) == "ab")
    #expect(try Self.run(folder) == "")
    try folder.write("b.txt", "tampered\n")
    #expect(try Self.run(folder) == "")
    #expect(try folder.read("b.txt") == Array("one\n".utf8))
    try FileManager.default.removeItem(atPath: folder.path + "/a.txt")
    #expect(try Self.run(folder) == "")
    #expect(try folder.read("a.txt") == Array("other\n".utf8))
    #expect(try Self.run(folder, ["-p", "word=two"]) == "b")
    #expect(try Self.run(folder, ["-p", "word=two"]) == "")
    #expect(try folder.read("b.txt") == Array("two\n".utf8))
    #expect(try Self.run(folder) == "")
    #expect(try folder.read("b.txt") == Array("one\n".utf8))
    try folder.write("pipeline.yaml", Self.pipeline.replacing("echo ${", with: "echo  ${"))
    #expect(try Self.run(folder) == "b")
  }

  @Test("a result that was forgotten, an object that is gone and a torn file are seen")
  func state() throws {
    let folder = try Self.project()
    let settled = folder.path + "/.orchestrate/settled"
    var bytes = try folder.read(".orchestrate/settled")
    bytes[bytes.count / 2] ^= 1
    try Data(bytes).write(to: URL(fileURLWithPath: settled))
    #expect(try Self.run(folder) == "")
    try Data(bytes.prefix(100)).write(to: URL(fileURLWithPath: settled))
    #expect(try Self.run(folder) == "")

    let objects = folder.path + "/.orchestrate/objects"
    let names = try FileManager.default.subpathsOfDirectory(atPath: objects).sorted()
    for name in names where !name.hasSuffix("/") {
      var isFolder: ObjCBool = false
      let path = objects + "/" + name
      _ = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      if !isFolder.boolValue { try FileManager.default.removeItem(atPath: path) }
    }
    #expect(try Self.run(folder) == "ab")
    #expect(try Self.run(folder) == "")
  }

  /// Stages that run in processes of their own, one with a device, one over a command's file.
  private static let children = """
    name: children
    stages:
      rows: { uses: ingest, with: { sources: [ { path: ./in.jsonl, type: completion } ] } }
      clean: { uses: pii_scrub, inputs: { records: rows } }
      parts: { uses: split, inputs: { records: clean }, with: { seed: 1 } }
      tokens: { uses: tokenizer_train, inputs: { records: clean }, with: { vocab_size: 300 } }
      told: { uses: shell, inputs: { rows: clean }, with: { inputs: [rows], command: "ls $INPUT_ROWS > told.txt", outs: [told.txt] } }
      base:
        uses: pretrain
        inputs: { model: tokens, train: clean }
        with: { hidden_size: 32, intermediate_size: 64, num_hidden_layers: 1, num_attention_heads: 2, num_key_value_heads: 2, max_position_embeddings: 64, sequence_len: 64, num_epochs: 1, max_steps: 2 }
    """

  private static func ran(_ folder: TemporaryFolder) throws -> String {
    let result = try BuiltTool.run(["run"], in: folder)
    #expect(result.status == 0, "\(result.output)\(result.errors)")
    return String(result.output.split(separator: "\n").last { $0.contains(" ran, ") } ?? "")
      .replacing(/^.*?([0-9]+) ran, ([0-9]+) cached.*$/) { "\($0.1) \($0.2)" }
  }

  @Test("stages in processes of their own: settled, and every change is seen")
  func children() throws {
    let folder = try TemporaryFolder()
    func rows(_ last: String) -> String {
      (0..<60).map { "{\"text\": \"row number \($0) of the file\"}\n" }.joined() + last
    }
    try folder.write("in.jsonl", rows(""))
    try folder.write("pipeline.yaml", Self.children)
    #expect(try Self.ran(folder) == "6 0")
    #expect(Self.isSettled(folder))
    #expect(try Self.ran(folder) == "0 6")
    try folder.write("in.jsonl", rows("{\"text\": \"one more\"}\n"))
    #expect(try Self.ran(folder).hasSuffix(" 0"), "the input is another")
    #expect(Self.isSettled(folder))
    // A damaged object of each stage, one that is gone, and a manifest.
    for stage in ["rows", "clean", "parts", "tokens", "base"] {
      let listed = try BuiltTool.run(["artifacts", "ls", "--json"], in: folder).output
      let own = listed.split(separator: "\n").filter { $0.contains("\"stage\":\"\(stage)\"") }
      let line = try #require(own.first)
      let digest = try #require(line.firstMatch(of: /"digest":"([0-9a-f]{64})"/)?.1)
      let path = folder.path + "/.orchestrate/objects/\(digest.prefix(2))/\(digest)"
      let manifest = try Data(contentsOf: URL(fileURLWithPath: path))
      #expect(chmod(path, 0o644) == 0)
      try manifest.dropLast(1).write(to: URL(fileURLWithPath: path))
      #expect(try Self.ran(folder) != "0 6", "the manifest of \(stage) is damaged")
      #expect(try Self.ran(folder) == "0 6")
      let text = String(decoding: manifest, as: UTF8.self)
      let file = try #require(text.matches(of: /[0-9a-f]{64}/).last).output
      let object = folder.path + "/.orchestrate/objects/\(file.prefix(2))/\(file)"
      try FileManager.default.removeItem(atPath: object)
      #expect(try Self.ran(folder) != "0 6", "an object of \(stage) is gone")
      #expect(try Self.ran(folder) == "0 6")
    }
  }

  @Test("patterns, folders and the environment are looked at each time")
  func unsettled() throws {
    let folder = try TemporaryFolder()
    try folder.write("in/one.txt", "1\n")
    try folder.write(
      "pipeline.yaml",
      """
      name: open
      stages:
        a:
          uses: shell
          with: { command: "echo a >> ran; cat in/*.txt > a.txt", deps: ["in/*.txt"], outs: [a.txt] }
      """)
    #expect(try Self.run(folder) == "a")
    #expect(!Self.isSettled(folder))
    try folder.write("in/two.txt", "2\n")
    #expect(try Self.run(folder) == "a")
    #expect(try folder.read("a.txt") == Array("1\n2\n".utf8))
  }
}
