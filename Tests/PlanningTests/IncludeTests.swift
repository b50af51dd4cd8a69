import Diagnostics
import Documents
import Foundation
import Planning
import Reproducibility
import StageKit
import TestSupport
import Testing

@Suite("include")
struct IncludeTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write("x", "1")
  }

  static let own = """
    name: i
    include: [parts/data.yaml]
    stages:
      unique: { uses: clean, inputs: { records: raw }, with: { threshold: "${params.threshold}" } }
    """
  static let data = """
    include: ./more/params.yaml
    stages:
      raw: { uses: make, with: { sources: [ { path: ./x } ] } }
    """

  private func write() throws {
    try folder.write("parts/data.yaml", Self.data)
    try folder.write("parts/more/params.yaml", "params: { threshold: 0.5 }\n")
  }

  @Test("stages and params of included files are part of the pipeline, paths from its folder")
  func merges() throws {
    try write()
    let loaded = try folder.load(Self.own, overrides: ["threshold=0.25"])
    let plan = try loaded.plan(
      results: NoRecords(), statCache: MemoryStatCache(), checkpoints: NoRecords())
    #expect(plan.spec.stages.map(\.stage) == ["raw", "unique"])
    #expect(plan.spec.stages[1].parameters["threshold"] == .number(0.25))
    #expect(plan.spec.stages[0].files["sources[0].path"]?.map(\.name) == ["x"])
    let includes = try #require(plan.spec.includes)
    #expect(
      includes.map { ($0.path as NSString).lastPathComponent } == ["data.yaml", "params.yaml"])
    #expect(includes[0].digest == Digest(of: Array(Self.data.utf8)))
  }

  @Test("problems name the included file")
  func spans() throws {
    try write()
    try folder.write(
      "parts/data.yaml", Self.data.replacingOccurrences(of: "make", with: "mkae"))
    let failure = try #require(throws: Failure.self) { try folder.load(Self.own) }
    #expect(failure.diagnostics.map(\.message) == ["there is no stage kind 'mkae'"])
    #expect(failure.diagnostics[0].span?.file == folder.path + "/parts/data.yaml")
    #expect(failure.diagnostics[0].span?.line == 3)
  }

  @Test("a name that two files define is shown at both places")
  func duplicates() throws {
    try write()
    let failure = try #require(throws: Failure.self) {
      try folder.load(Self.own + "\n  raw: { uses: make }\nparams: { threshold: 1 }\n")
    }
    #expect(
      failure.diagnostics.map(\.code) == ["spec.duplicate-stage", "spec.duplicate-parameter"])
    #expect(
      failure.diagnostics[0].message
        == "the stage 'raw' is defined at \(folder.path)/parts/data.yaml:3 already")
    #expect(failure.diagnostics[0].span?.file == folder.path + "/p.yaml")
    #expect(failure.diagnostics[0].related.map(\.span.file) == [folder.path + "/parts/data.yaml"])
  }

  @Test("a file that two others include counts once")
  func diamond() throws {
    try folder.write("a.yaml", "include: common.yaml\n")
    try folder.write("b.yaml", "include: common.yaml\n")
    try folder.write("common.yaml", "params: { t: 1 }\n")
    let text =
      "name: i\ninclude: [a.yaml, b.yaml]\nstages: { g: { uses: gate, inputs: { candidate: ./x } } }\n"
    #expect(try folder.load(text).includes.count == 3)
  }

  @Test("cycles are shown as a chain, depth is bounded")
  func cyclesAndDepth() throws {
    try folder.write("a.yaml", "include: b.yaml\n")
    try folder.write("b.yaml", "include: [a.yaml]\n")
    let cycle = try #require(throws: Failure.self) { try folder.load("name: i\ninclude: a.yaml\n") }
    let p = folder.path
    #expect(
      cycle.diagnostics.map(\.message) == [
        "these files include each other: \(p)/a.yaml → \(p)/b.yaml → \(p)/a.yaml"
      ])
    for depth in 1...9 { try folder.write("d\(depth).yaml", "include: d\(depth + 1).yaml\n") }
    try folder.write("d8.yaml", "params: { deep: 1 }\n")
    let stages = "\nstages: { g: { uses: gate, inputs: { candidate: ./x } } }\n"
    #expect(try folder.load("name: i\ninclude: d1.yaml" + stages).includes.count == 8)
    try folder.write("d8.yaml", "include: d9.yaml\n")
    let deep = try #require(throws: Failure.self) {
      try folder.load("name: i\ninclude: d1.yaml" + stages)
    }
    #expect(
      deep.diagnostics.map(\.message) == [
        "'d9.yaml' is the include of an include, more than 8 deep"
      ])
  }

  @Test(
    "mistakes",
    arguments: [
      (
        "https://example.org/a.yaml",
        "'https://example.org/a.yaml' is no path, and only files below the project can be included"
      ),
      ("../outside.yaml", "'../outside.yaml' is not below the folder of the pipeline file"),
      ("/etc/passwd", "'/etc/passwd' is not below the folder of the pipeline file"),
      ("[{a: b}]", "'include' has a mapping, expected a path of a file"),
      ("wrong.yaml", "an included file has no key 'stage'"),
    ])
  func mistakes(path: String, message: String) throws {
    try folder.write("wrong.yaml", "stage: {}\n")
    let failure = try #require(throws: Failure.self) {
      try folder.load("name: i\ninclude: \(path)\nstages: {}\n")
    }
    #expect(failure.diagnostics.map(\.message) == [message])
    #expect(failure.diagnostics[0].span != nil)
  }

  @Test("a link that leads out of the project is outside")
  func links() throws {
    let outside = try TemporaryFolder()
    try outside.write("o.yaml", "params: { a: 1 }\n")
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/l.yaml", withDestinationPath: outside.path + "/o.yaml")
    let failure = try #require(throws: Failure.self) {
      try folder.load("name: i\ninclude: l.yaml\nstages: {}\n")
    }
    #expect(failure.diagnostics.map(\.code) == ["spec.include"])
    #expect(throws: Failure.self) {
      try folder.load("name: i\ninclude: nowhere.yaml\nstages: {}\n")
    }
  }
}
