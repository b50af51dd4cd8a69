import Foundation
import TestSupport
import Testing

/// Two clones of a repository in different places, as a CI server makes them, and a shared cache.
@Suite(.enabled(if: BuiltTool.exists, "the program is not built beside the tests"))
struct SharedCacheTests {
  let cache: TemporaryFolder
  var environment: [String: String] { ["ORCHESTRATE_CACHE": cache.path + "/shared"] }

  init() throws { cache = try TemporaryFolder() }

  static func clone() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write("rows.jsonl", #"{"text": "one"}"# + "\n" + #"{"text": "two"}"# + "\n")
    try folder.write("weights/w.bin", "tree outside of any store")
    try folder.write(
      "pipeline.yaml",
      """
      name: ci
      stages:
        rows: { uses: ingest, with: { sources: [ { path: ./rows.jsonl, type: completion } ] } }
        made: { uses: drill, inputs: { rows: rows, base: ./weights }, with: { inputs: [rows, base], steps: 4 } }
        gate: { uses: drill, inputs: { made: made }, with: { inputs: [made], refuse: true } }
        behind: { uses: drill, inputs: { gate: gate }, with: { inputs: [gate] } }

      """)
    return folder
  }

  @Test("a clean clone finds what another one has made, refusals too")
  func clones() throws {
    let (first, second) = (try Self.clone(), try Self.clone())
    #expect(try BuiltTool.run(["run"], in: first, environment: environment).status == 3)
    let plan = try BuiltTool.run(["plan"], in: second, environment: environment)
    #expect(plan.status == 0)
    #expect(plan.output.contains("cached (shared)"), "\(plan.output)")
    #expect(plan.output.contains("cached (shared, refused)"), "\(plan.output)")
    #expect(plan.output.contains("nothing to run"))
    #expect(!FileManager.default.fileExists(atPath: second.path + "/.orchestrate"))
    let run = try BuiltTool.run(["run"], in: second, environment: environment)
    #expect(run.status == 3)
    #expect(run.output.contains("0 ran, 3 cached"), "\(run.output)\(run.errors)")
    #expect(run.errors.isEmpty, "\(run.errors)")
    #expect(try BuiltTool.objects(in: second) == BuiltTool.objects(in: first))
    #expect(try BuiltTool.run(["verify", "--all"], in: second).status == 0)
  }

  @Test("only what differs runs")
  func changed() throws {
    let (first, second) = (try Self.clone(), try Self.clone())
    #expect(try BuiltTool.run(["run"], in: first, environment: environment).status == 3)
    try second.write("weights/w.bin", "another tree")
    let run = try BuiltTool.run(["run"], in: second, environment: environment)
    #expect(run.output.contains("2 ran, 1 cached"), "\(run.output)\(run.errors)")
  }

  @Test("a plan of a clean clone says where a result of the cache may fit, and where none can")
  func unlessSame() throws {
    let (first, second, third) = (try Self.clone(), try Self.clone(), try Self.clone())
    #expect(try BuiltTool.run(["run"], in: first, environment: environment).status == 3)
    // The rows change; 'made' may ask for what the cache has, if they came out the same.
    let other = #"{"text": "one"}"# + "\n" + #"{"text": "two"} "# + "\n"
    try second.write("rows.jsonl", other)
    func made(_ folder: TemporaryFolder) throws -> Substring {
      let plan = try BuiltTool.run(["plan"], in: folder, environment: environment).output
      return try #require(plan.split(separator: "\n").first { $0.contains("made") }, "\(plan)")
    }
    #expect(try made(second).contains("run unless its input comes out the same"))
    let run = try BuiltTool.run(["run"], in: second, environment: environment)
    #expect(run.output.contains("1 ran, 2 cached"), "\(run.output)\(run.errors)")
    // Nothing of this shape is in the cache.
    try third.write("rows.jsonl", other + other)
    let text = String(decoding: try third.read("pipeline.yaml"), as: UTF8.self)
    try third.write("pipeline.yaml", text.replacing("steps: 4", with: "steps: 5"))
    #expect(try !made(third).contains("unless"))
  }

  @Test("no path of a clone is in the cache")
  func paths() throws {
    let first = try Self.clone()
    #expect(try BuiltTool.run(["run"], in: first, environment: environment).status == 3)
    let root = cache.path + "/shared/results"
    for name in FileManager.default.enumerator(atPath: root)?.compactMap({ $0 as? String }) ?? [] {
      guard let text = try? String(contentsOfFile: root + "/" + name, encoding: .utf8) else {
        continue
      }
      #expect(!text.contains(first.path), "\(name)")
    }
  }
}
