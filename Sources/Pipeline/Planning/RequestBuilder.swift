internal import Diagnostics
internal import Reproducibility
internal import StageKit

/// Joins stages with the digests of what they name: requests that a fingerprint covers.
struct RequestBuilder {
  private let stages: [BoundStage]
  private let found: FoundInputs
  private let digests: [String: FileDigester.Digested]
  private let folders: [FoundFolder: FileDigester.Digested]
  /// What references to the registry mean now, by stage and port.
  private let registered: [String: [String: InputBinding]]
  let skipped: [String: String]

  /// Of the stages that are not skipped, in their order.
  private(set) var requests: [StageRequest] = []
  /// Each once, in the order of use.
  private(set) var externals: [ExternalTree] = []
  private var known: Set<Digest> = []
  /// The outputs of each stage.
  let outputs: [String: [Port]]

  init(
    _ stages: [BoundStage], _ found: FoundInputs, _ digests: [String: FileDigester.Digested],
    folders: [FoundFolder: FileDigester.Digested],
    registered: [String: [String: InputBinding]], skipped: [String: String]
  ) {
    self.stages = stages
    self.found = found
    self.digests = digests
    self.folders = folders
    self.registered = registered
    self.skipped = skipped
    var outputs: [String: [Port]] = [:]
    for stage in stages { outputs[stage.name] = stage.parameters.ports.outputs }
    self.outputs = outputs
  }

  mutating func build() {
    for stage in stages where skipped[stage.name] == nil { requests.append(request(stage)) }
  }

  private mutating func request(_ stage: BoundStage) -> StageRequest {
    var request = StageRequest(
      stage: stage.name, kind: stage.spec.kind, version: stage.version,
      parameters: stage.parameters.values, outputs: stage.parameters.ports.outputs,
      // The best of a matrix waits for its instances by its inputs, without those that are skipped.
      needs: stage.spec.choice == nil ? stage.spec.needs.map(\.stage) : [], retry: stage.spec.retry,
      timeoutSeconds: stage.spec.timeoutSeconds, shards: stage.spec.shards,
      executor: stage.spec.executor, resources: resources(stage),
      priority: stage.spec.priority)
    request.condition = stage.spec.condition
    for (parameter, files) in found.files[stage.name] ?? [:] {
      request.files[parameter] = files.compactMap { file in
        digests[file.path].map {
          InputFile(name: file.name, path: file.path, digest: $0.digest, bytes: $0.size)
        }
      }
    }
    for (parameter, folder) in found.folders[stage.name] ?? [:] {
      // Without files of the user the folder says nothing that the edges do not.
      guard let digested = folders[folder], digested.count > 0 else { continue }
      request.files[parameter] = [
        InputFile(
          name: folder.name, path: folder.path, digest: digested.digest, bytes: digested.size,
          leftOut: folder.left.isEmpty ? nil : folder.left.sorted())
      ]
    }
    for (port, source) in stage.inputs.sorted(by: { $0.key < $1.key }) {
      switch source {
      case .stage(let name, let output):
        guard skipped[name] == nil, let first = outputs[name]?.first?.name else { continue }
        request.inputs[port] = .stage(name: name, port: output ?? first)
      case .path:
        guard let tree = found.trees[stage.name]?[port] else { continue }
        let external = external(tree)
        if known.insert(external.digest).inserted { externals.append(external) }
        request.inputs[port] = .artifact(external.digest)
      case .registered: continue  // Looked up before.
      }
    }
    request.inputs.merge(registered[stage.name] ?? [:]) { _, new in new }
    if request.kind == .approval { addApproved(stage, &request) }
    return request
  }

  /// What the file asks for, and the device of a stage that computes on one.
  private func resources(_ stage: BoundStage) -> ResourceRequest {
    var request = stage.spec.resources
    request.gpu = max(request.gpu, stage.parameters.gpuCount)
    request.device = stage.parameters.gpuIndex
    return request
  }

  private func external(_ tree: FoundTree) -> ExternalTree {
    let files = tree.files.compactMap { file in
      digests[file.path].map {
        ArtifactManifest.File(name: file.name, size: $0.size, digest: $0.digest)
      }
    }
    return ExternalTree(
      folder: tree.folder, manifest: ArtifactManifest(type: tree.type, files: files))
  }
}

extension FileDigester {
  /// Each folder once.
  ///
  /// - Throws: ``Failure`` with every folder that holds no file.
  func digests(of folders: [String: [String: FoundFolder]]) throws -> [FoundFolder: Digested] {
    var known: [FoundFolder: Digested] = [:]
    var problems: [Diagnostic] = []
    let all = Set(folders.values.flatMap(\.values)).sorted { $0.path < $1.path }
    for folder in all {
      let digested = try digest(of: folder)
      known[folder] = digested
      if digested.count == 0, !folder.mayBeEmpty {
        problems.append(
          Diagnostic(
            "files.no-match",
            "the folder '\(SafeText.escaped(folder.name, limit: 200))' holds no file",
            at: folder.span, fix: "names that begin with a dot do not count"))
      }
    }
    if !problems.isEmpty { throw Failure(Diagnostic.inSourceOrder(problems), .badInput) }
    return known
  }
}
