import ArgumentParser
import Foundation
import StageKit

/// Which stages a command is limited to.
struct SelectionOptions: ParsableArguments {
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Only these and everything downstream of them; the rest must be known.", valueName: "stage"))
  var from: [String] = []

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Only these and everything upstream of them.", valueName: "stage"))
  var until: [String] = []

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Only these; what they read must be known.", valueName: "stage"))
  var only: [String] = []

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Runs these though their results are known; without names, every stage of the run.",
      valueName: "stage"))
  var force: [String] = []

  @Flag(help: "Runs every stage of the run though its result is known: '--force' without names.")
  var forceAll = false

  var selection: PlanSelection {
    PlanSelection(from: from, until: until, only: only, forced: force, forcesAll: forceAll)
  }

  /// A pipeline file that was written behind the stages of an option: `--only a b pipeline.yaml`.
  mutating func takePipeline() -> String? {
    for list in [\SelectionOptions.from, \.until, \.only, \.force] {
      guard let last = self[keyPath: list].last, self[keyPath: list].count > 1 || list == \.force,
        last.hasSuffix(".yaml") || last.hasSuffix(".yml"),
        FileManager.default.fileExists(atPath: last)
      else { continue }
      self[keyPath: list].removeLast()
      if list == \.force, force.isEmpty { forceAll = true }
      return last
    }
    return nil
  }

  /// `--force` without a name means `--force-all`, which the parser cannot know.
  ///
  /// - Parameter arguments: of the command line, the command first; others than `run` and `plan` have
  ///   a `--force` of their own.
  static func spread(_ arguments: [String]) -> [String] {
    guard let command = arguments.first, ["run", "plan"].contains(command) else { return arguments }
    return arguments.enumerated().map { index, argument in
      guard argument == "--force" else { return argument }
      let next = index + 1 < arguments.count ? arguments[index + 1] : "--"
      return next.hasPrefix("-") ? "--force-all" : argument
    }
  }
}
