import ArgumentParser
import BuiltinStages
import Documents
import Planning
import StageKit

/// `orchestrate schema`: the JSON Schema of pipeline files, for editors.
struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Prints the JSON Schema (draft 7) of pipeline files, for editors.",
    discussion: """
      Point an editor at it with the first line of a pipeline file:

        # yaml-language-server: $schema=./pipeline.schema.json
      """)

  @Flag(help: "Prints the reference page of all stages instead (docs/stages.md).")
  var docs = false

  func run() {
    if docs {
      print(StageGuide.page(.builtin), terminator: "")
    } else {
      print(JSONWriter.pretty(PipelineSchema.schema(.builtin)), terminator: "")
    }
  }
}
