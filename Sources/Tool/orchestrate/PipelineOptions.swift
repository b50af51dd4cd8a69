import ArgumentParser
import Artifacts
import BuiltinStages
import Foundation
import Planning
import StageKit

/// Which pipeline a command is about.
struct PipelineOptions: ParsableArguments {
  @Argument(help: "The pipeline file.", completion: .file(extensions: ["yaml", "yml"]))
  var file = "pipeline.yaml"

  @Option(name: [.customShort("p"), .customLong("param")], help: "Sets a value of 'params:'.")
  var parameters: [String] = []

  @Option(help: "The folder that holds .orchestrate; the pipeline file's own folder by default.")
  var project: String?

  @Flag(help: "Prints JSON.")
  var json = false

  @Flag(help: "Shows every error in full.")
  var allErrors = false

  /// - Throws: ``Failure`` with every problem of the file.
  func load(isSmoke: Bool = false) throws -> LoadedPipeline {
    try Planner.load(
      file, overrides: parameters, environment: ProcessInfo.processInfo.environment,
      catalogue: .builtin, isSmoke: isSmoke)
  }

  func project(for pipeline: LoadedPipeline) -> ProjectFolder {
    guard let project else { return ProjectFolder(root: pipeline.folder) }
    return ProjectFolder(root: URL(fileURLWithPath: project).standardizedFileURL.path)
  }
}
