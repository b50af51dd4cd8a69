internal import StageKit

/// Who gets which secret: those who name it, nobody else.
extension Engine {
  /// Variables that hold secrets of the run, by stage; stages without one are left out.
  static func secrets(of spec: RunSpec) -> [String: Set<String>] {
    var result: [String: Set<String>] = [:]
    for request in spec.stages {
      let names = SecretReference.variables(in: request.parameters)
      if !names.isEmpty { result[request.stage] = names }
    }
    return result
  }

  /// Variables of secrets that a stage does not name.
  func withheld(from request: StageRequest) -> Set<String> {
    allSecrets.filter { !SecretReference.names($0, in: request.parameters) }
  }
}
