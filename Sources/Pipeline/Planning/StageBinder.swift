internal import Diagnostics
internal import Documents
internal import StageKit

/// A stage of the spec joined with its kind.
struct BoundStage: Sendable {
  /// What the file and the kind say: large, and handed around a lot.
  private final class Declared: Sendable {
    let spec: StageSpec
    let version: Int
    let parameters: ReadParameters

    init(_ spec: StageSpec, _ version: Int, _ parameters: ReadParameters) {
      self.spec = spec
      self.version = version
      self.parameters = parameters
    }
  }

  private let declared: Declared
  var spec: StageSpec { declared.spec }
  var version: Int { declared.version }
  var parameters: ReadParameters { declared.parameters }
  /// By input port; ports without an entry are optional and left out.
  var inputs: [String: InputSource] = [:]
  /// What it reads of the workspace beside what other stages write.
  var reads: [WorkspaceRead] = []

  var name: String { declared.spec.name }

  init(
    spec: StageSpec, version: Int, parameters: ReadParameters, inputs: [String: InputSource] = [:]
  ) {
    declared = Declared(spec, version, parameters)
    self.inputs = inputs
  }
}

/// Joins stages with their kinds: reads parameters, checks ports, edges and cycles.
struct StageBinder {
  private let catalogue: StageCatalogue
  private let spec: PipelineSpec
  private let isSmoke: Bool
  var diagnostics: [Diagnostic] = []
  /// Stages whose kind is known, by name.
  var bound: [String: BoundStage] = [:]
  private let names: Set<String>
  /// The name of the pipeline file.
  private let file: String

  init(_ spec: PipelineSpec, _ catalogue: StageCatalogue, file: String, isSmoke: Bool = false) {
    self.spec = spec
    self.isSmoke = isSmoke
    self.catalogue = catalogue
    self.file = file
    names = Set(spec.stages.map(\.name))
  }

  /// Stages in an order in which each comes after what it waits for; among those that are ready, the
  /// order of the file. Meaningful only when there are no diagnostics.
  mutating func bind() -> [BoundStage] {
    for stage in spec.stages where stage.choice == nil { read(stage) }
    for stage in spec.stages { if let choice = stage.choice { bind(stage, choice) } }
    for stage in spec.stages where stage.choice == nil { connect(stage) }
    var waits = connectByPaths()
    for stage in spec.stages {
      for input in stage.inputs {
        if case .stage(let name, _) = input.source { waits[stage.name, default: []].append(name) }
      }
      waits[stage.name, default: []] += stage.needs.map(\.stage)
    }
    let order = StageOrder(spec.stages.map(\.name), waits: waits)
    for cycle in order.cycles { report(cycle: cycle) }
    return order.names.compactMap { bound[$0] }
  }

  // MARK: - Parameters

  private mutating func read(_ stage: StageSpec) {
    guard let type = catalogue[stage.kind] else {
      let names = catalogue.kinds.map(\.name)
      let nearest = NearestName.suggestion(for: stage.kind.name, among: names)
      report(
        "spec.unknown-kind",
        "there is no stage kind '\(SafeText.escaped(stage.kind.name, limit: 40))'", stage.kindSpan,
        fix: (nearest.map { "did you mean '\($0)'? " } ?? "")
          + "'orchestrate explain' lists all \(names.count) kinds")
      return
    }
    let parameters = type.read(stage.parameters, isSmoke: isSmoke)
    diagnostics += parameters.diagnostics
    bound[stage.name] = BoundStage(spec: stage, version: type.version, parameters: parameters)
  }

  // MARK: - Edges

  private mutating func connect(_ stage: StageSpec) {
    for need in stage.needs where !knows(need.stage) { unknown(stage: need.stage, need.span) }
    guard let this = bound[stage.name] else {
      for input in stage.inputs {
        if case .stage(let name, _) = input.source, !knows(name) {
          unknown(stage: name, input.span)
        }
      }
      return
    }
    let ports = this.parameters.ports.inputs
    for input in stage.inputs {
      guard let port = ports.first(where: { $0.name == input.port }) else {
        unknown(port: input, of: stage, ports)
        continue
      }
      check(input, port, of: stage)
      bound[stage.name]?.inputs[input.port] = input.source
    }
    for port in ports where !port.isOptional {
      guard !stage.inputs.contains(where: { $0.port == port.name }) else { continue }
      report(
        "spec.missing-input",
        "stage '\(stage.name)' needs the input '\(port.name)' (\(Self.names(port.types)))",
        stage.span, fix: "add '\(port.name): STAGE' under 'inputs:'")
    }
  }

  /// Edges from what stages read to what others write under the same path. Returns what each waits
  /// for.
  private mutating func connectByPaths() -> [String: [String]] {
    let stages = spec.stages.compactMap { bound[$0.name] }
    var graph = WorkspaceGraph(stages, file: file)
    var waits: [String: [String]] = [:]
    for stage in stages {
      for input in stage.parameters.fileInputs { graph.refuse(input, of: stage.name) }
      if stage.parameters.workspace.reads.isEmpty { continue }
      var inputs = stage.inputs
      var reads: [WorkspaceRead] = []
      for read in stage.parameters.workspace.reads {
        let (writers, files) = graph.resolve(read, of: stage.name)
        if let files { reads.append(files) }
        for writer in writers {
          inputs[writer.path.name] = .stage(writer.stage, port: writer.path.name)
          waits[stage.name, default: []].append(writer.stage)
        }
      }
      bound[stage.name]?.inputs = inputs
      bound[stage.name]?.reads = reads
    }
    diagnostics += graph.diagnostics
    return waits
  }

  private mutating func check(_ input: InputSpec, _ port: Port, of stage: StageSpec) {
    switch input.source {
    case .registered(let text): checkRegistered(text, input, port, of: stage)
    case .path:
      let readable: Set<ArtifactType> = [.model, .records, .files]
      if !port.types.contains(where: readable.contains) {
        report(
          "spec.port-type",
          "input '\(port.name)' of '\(stage.name)' takes \(Self.names(port.types)), which only a stage "
            + "can make", input.span)
      }
    case .stage(let name, let portName):
      guard knows(name) else {
        unknown(stage: name, input.span)
        return
      }
      guard let source = bound[name] else { return }
      let outputs = source.parameters.ports.outputs
      let wanted = portName.map { name in outputs.first { $0.name == name } } ?? outputs.first
      guard let output = wanted else {
        let shown = SafeText.escaped(portName ?? "", limit: 40)
        let nearest = NearestName.suggestion(for: portName ?? "", among: outputs.map(\.name))
        report(
          "spec.unknown-port",
          portName == nil
            ? "stage '\(name)' makes nothing" : "stage '\(name)' has no output '\(shown)'",
          input.span,
          fix: (nearest.map { "did you mean '\(name).\($0)'? " } ?? "")
            + "it makes \(outputs.map(\.name).joined(separator: ", "))")
        return
      }
      guard let made = output.types.first, !port.types.contains(made) else { return }
      report(
        "spec.port-type",
        "input '\(port.name)' of '\(stage.name)' takes \(Self.names(port.types)), but "
          + "'\(name).\(output.name)' is \(made.rawValue)", input.span,
        fix: outputs.first { $0.types.first.map(port.types.contains) ?? false }.map {
          "did you mean '\(name).\($0.name)'?"
        })
    }
  }

  private func knows(_ name: String) -> Bool { names.contains(name) }

  private mutating func unknown(stage name: String, _ span: SourceSpan) {
    let nearest = NearestName.suggestion(for: name, among: spec.stages.map(\.name))
    report(
      "spec.unknown-stage", "there is no stage '\(SafeText.escaped(name, limit: 40))'", span,
      fix: nearest.map { "did you mean '\($0)'?" }
        ?? "name a stage of this file, or a path that starts with ./ ../ or /")
  }

  private mutating func unknown(port input: InputSpec, of stage: StageSpec, _ ports: [Port]) {
    let names = ports.map(\.name)
    let nearest = NearestName.suggestion(for: input.port, among: names)
    report(
      "spec.unknown-port",
      "stage '\(stage.name)' has no input '\(SafeText.escaped(input.port, limit: 40))'",
      input.portSpan,
      fix: (nearest.map { "did you mean '\($0)'? " } ?? "")
        + (names.isEmpty ? "it takes no inputs" : "it takes \(names.joined(separator: ", "))"))
  }

  private mutating func report(cycle: [String]) {
    let chain = (cycle + [cycle[0]]).joined(separator: " → ")
    let first = spec.stages.first { $0.name == cycle[0] }
    let span =
      first?.inputs.first { input in
        if case .stage(let name, _) = input.source {
          name == cycle[cycle.count > 1 ? 1 : 0]
        } else {
          false
        }
      }?.span ?? first?.needs.first { $0.stage == cycle[cycle.count > 1 ? 1 : 0] }?.span
      ?? bound[cycle[0]]?.reads.first?.read.span ?? first?.span
    diagnostics.append(
      Diagnostic(
        "spec.cycle", "these stages wait for each other: \(chain)", at: span,
        fix: "take one of the inputs or needs away"))
  }

  private static func names(_ types: [ArtifactType]) -> String {
    types.map(\.rawValue).joined(separator: " or ")
  }

  mutating func report(
    _ code: String, _ message: String, _ span: SourceSpan, fix: String? = nil
  ) {
    diagnostics.append(Diagnostic(code, message, at: span, fix: fix))
  }
}
