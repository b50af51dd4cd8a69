package import Documents
package import Reproducibility

/// What a model was made of, as digests only: no run, no date, no path.
///
/// `lineage.json` of every artifact of type model that a stage makes. It is a function of the
/// stage's request, so that the same request gives the same bytes; exports copy it into the
/// metadata of GGUF and safetensors files.
package struct Lineage: Sendable, Hashable {
  package static let fileName = "lineage.json"
  private static let format = "orchestrate.lineage.1"

  /// The models it builds on: those from outside the pipeline or, where the first weights were
  /// made inside, the first whole model.
  package var base: [Digest] = []
  /// Every artifact of rows that a stage on the way read.
  package var data: [Digest] = []
  /// Kinds, versions, parameters and files of the stages on the way, chained; nil: made outside.
  package var recipe: Digest?
  /// Verdicts of gates on the way.
  package var gates: [Digest] = []
  package var licenses: [LicenseNote] = []

  package init() {}

  // MARK: - Files

  /// What an artifact says of itself; nil for one from outside.
  ///
  /// - Throws: ``Failure`` when the file cannot be read.
  package init?(of artifact: InputArtifact) throws {
    guard let path = artifact.tree[Self.fileName] else { return nil }
    self.init(try JSONReader.parse(DurableFile.read(path), file: Self.fileName))
  }

  package init(_ json: JSONValue) {
    func digests(_ key: String) -> [Digest] {
      (json[key]?.arrayValue ?? []).compactMap { $0.stringValue.flatMap(Digest.init(hex:)) }
    }
    base = digests("base")
    data = digests("data")
    gates = digests("gates")
    recipe = json["recipe"]?.stringValue.flatMap(Digest.init(hex:))
    licenses = (json["licenses"]?.arrayValue ?? []).compactMap(LicenseNote.init)
  }

  package var json: JSONValue {
    func list(_ digests: [Digest]) -> JSONValue { .array(digests.map { .string($0.hex) }) }
    return .object([
      "base": list(base), "data": list(data), "format": .string(Self.format),
      "gates": list(gates), "licenses": .array(licenses.map(\.json)),
      "recipe": recipe.map { .string($0.hex) } ?? .null,
    ])
  }

  /// Keys and values for the metadata of a file; the same as lists where ``isList(_:)`` says so.
  package var metadata: [(key: String, values: [String])] {
    var pairs = [
      ("orchestrate.base", base.map(\.hex)), ("orchestrate.data", data.map(\.hex)),
      ("orchestrate.gate", gates.map(\.hex)),
      ("orchestrate.licenses", licenses.map { "\($0.license ?? "unknown"): \($0.subject)" }),
    ]
    if let recipe { pairs.append(("orchestrate.recipe", [recipe.hex])) }
    return pairs.filter { !$0.1.isEmpty }.map { (key: $0.0, values: $0.1) }
  }

  package static func isList(_ key: String) -> Bool { key != "orchestrate.recipe" }

  // MARK: - Making

  /// Of a model that a stage makes of these inputs.
  ///
  /// - Parameter files: digests by parameter.
  /// - Throws: ``Failure`` when an input's own lineage cannot be read.
  package init(
    kind: StageKind, version: Int, parameters: JSONValue, files: [String: [Digest]],
    inputs: [String: InputArtifact]
  ) throws {
    var base: Set<Digest> = []
    var data: Set<Digest> = []
    var gates: Set<Digest> = []
    var notes: [LicenseNote] = []
    var recipes: [JSONMember] = []
    for (port, input) in inputs.sorted(by: { $0.key < $1.key }) {
      switch input.type {
      case .records:
        data.insert(input.digest)
        notes += try RowLicenses.notes(of: input)
      case .verdict: gates.insert(input.digest)
      case .model:
        let own = try Lineage(of: input)
        base.formUnion(Self.base(of: input, own))
        data.formUnion(own?.data ?? [])
        gates.formUnion(own?.gates ?? [])
        notes += try own?.licenses ?? BaseLicense.notes(of: input)
        recipes.append(JSONMember(port, own?.recipe.map { .string($0.hex) } ?? .null))
      case .clusters, .report, .scores, .files, .version: break
      }
    }
    self.base = base.sorted()
    self.data = data.sorted()
    self.gates = gates.sorted()
    licenses = LicenseNote.union(notes)
    recipe = Digest(
      canonical: .object([
        "format": .string("orchestrate.recipe.1"), "kind": .string(kind.name),
        "version": .integer(Int64(version)), "parameters": parameters,
        "files": .object(
          files.map { JSONMember($0.key, .array($0.value.map { .string($0.hex) })) }),
        "models": .object(recipes),
      ]))
  }

  /// What a model made of `model` builds on.
  private static func base(of model: InputArtifact, _ own: Lineage?) -> [Digest] {
    if let own, !own.base.isEmpty { return own.base }
    let referred = model.references.filter { $0.value.type == .model }.keys
      .compactMap { Digest(hex: $0) }
    if !referred.isEmpty { return referred }
    return hasWeights(model.tree) ? [model.digest] : []
  }

  /// A tokenizer alone is nothing to build on.
  private static func hasWeights(_ tree: FileTree) -> Bool {
    tree.names.contains { name in
      [".safetensors", ".gguf", ".bin"].contains { name.hasSuffix($0) }
    }
  }
}
