package import Diagnostics
internal import Documents
internal import Reproducibility
package import StageKit

/// Describes a model as a version of the registry: what it was made of, and what its gate said. The
/// engine registers it and moves its aliases when the stage has succeeded.
package struct Register: Stage {
  package static let kind: StageKind = "register"
  package static let version = 1
  package static let summary =
    "Registers a model that passed its gate as a version, with digests of what it was made of."

  package struct Parameters: StageParameters {
    let name: String
    let aliases: [String]
    let licenses: LicenseRule

    package init(_ read: inout ParameterReader) {
      name = read.string("name", help: "The name that its versions are counted under.")
      if !VersionManifest.isName(name) {
        read.problem(
          "name", "'\(SafeText.escaped(name))' is not fit for a name",
          fix: "use at most 64 letters, digits, '.', '_' and '-', beginning with a letter or digit")
      }
      aliases = read.strings(
        "alias", default: ["challenger"],
        help: "Aliases that point to the version from now on. 'champion' is for promotion: "
          + "'orchestrate ci' and 'orchestrate registry promote' move it.")
      for alias in aliases where !VersionManifest.isName(alias) {
        read.problem("alias", "'\(SafeText.escaped(alias))' is not fit for an alias")
      }
      if Set(aliases).count < aliases.count { read.problem("alias", "an alias is listed twice") }
      licenses = LicenseRule(&read)
    }
  }

  package static func ports(for parameters: Parameters) -> Ports {
    Ports(
      inputs: [
        Port("model", .model, help: "The model to register."),
        Port("verdict", .verdict, help: "What its gate said."),
        Port("scores", .scores, optional: true, help: "What the gate measured."),
      ],
      outputs: [Port("version", .version, help: "version.json: the version as registered.")])
  }

  package static func preflight(_ parameters: Parameters, _ inputs: PreflightInputs)
    -> [Diagnostic]
  { parameters.licenses.warnings(inputs.licenses("model")) }

  package init() {}

  package func run(_ parameters: Parameters, in context: StageContext) throws -> StageOutcome {
    let model = context.input("model")
    let verdictArtifact = context.input("verdict")
    var lineage = try lineage(of: model, parameters, context)
    lineage.gates = [verdictArtifact.digest]
    let manifest = VersionManifest(
      name: parameters.name, aliases: parameters.aliases, model: model.digest, lineage: lineage,
      verdictArtifact: verdictArtifact.digest, verdict: try verdict(of: verdictArtifact),
      scores: try scores(context))
    try DurableFile.writeFleeting(
      JSONWriter.canonical(manifest.json),
      to: context.output("version") + "/" + VersionManifest.fileName)
    context.refer(from: "version", to: model.digest)
    context.refer(from: "version", to: verdictArtifact.digest)
    let refusals = parameters.licenses.refusals(lineage.licenses)
    return refusals.isEmpty ? .succeeded : .refused(refusals)
  }

  /// What the model says it was made of; of one from outside, that it is its own base.
  private func lineage(
    of model: InputArtifact, _ parameters: Parameters, _ context: StageContext
  ) throws -> Lineage {
    var lineage: Lineage
    if let own = try Lineage(of: model) {
      lineage = own
    } else {
      lineage = Lineage()
      lineage.base = [model.digest]
      context.warn(
        Diagnostic(
          "register.no-lineage",
          "the model does not say what it was made of: it comes from outside the pipeline, or from "
            + "an older version of orchestrate",
          severity: .warning))
    }
    lineage.licenses = try parameters.licenses.notes(of: model)
    return lineage
  }

  private func verdict(of artifact: InputArtifact) throws -> Verdict {
    let json = try read("verdict.json", of: artifact)
    guard
      let decision = json["decision"]?.stringValue.flatMap(Verdict.Decision.init(rawValue:))
    else {
      throw Diagnostic("register.verdict", "verdict.json has no decision").failure(.badInput)
    }
    let rules = (json["rules"]?.arrayValue ?? []).map { rule in
      Verdict.Rule(
        rule: rule["rule"]?.stringValue ?? "",
        decision: rule["decision"]?.stringValue.flatMap(Verdict.Decision.init(rawValue:))
          ?? .inconclusive,
        sentence: rule["sentence"]?.stringValue ?? "")
    }
    return Verdict(decision: decision, rules: rules)
  }

  private func read(_ name: String, of artifact: InputArtifact) throws -> JSONValue {
    try JSONReader.parse(DurableFile.read(artifact.tree.path(name)), file: name)
  }

  /// The candidate's numbers over all rows, each metric once.
  private func scores(_ context: StageContext) throws -> [VersionManifest.Score] {
    guard let artifact = context.optionalInput("scores") else { return [] }
    let json = try read("scores.json", of: artifact)
    var seen: Set<String> = []
    return (json["scores"]?.arrayValue ?? []).compactMap { entry in
      guard entry["slice"] == nil, let task = entry["task"]?.stringValue,
        let metric = entry["metric"]?.stringValue,
        let value = entry["candidate"]?["value"]?.doubleValue,
        seen.insert(task + "\n" + metric).inserted
      else { return nil }
      return VersionManifest.Score(
        task: task, metric: metric, rows: entry["rows"]?.integerValue ?? 0, value: value,
        lower: entry["candidate"]?["lower"]?.doubleValue,
        upper: entry["candidate"]?["upper"]?.doubleValue)
    }
  }
}
