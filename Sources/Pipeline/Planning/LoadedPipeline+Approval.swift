internal import StageKit

extension LoadedPipeline {
  /// What a person approves is all that the stages under `needs:` made: as inputs of the request, so
  /// that the approval's fingerprint covers it.
  func addApproved(_ stage: BoundStage, _ skipped: [String: String], _ request: inout StageRequest)
  {
    for need in stage.spec.needs where skipped[need.stage] == nil {
      guard let source = stages.first(where: { $0.name == need.stage }) else { continue }
      for port in source.parameters.ports.outputs {
        request.inputs["\(need.stage).\(port.name)"] = .stage(name: need.stage, port: port.name)
      }
    }
  }
}
