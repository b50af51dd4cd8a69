import Foundation
import Testing

/// Pages written from what the stages declare. `RECORD_SNAPSHOTS=1` writes them anew.
@Suite("docs in step with the code")
struct DocsTests {
  @Test(
    "what the program prints is what the repository holds",
    arguments: [
      ("docs/stages.md", ["schema", "--docs"]), ("docs/pipeline.schema.json", ["schema"]),
    ])
  func page(_ path: String, _ arguments: [String]) throws {
    let folder = FileManager.default.currentDirectoryPath
    let printed = try Tool.orchestrate.finish(Tool.orchestrate.start(arguments, in: folder))
    #expect(printed.status == 0)
    let url = URL(fileURLWithPath: path)
    if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" {
      try Data(printed.output.utf8).write(to: url)
    }
    let held = try String(contentsOf: url, encoding: .utf8)
    #expect(
      printed.output == held, "write it anew: RECORD_SNAPSHOTS=1 swift test --filter DocsTests")
  }
}
