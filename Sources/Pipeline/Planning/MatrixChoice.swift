internal import Diagnostics
internal import Documents
package import Reproducibility
package import StageKit

extension StageKind {
  /// Stands for the best instance of a matrix; done by the engine itself.
  package static let select: StageKind = "select"
}

/// Which instance of a matrix `strategy.select` takes: a function of what the instances reported.
package struct MatrixChoice: Sendable, Hashable {
  package var instance: String
  package var metric: String
  package var value: Double
  /// Of every instance in the order of the matrix; nil where it reported no number.
  package var values: [Double?]
  package var instances: [String]
  /// Of the choice: request, inputs and values.
  package var fingerprint: Digest
  /// Artifacts of the instance taken, by port.
  package var outputs: [String: Digest]

  /// What the request of a choice holds.
  static func parameters(_ spec: MatrixChoiceSpec) -> JSONValue {
    .object([
      "metric": .string(spec.metric), "mode": .string(spec.mode.rawValue),
      "instances": .array(spec.instances.map { .string($0) }),
    ])
  }

  /// The input port that holds an output of an instance.
  static func port(_ instance: String, _ output: String) -> String { "\(instance).\(output)" }

  /// The first of the best; an instance without the metric is never taken.
  ///
  /// - Parameters:
  ///   - inputs: an artifact for every port of the request.
  ///   - facts: what an instance reported.
  /// - Throws: ``Failure`` of class `badInput` when no instance reported the metric.
  package init(
    _ request: StageRequest, inputs: [String: Digest],
    facts: (_ instance: String) throws -> ResultFacts?
  ) throws {
    let metric = request.parameters["metric"]?.stringValue ?? ""
    let isMin = request.parameters["mode"]?.stringValue != "max"
    let present = Set(
      request.inputs.values.compactMap { binding -> String? in
        if case .stage(let name, _) = binding { name } else { nil }
      })
    let all = (request.parameters["instances"]?.arrayValue ?? []).compactMap(\.stringValue)
    instances = all.filter(present.contains)
    var reported: [String: Double] = [:]
    values = try instances.map { instance in
      let metrics = try facts(instance)?.metrics ?? [:]
      reported.merge(metrics) { first, _ in first }
      return metrics[metric]
    }
    var best: (index: Int, value: Double)?
    for (index, value) in values.enumerated() {
      guard let value else { continue }
      if best.map({ isMin ? value < $0.value : value > $0.value }) ?? true { best = (index, value) }
    }
    guard let best else {
      throw Metrics.missing(
        metric, in: reported, instances.joined(separator: "', '"),
        "'select' of '\(request.stage)'")
    }
    self.metric = metric
    value = best.value
    instance = instances[best.index]
    var asked = request
    asked.parameters = .object([
      "request": request.parameters,
      "values": .array(values.map { $0.map { .number($0) } ?? .null }),
    ])
    fingerprint = Fingerprint.of(asked, inputs: inputs)
    outputs = [:]
    for port in request.outputs {
      outputs[port.name] = inputs[Self.port(instance, port.name)]
    }
  }

  /// `sft-learning_rate-1e-4: eval_loss 0.41`
  package var sentence: String { "\(instance): \(metric) \(ValueText.number(value))" }
}
