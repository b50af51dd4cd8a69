internal import Diagnostics
internal import Reproducibility
internal import StageKit

extension StageBinder {
  /// An input that names a model of the registry.
  mutating func checkRegistered(
    _ text: String, _ input: InputSpec, _ port: Port, of stage: StageSpec
  ) {
    if RegistryReference(text) == nil {
      report(
        "spec.registry-reference",
        "'\(SafeText.escaped(text, limit: 80))' names no model of the registry", input.span,
        fix: "write registry:NAME@ALIAS or registry:NAME/VERSION, as in registry:triage@champion")
    } else if !port.types.contains(.model) {
      report(
        "spec.port-type",
        "input '\(port.name)' of '\(stage.name)' takes "
          + "\(port.types.map(\.rawValue).joined(separator: " or ")), but the registry holds models",
        input.span)
    }
  }
}

extension LoadedPipeline {
  /// Models of the registry that inputs name, as digests of this moment.
  ///
  /// - Throws: ``Failure`` of class `badInput` for every one that is not there and must be.
  func registeredModels(_ results: any RecordedResults, _ skipped: [String: String]) throws -> (
    inputs: [String: [String: InputBinding]], warnings: [Diagnostic]
  ) {
    var inputs: [String: [String: InputBinding]] = [:]
    var warnings: [Diagnostic] = []
    var problems: [Diagnostic] = []
    for stage in stages where skipped[stage.name] == nil {
      for input in stage.spec.inputs {
        guard case .registered(let text) = input.source, let reference = RegistryReference(text),
          let port = stage.parameters.ports.inputs.first(where: { $0.name == input.port })
        else { continue }
        if let model = try results.registered(reference) {
          inputs[stage.name, default: [:]][input.port] = .artifact(model)
        } else {
          let missing = Self.missing(reference, input, stage.name)
          let mayBeLeftOut = port.isOptional || port.copesWithNoVersion == true
          if case .alias = reference.choice, mayBeLeftOut {
            var note = missing
            note.severity = .warning
            note.message += "; the input is left out"
            warnings.append(note)
          } else {
            problems.append(missing)
          }
        }
      }
    }
    if !problems.isEmpty { throw Failure(Diagnostic.inSourceOrder(problems), .badInput) }
    return (inputs, warnings)
  }

  private static func missing(_ reference: RegistryReference, _ input: InputSpec, _ stage: String)
    -> Diagnostic
  {
    let what =
      switch reference.choice {
      case .alias(let alias): "no version at '\(alias)'"
      case .version(let number): "no version \(number)"
      }
    return Diagnostic(
      "registry.nothing-there",
      "input '\(input.port)' of '\(stage)': the registry has \(what) of '\(reference.name)'",
      at: input.span, fix: "'orchestrate registry list' shows what there is")
  }
}
