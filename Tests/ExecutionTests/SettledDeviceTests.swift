import Documents
import Execution
import Planning
import Reproducibility
import StageKit
import TestSupport
import Testing

/// What is computed on depends on the machine: the answer of a run that has a stage with a device holds
/// while 'device: auto' comes to the same.
@Suite struct SettledDeviceTests {
  /// A command, whose results the engine stamps file by file.
  private struct Toy: CommandStage {
    static let kind: StageKind = "toy"
    static let version = 1
    static let summary = "Writes a file."
    struct Parameters: StageParameters {
      init(_ read: inout ParameterReader) { _ = read.optionalString("device", help: "Where.") }
    }
    static func ports(for parameters: Parameters) -> Ports {
      Ports(outputs: [Port("files", .files, help: "Written.")])
    }
    static func command(_ parameters: Parameters, in place: any CommandPlace) throws
      -> StageCommand
    {
      let file = try place.output("files") + "/f"
      return StageCommand(executable: "/bin/sh", arguments: ["sh", "-c", "echo made > '\(file)'"])
    }
    func run(_ parameters: Parameters, in context: StageContext) -> StageOutcome { .succeeded }
  }

  @Test(
    "a run whose stage has a device is settled for the machine as it was, one without for any",
    arguments: [nil, "cpu", "cuda", "auto"])
  func settled(device: String?) throws {
    let bench = try Workbench()
    let catalogue = StageCatalogue([Toy.self])
    let path = try bench.folder.write("p.yaml", "name: p\nstages:\n  a: { uses: toy }\n")
    let loaded = try Planner.load(path, catalogue: catalogue)
    let request = StageRequest(
      stage: "a", kind: "toy", version: 1,
      parameters: device.map { ["device": .string($0)] } ?? [:],
      outputs: [Port("files", .files, help: "Written.")])
    let spec = RunSpec(
      pipelineName: "p", pipelinePath: path, pipelineDigest: try Digest(file: path),
      stages: [request])
    let session = try ProjectSession(bench.project)
    let engine = try Engine.start(
      spec, in: session,
      launcher: ProcessLauncher(marker: "ORCHESTRATE_TEST=settled", catalogue: catalogue),
      observer: EventList(), options: .init(threads: 1))
    #expect(try engine.runToEnd().exitStatus == 0)
    let question = SettledRun.Question(path: path, overrides: [])
    SettledRun.keep(question, loaded, spec, in: session) { "cpu" }
    #expect(SettledRun.find(question, in: bench.project) { "cpu" } != nil)
    #expect(
      (SettledRun.find(question, in: bench.project) { "cuda" } != nil) == (device == nil))
  }
}
