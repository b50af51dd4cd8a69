package import Diagnostics
package import Documents

/// The stages a binary knows; an immutable value listing types in one place.
package struct StageCatalogue: Sendable {
  private let stages: [StageKind: any Stage.Type]

  /// Traps when two stages share a kind.
  package init(_ list: [any Stage.Type]) {
    stages = Dictionary(uniqueKeysWithValues: list.map { ($0.kind, $0) })
  }

  /// In order of name.
  package var kinds: [StageKind] { stages.keys.sorted() }

  package subscript(kind: StageKind) -> (any Stage.Type)? { stages[kind] }
}

/// Says which command a stage is, for an attempt.
package typealias CommandMaker = @Sendable (any CommandPlace) throws -> StageCommand

/// A stage's parameters read from a document, with the type erased.
package struct ReadParameters: Sendable {
  /// Effective values, defaults included, in the order of declaration.
  package var values: JSONValue
  package var ports: Ports
  package var fileInputs: [FileInput]
  package var workspace: WorkspaceFiles
  package var diagnostics: [Diagnostic]
  package var preflight: @Sendable (PreflightInputs) -> [Diagnostic]
  package var run: @Sendable (StageContext) throws -> StageOutcome
  /// Of the rows that it brings in.
  package var licenses: [LicenseNote] = []
  /// Of a ``CommandStage``.
  package var command: CommandMaker?
  /// Devices that the stage computes on.
  package var gpuCount = 0
  package var gpuIndex: Int?

  package init(
    values: JSONValue, ports: Ports, fileInputs: [FileInput] = [],
    workspace: WorkspaceFiles = WorkspaceFiles(), diagnostics: [Diagnostic] = [],
    preflight: @escaping @Sendable (PreflightInputs) -> [Diagnostic] = { _ in [] },
    run: @escaping @Sendable (StageContext) throws -> StageOutcome = { _ in .succeeded },
    command: CommandMaker? = nil
  ) {
    self.values = values
    self.ports = ports
    self.fileInputs = fileInputs
    self.workspace = workspace
    self.diagnostics = diagnostics
    self.preflight = preflight
    self.run = run
    self.command = command
  }
}

extension Stage {
  /// Reads the parameters under `with:` (nil: none given) and binds them to the stage.
  ///
  /// - Parameter isSmoke: values are lowered to what a smoke run takes.
  package static func read(_ document: Node, isSmoke: Bool = false) -> ReadParameters {
    var reader = ParameterReader(document, owner: kind.name, isSmoke: isSmoke)
    let parameters = Parameters(&reader)
    reader.finish()
    var read = ReadParameters(
      values: .object(reader.values), ports: ports(for: parameters),
      fileInputs: reader.fileInputs, workspace: reader.workspace,
      diagnostics: reader.diagnostics, preflight: { preflight(parameters, $0) },
      run: { try Self().run(parameters, in: $0) }, command: command(parameters))
    (read.gpuCount, read.gpuIndex) = (reader.gpuCount, reader.gpuIndex)
    read.licenses = licenses(of: parameters)
    return read
  }

  private static func command(_ parameters: Parameters)
    -> CommandMaker?
  {
    (self as? any CommandStage.Type)?.bound(to: parameters)
  }

  /// What the stage declares.
  package static var declarations: [ParameterDeclaration] {
    var reader = ParameterReader(nil, owner: kind.name)
    _ = Parameters(&reader)
    return reader.declarations
  }

  /// The ports it has when no parameter is given.
  package static var declaredPorts: Ports {
    var reader = ParameterReader(nil, owner: kind.name)
    return ports(for: Parameters(&reader))
  }
}

extension CommandStage {
  /// The command of parameters whose type is erased; they are this stage's own.
  fileprivate static func bound(to parameters: any StageParameters)
    -> CommandMaker?
  {
    guard let own = parameters as? Parameters else { return nil }
    return { place in try command(own, in: place) }
  }
}
