package import Documents
package import Reproducibility

/// What a stage of a pipeline is asked to do: everything its fingerprint covers, and the policy of
/// running it. A pure value, frozen with the run.
package struct StageRequest: Sendable, Hashable {
  /// The name in the pipeline.
  package var stage: String
  package var kind: StageKind
  package var version: Int
  /// Effective, defaults included: an object.
  package var parameters: JSONValue
  /// By input port.
  package var inputs: [String: InputBinding]
  /// By parameter path (`sources[0].path`), in order of name.
  package var files: [String: [InputFile]]
  /// All declared outputs; the first is meant when a pipeline names the stage alone.
  package var outputs: [Port]
  /// Stages that must have succeeded first though nothing of theirs is read.
  package var needs: [String]
  package var retry: RetryPolicy
  package var timeoutSeconds: Double?
  /// Processes that share the chunks of the stage's input; results do not depend on it.
  package var shards: Int
  package var executor: ExecutorRequest
  /// What it holds of the machine; results do not depend on it.
  package var resources: ResourceRequest
  /// Among stages that are ready the highest goes first.
  package var priority: Int
  /// Decided when all that the stage needs has ended; false skips it.
  package var condition: RunCondition?

  package init(
    stage: String, kind: StageKind, version: Int, parameters: JSONValue = .object([]),
    inputs: [String: InputBinding] = [:], files: [String: [InputFile]] = [:],
    outputs: [Port] = [], needs: [String] = [], retry: RetryPolicy = RetryPolicy(),
    timeoutSeconds: Double? = nil, shards: Int = 1,
    executor: ExecutorRequest = ExecutorRequest(),
    resources: ResourceRequest = ResourceRequest(), priority: Int = 0
  ) {
    self.stage = stage
    self.kind = kind
    self.version = version
    self.parameters = parameters
    self.inputs = inputs
    self.files = files
    self.outputs = outputs
    self.needs = needs
    self.retry = retry
    self.timeoutSeconds = timeoutSeconds
    self.shards = shards
    self.executor = executor
    self.resources = resources
    self.priority = priority
  }

  /// Stages this one waits for, by data or by order, each once, sorted.
  package var dependencies: [String] {
    var names = Set(needs)
    for case .stage(let name, _) in inputs.values { names.insert(name) }
    return names.sorted()
  }
}

/// Where the artifact at an input port comes from.
package enum InputBinding: Sendable, Hashable, Codable {
  case stage(name: String, port: String)
  /// An external tree of the run, or an artifact of the store.
  case artifact(Digest)
}

extension StageRequest: Codable {
  private enum Key: String, CodingKey {
    case stage, kind, version, parameters, inputs, files, outputs, needs, retry, timeoutSeconds,
      shards, executor, resources, priority, condition
  }

  package init(from decoder: any Decoder) throws {
    let box = try decoder.container(keyedBy: Key.self)
    stage = try box.decode(String.self, forKey: .stage)
    kind = try box.decode(StageKind.self, forKey: .kind)
    version = try box.decode(Int.self, forKey: .version)
    parameters = try box.decode(JSONText.self, forKey: .parameters).value
    inputs = try box.decode([String: InputBinding].self, forKey: .inputs)
    files = try box.decode([String: [InputFile]].self, forKey: .files)
    outputs = try box.decode([Port].self, forKey: .outputs)
    needs = try box.decode([String].self, forKey: .needs)
    retry = try box.decode(RetryPolicy.self, forKey: .retry)
    timeoutSeconds = try box.decodeIfPresent(Double.self, forKey: .timeoutSeconds)
    shards = try box.decodeIfPresent(Int.self, forKey: .shards) ?? 1
    executor = try box.decodeIfPresent(ExecutorRequest.self, forKey: .executor) ?? ExecutorRequest()
    resources =
      try box.decodeIfPresent(ResourceRequest.self, forKey: .resources) ?? ResourceRequest()
    priority = try box.decodeIfPresent(Int.self, forKey: .priority) ?? 0
    condition = try box.decodeIfPresent(RunCondition.self, forKey: .condition)
  }

  package func encode(to encoder: any Encoder) throws {
    var box = encoder.container(keyedBy: Key.self)
    try box.encode(stage, forKey: .stage)
    try box.encode(kind, forKey: .kind)
    try box.encode(version, forKey: .version)
    try box.encode(JSONText(parameters), forKey: .parameters)
    try box.encode(inputs, forKey: .inputs)
    try box.encode(files, forKey: .files)
    try box.encode(outputs, forKey: .outputs)
    try box.encode(needs, forKey: .needs)
    try box.encode(retry, forKey: .retry)
    try box.encodeIfPresent(timeoutSeconds, forKey: .timeoutSeconds)
    if shards != 1 { try box.encode(shards, forKey: .shards) }
    if executor != ExecutorRequest() { try box.encode(executor, forKey: .executor) }
    if resources != ResourceRequest() { try box.encode(resources, forKey: .resources) }
    if priority != 0 { try box.encode(priority, forKey: .priority) }
    try box.encodeIfPresent(condition, forKey: .condition)
  }
}
