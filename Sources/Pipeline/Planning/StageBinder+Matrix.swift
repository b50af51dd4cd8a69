internal import Diagnostics
internal import StageKit

extension StageBinder {
  /// A stage that stands for the best instance of a matrix: it has the outputs of any of them.
  mutating func bind(_ stage: StageSpec, _ choice: MatrixChoiceSpec) {
    let instances = choice.instances.compactMap { bound[$0] }
    guard instances.count == choice.instances.count, let first = instances.first else { return }
    let outputs = first.parameters.ports.outputs
    let names = outputs.map(\.name)
    for other in instances where other.parameters.ports.outputs.map(\.name) != names {
      diagnostics.append(
        Diagnostic(
          "spec.matrix",
          "'select' takes one of '\(first.name)' and '\(other.name)', which make different outputs: "
            + "\(names.joined(separator: ", ")) and "
            + other.parameters.ports.outputs.map(\.name).joined(separator: ", "),
          at: choice.span, fix: "give every instance the same outputs"))
      return
    }
    var inputs: [Port] = []
    var sources: [String: InputSource] = [:]
    for instance in choice.instances {
      for output in outputs {
        var port = Port(
          MatrixChoice.port(instance, output.name), optional: true, help: "Of an instance.")
        port.types = output.types
        inputs.append(port)
        sources[port.name] = .stage(instance, port: output.name)
      }
    }
    let parameters = ReadParameters(
      values: MatrixChoice.parameters(choice), ports: Ports(inputs: inputs, outputs: outputs))
    bound[stage.name] = BoundStage(
      spec: stage, version: 1, parameters: parameters, inputs: sources)
  }
}
