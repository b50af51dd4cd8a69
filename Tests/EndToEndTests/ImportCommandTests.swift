import Documents
import Foundation
import TestSupport
import Testing

@Suite("import command")
struct ImportCommandTests {
  static let folder = FileManager.default.currentDirectoryPath + "/Tests/Fixtures/axolotl"

  @Test("what import writes passes validate, once model and rows are there")
  func valid() throws {
    let work = try TemporaryFolder()
    for name in ["alpaca-lora", "chat-qlora", "dpo", "full-pretrain"] {
      let printed = try Self.finish(
        ["import", "axolotl", "\(Self.folder)/\(name).yml", "--json"], in: work.path)
      #expect(printed.status == 0)
      let view = try JSONReader.parse(Array(printed.output.utf8), file: "import")
      let pipeline = try #require(view["pipeline"]?.stringValue)
      try Self.write(pipeline, to: "\(work.path)/\(name).yaml")
      for model in ["Llama-3.2-1B", "qwen", "Meta-Llama-3-8B-Instruct", "Qwen3-0.6B"] {
        try Self.write("{}", to: "\(work.path)/models/\(model)/config.json")
      }
      for item in view["expected"]?.arrayValue ?? [] {
        guard let path = item["path"]?.stringValue, path.hasSuffix(".jsonl") else { continue }
        try Self.write("{}\n", to: "\(work.path)/\(path)")
      }
      let checked = try Self.finish(["validate", "\(name).yaml"], in: work.path)
      #expect(checked.status == 0, "\(name): \(checked.errors)")
    }
  }

  @Test("a file that is there stays, and --strict fails over a key that was not carried")
  func careful() throws {
    let work = try TemporaryFolder()
    try Self.write("mine", to: work.path + "/p.yaml")
    let file = Self.folder + "/alpaca-lora.yml"
    #expect(
      try Self.finish(["import", "axolotl", file, "-o", "p.yaml"], in: work.path).status == 2)
    #expect(try String(contentsOfFile: work.path + "/p.yaml", encoding: .utf8) == "mine")
    let strict = try Self.finish(["import", "axolotl", file, "--strict"], in: work.path)
    #expect(strict.status == 65)
    #expect(strict.errors.contains("'neftune_noise_alpha' was not carried"))
  }

  private static func finish(_ arguments: [String], in folder: String) throws -> (
    status: Int32, output: String, errors: String
  ) {
    let ended = try Tool.orchestrate.finish(Tool.orchestrate.start(arguments, in: folder))
    return (ended.status, ended.output, ended.errors)
  }

  private static func write(_ text: String, to path: String) throws {
    let url = URL(fileURLWithPath: path)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }
}
