import ArgumentParser
import Diagnostics
import Planning

/// `orchestrate validate`: every check that needs no file but the pipeline's own to be read.
struct ValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Checks a pipeline file and that the files it names are there.",
    discussion: "Ends with 0 when all is well and 65 otherwise; nothing is run or written.")

  @OptionGroup var pipeline: PipelineOptions

  func run() throws {
    let loaded = try pipeline.load()
    try loaded.checkFiles()
    if pipeline.json {
      print(Failure.json(loaded.warnings, exitStatus: 0))
    } else {
      Terminal.show(loaded.warnings)
      let count = loaded.spec.stages.count
      print("\(SafeText.escaped(pipeline.file, limit: 300)): \(count) stages, no problems")
    }
  }
}
