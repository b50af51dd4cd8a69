import ArgumentParser
import BuiltinStages
import Diagnostics
import Documents
import Foundation
import Planning
import Records
import RunStore
import StageKit

/// `orchestrate explain [KIND]`: what stages there are, what one takes and makes; with `--row`, what
/// became of a row of the last run.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Explains a kind of stage, why a stage would run, or what became of a row.",
    discussion: """
      With KIND: its ports, parameters, defaults and ranges. Without, all kinds are listed. A name of \
      a stage in --file explains the kind it uses.

      With --why: whether a run would do the stage of that name, and why, stage by stage down to the \
      file or parameter that is different.

      With --row ID: where a row of the last run came from, which stages changed it and by which \
      rule, and where it was dropped or ended. Ids are in the lines of records and reports; \
      contents are never printed.
      """)

  @Argument(help: "A kind of stage, as written after 'uses:', or the name of a stage.")
  var kind: String?

  @Option(help: "The pipeline file that names of stages are looked up in.")
  var file = "pipeline.yaml"

  @Flag(help: "Why a run would do the stage, or would not.")
  var why = false

  @Option(name: .customShort("p"), help: "With --why, a parameter of the pipeline: name=value.")
  var parameter: [String] = []

  @Option(help: "The id of a row: what became of it in the last run.")
  var row: String?

  @OptionGroup var projectOptions: ProjectOptions

  @Flag(help: "Prints JSON.")
  var json = false

  func run() throws {
    if let row { return try explain(row: row) }
    if why { return try explainWhy() }
    let catalogue = StageCatalogue.builtin
    guard let kind else {
      if json {
        print(JSONWriter.compact(.array(catalogue.kinds.map { .string($0.name) })))
      } else {
        print("kinds of stages:\n\n\(StageGuide.list(catalogue))", terminator: "")
        print("\n'orchestrate explain KIND' shows ports and parameters")
      }
      return
    }
    let type = try type(kind, catalogue)
    print(json ? JSONWriter.compact(StageGuide.json(type)) : StageGuide.text(type), terminator: "")
    if json { print() }
  }

  private func explainWhy() throws {
    let loaded = try Planner.load(
      file, overrides: parameter, environment: ProcessInfo.processInfo.environment,
      catalogue: .builtin)
    let plan = try loaded.planToRead(in: projectOptions.folder(of: file))
    guard let kind, let verdict = plan.verdict(of: kind) else {
      let names = plan.verdicts.map(\.stage)
      let nearest = kind.flatMap { NearestName.suggestion(for: $0, among: names) }
      throw Diagnostic(
        "usage.unknown-stage",
        kind.map { "there is no stage '\(SafeText.escaped($0, limit: 60))'" }
          ?? "'--why' needs the name of a stage",
        fix: nearest.map { "did you mean '\($0)'?" } ?? "'orchestrate plan' lists all stages"
      ).failure(.usage)
    }
    print(
      json ? JSONWriter.compact(plan.json(of: verdict)) : plan.why(verdict),
      terminator: json ? "\n" : "")
  }

  private func explain(row text: String) throws {
    guard let id = RowID(text) else {
      throw Diagnostic(
        "usage.row-id", "'\(SafeText.escaped(text, limit: 60))' is no id of a row",
        fix: "an id is 32 hexadecimal digits, perhaps with '-1', as in the lines of records"
      ).failure(.usage)
    }
    let finder = try ArtifactFinder(projectOptions)
    let history = try RowHistory(of: id, in: finder)
    let models = try RowModels(
      of: history.ids.union([id]), in: finder, RegistryOptions.folder(finder.folder).read())
    if json {
      let members = RowHistoryView.json(id, history).objectValue ?? []
      print(JSONWriter.compact(.object(members + [JSONMember("models", models.json)])))
    } else {
      for line in RowHistoryView.lines(id, history) + models.lines { print(line) }
    }
  }

  private func type(_ name: String, _ catalogue: StageCatalogue) throws -> any Stage.Type {
    if let type = catalogue[StageKind(name)] { return type }
    if let bytes = try? HostFile.bytes(file, limit: YAMLReader.byteCountMax),
      let root = try? YAMLReader.parse(bytes, file: file),
      let used = root["stages"]?[name]?["uses"]?.scalar?.text,
      let type = catalogue[StageKind(used)]
    {
      return type
    }
    let names = catalogue.kinds.map(\.name)
    let nearest = NearestName.suggestion(for: name, among: names)
    throw Diagnostic(
      "usage.unknown-kind", "there is no stage kind '\(SafeText.escaped(name, limit: 40))'",
      fix: nearest.map { "did you mean '\($0)'?" } ?? "'orchestrate explain' lists all of them"
    ).failure(.usage)
  }
}
