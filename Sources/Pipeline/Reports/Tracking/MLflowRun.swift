internal import Diagnostics
internal import Documents
internal import Endpoints
internal import Reproducibility
package import RunStore
package import StageKit

/// A run as a run of MLflow, by its REST interface (`/api/2.0/mlflow`): parameters, values of steps
/// as `STAGE/METRIC`, and how it ended.
package final class MLflowRun: Tracker {
  package let name = "mlflow"

  /// What one call takes: 1,000 values, 100 parameters (mlflow/utils/validation.py).
  private static let metricsMax = 1000
  private static let parametersMax = 100

  private let service: JSONService
  private let spec: RunSpec
  private let number: Int64
  private var run: String?
  private var waiting: [JSONValue] = []

  /// - Throws: ``Failure`` of class `badInput` when the address is none.
  package init(address: String, spec: RunSpec, run: Int64) throws {
    service = try JSONService(address, name: "MLflow")
    self.spec = spec
    number = run
  }

  package func take(_ events: [RunEvent]) throws {
    for event in events {
      switch event.body {
      case .runStarted: try start(event.time)
      case .stage(.metric(let name, let step, let value)):
        waiting.append(Self.metric(event, name, step, value))
        if waiting.count >= Self.metricsMax { try flush() }
      case .runFinished(let state, _, _):
        try flush()
        try end(state, event.time)
      case .job, .stage, .hook: break
      }
    }
    try flush()
  }

  package func finish() throws { try flush() }

  // MARK: - Calls

  private func start(_ time: Double) throws {
    let answer = try post(
      "runs/create",
      .object([
        "experiment_id": .string(try experiment()), "start_time": .integer(Int64(time * 1000)),
        "run_name": .string("\(spec.pipelineName) \(number)"),
        "tags": .array([
          Self.pair("mlflow.source.name", spec.pipelineName),
          Self.pair("orchestrate.pipeline_digest", spec.pipelineDigest.hex),
        ]),
      ]))
    run = answer["run"]?["info"]?["run_id"]?.stringValue
    let parameters = spec.parameters.sorted { $0.key < $1.key }.map {
      Self.pair($0.key, String($0.value.prefix(500)))
    }
    for first in stride(from: 0, to: parameters.count, by: Self.parametersMax) {
      let some = parameters[first..<min(parameters.count, first + Self.parametersMax)]
      try log([JSONMember("params", .array(Array(some)))])
    }
  }

  /// Of the pipeline's name; made when there is none.
  private func experiment() throws -> String {
    let quoted = spec.pipelineName.replacing("'", with: "")
    let found = try service.post(
      "/api/2.0/mlflow/experiments/search",
      .object(["filter": .string("name = '\(quoted)'"), "max_results": .integer(1)]))
    if let id = found.json["experiments"]?.arrayValue?.first?["experiment_id"]?.stringValue {
      return id
    }
    let made = try post("experiments/create", .object(["name": .string(quoted)]))
    return made["experiment_id"]?.stringValue ?? "0"
  }

  private func flush() throws {
    if waiting.isEmpty { return }
    try log([JSONMember("metrics", .array(waiting))])
    waiting = []
  }

  private func log(_ members: [JSONMember]) throws {
    guard let run else { return }
    _ = try post("runs/log-batch", .object([JSONMember("run_id", .string(run))] + members))
  }

  private func end(_ state: RunState, _ time: Double) throws {
    guard let run else { return }
    let states: [RunState: String] = [.succeeded: "FINISHED", .interrupted: "KILLED"]
    _ = try post(
      "runs/update",
      .object([
        "run_id": .string(run), "status": .string(states[state] ?? "FAILED"),
        "end_time": .integer(Int64(time * 1000)),
      ]))
  }

  private func post(_ method: String, _ body: JSONValue) throws -> JSONValue {
    let answer = try service.post("/api/2.0/mlflow/" + method, body)
    if answer.status == 200 { return answer.json }
    let code = answer.json["error_code"]?.stringValue ?? "no reason"
    throw Diagnostic(
      "mlflow.refused",
      "MLflow refused '\(method)' with status \(answer.status): \(SafeText.escaped(code, limit: 80))"
    ).failure(.io)
  }

  private static func metric(_ event: RunEvent, _ name: String, _ step: Int, _ value: Double)
    -> JSONValue
  {
    .object([
      "key": .string(event.stage.map { "\($0)/\(name)" } ?? name),
      // JSON has no NaN; MLflow takes these words.
      "value": value.isFinite
        ? .number(value) : .string(value.isNaN ? "NaN" : value > 0 ? "Infinity" : "-Infinity"),
      "timestamp": .integer(Int64(event.time * 1000)), "step": .integer(Int64(step)),
    ])
  }

  private static func pair(_ key: String, _ value: String) -> JSONValue {
    .object(["key": .string(key), "value": .string(value)])
  }
}
