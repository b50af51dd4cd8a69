internal import StageKit

extension RequestBuilder {
  /// What a person approves is all that the stages under `needs:` made: as inputs of the request, so
  /// that the approval's fingerprint covers it.
  func addApproved(_ stage: BoundStage, _ request: inout StageRequest) {
    for need in stage.spec.needs where skipped[need.stage] == nil {
      for port in outputs[need.stage] ?? [] {
        request.inputs["\(need.stage).\(port.name)"] = .stage(name: need.stage, port: port.name)
      }
    }
  }
}
