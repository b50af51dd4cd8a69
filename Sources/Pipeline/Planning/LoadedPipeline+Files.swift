internal import Diagnostics
internal import StageKit

/// The files that a pipeline names, found but not read.
struct FoundInputs: Sendable {
  /// By stage, then by parameter path.
  var files: [String: [String: [FoundFile]]] = [:]
  /// By stage, then by input port.
  var trees: [String: [String: FoundTree]] = [:]

  /// Every file once or more.
  var all: [FoundFile] {
    files.values.flatMap { $0.values.joined() }
      + trees.values.flatMap { $0.values.flatMap(\.files) }
  }
}

extension LoadedPipeline {
  /// Checks that every file and folder the pipeline names is there; reads none of them.
  ///
  /// - Throws: ``Failure`` of class `badInput` with every one that is missing.
  package func checkFiles() throws { _ = try findFiles() }

  func findFiles() throws -> FoundInputs {
    let finder = FileFinder(folder: folder)
    let skipped = skippedStages()
    var found = FoundInputs()
    var problems: [Diagnostic] = []
    for stage in stages where skipped[stage.name] == nil {
      for input in stage.parameters.fileInputs {
        do {
          found.files[stage.name, default: [:]][input.parameter] = try finder.files(input)
        } catch let failure as Failure { problems += failure.diagnostics }
      }
      for input in stage.spec.inputs {
        guard case .path(let path) = input.source,
          let port = stage.parameters.ports.inputs.first(where: { $0.name == input.port }),
          let type = port.types.first(where: { [.model, .records, .files].contains($0) })
        else { continue }
        do {
          found.trees[stage.name, default: [:]][input.port] = try finder.tree(
            path, type, at: input.span)
        } catch let failure as Failure { problems += failure.diagnostics }
      }
    }
    if !problems.isEmpty { throw Failure(Diagnostic.inSourceOrder(problems), .badInput) }
    return found
  }

  /// Stages that will not run, with the reason: a false `if:`, or a skipped stage that they need or
  /// must have an input from.
  func skippedStages() -> [String: String] {
    var skipped: [String: String] = [:]
    for stage in stages {
      if let condition = stage.spec.skippedBy {
        skipped[stage.name] = "if: \(SafeText.escaped(condition)) is false"
        continue
      }
      if let need = stage.spec.needs.first(where: { skipped[$0.stage] != nil }) {
        skipped[stage.name] = "needs \(need.stage), which is skipped"
        continue
      }
      for port in stage.parameters.ports.inputs where !port.isOptional {
        if case .stage(let name, _)? = stage.inputs[port.name], skipped[name] != nil {
          skipped[stage.name] = "input \(port.name) comes from \(name), which is skipped"
          break
        }
      }
    }
    return skipped
  }
}
