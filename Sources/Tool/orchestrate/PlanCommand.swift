import ArgumentParser
import Artifacts
import Diagnostics
import Documents
import Execution
import Planning
import StageKit

/// `orchestrate plan`: what a run would do, and why.
struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Shows what a run would do, and why.",
    discussion: """
      orchestrate plan pipeline.yaml
      orchestrate plan --from sft
      orchestrate plan --smoke
      orchestrate plan --out plan.json && orchestrate run --plan plan.json

      Reads and digests what the pipeline names; nothing is run or written. Ends with 0; with \
      --detailed-exitcode with 4 when there is nothing to do.
      """)

  @OptionGroup var pipeline: PipelineOptions
  @OptionGroup var selection: SelectionOptions

  @Option(help: "Keeps the plan in a file, for 'orchestrate run --plan FILE'.")
  var out: String?

  @Flag(help: "Ends with 4 when there is nothing to do, and with 0 when there is.")
  var detailedExitcode = false

  @Flag(help: "Plans what 'run --smoke' would do.")
  var smoke = false

  func validate() throws {
    if smoke, out != nil {
      throw ValidationError("a plan of a smoke run is not kept; leave '--out' or '--smoke' out")
    }
  }

  func run() throws {
    var pipeline = self.pipeline
    var limits = selection
    if let file = limits.takePipeline() { pipeline.file = file }
    let loaded = try pipeline.load(isSmoke: smoke)
    try Engine.Options.machine.check(loaded)
    let project = pipeline.project(for: loaded)
    let plan =
      smoke
      ? try loaded.planToRead(in: project.smoke, limits.selection, isShared: false)
      : try loaded.planToRead(in: project, limits.selection)
    Terminal.show(plan.warnings)
    if let out {
      let saved = SavedPlan(
        plan, file: loaded.path, overrides: pipeline.parameters, selection: limits.selection)
      try saved.write(to: out)
    }
    print(
      pipeline.json ? JSONWriter.compact(plan.json) : plan.table,
      terminator: pipeline.json ? "\n" : "")
    if detailedExitcode, !plan.hasWork { throw ExitCode(FailureClass.nothingToDo.rawValue) }
  }
}
