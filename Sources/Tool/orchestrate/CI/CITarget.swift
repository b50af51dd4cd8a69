import Diagnostics
import Documents
import Planning
import Reproducibility
import RunStore
import StageKit

/// What a run in CI is about: whether it has anything to do, and what it would register.
struct CITarget {
  /// The first stage that makes a version.
  let registerStage: String?
  /// Why nothing is to be done; nil: something is.
  let nothingToDo: String?
  let warnings: [Diagnostic]

  /// - Parameter alias: what a model that passes is given; nil: nothing.
  init(_ plan: Plan, _ registry: ModelRegistry, alias: String?) {
    let register = plan.spec.stages.first { $0.outputs.contains { $0.types == [.version] } }
    registerStage = register?.stage
    let training = plan.spec.stages.filter { $0.outputs.first?.types == [.model] }
    let stale = training.filter { stage in
      switch plan.verdict(of: stage.stage)?.decision {
      case .run, .resume, .runUnlessSame: true
      default: false
      }
    }
    if !stale.isEmpty {
      nothingToDo = nil
    } else if let register {
      nothingToDo = Self.settled(register, plan, registry, alias)
    } else {
      nothingToDo = plan.hasWork ? nil : "every result is there already"
    }
    warnings = register.map { Self.warnings($0, plan, registry, alias) } ?? []
  }

  /// Why the model that is there needs nothing more; nil when it does: it was never registered, or
  /// it was and never given the alias that it passed for.
  private static func settled(
    _ register: StageRequest, _ plan: Plan, _ registry: ModelRegistry, _ alias: String?
  ) -> String? {
    guard case .stage(let source, let port)? = register.inputs["model"],
      let model = plan.verdict(of: source)?.outputs[port],
      let name = register.parameters["name"]?.stringValue,
      let version = registry.versions(of: name).last(where: { $0.manifest.model == model })
    else { return nil }
    if let alias, version.verdict.decision == .pass,
      !registry.wasEver(version.number, at: alias, of: name),
      version.number > registry.version(at: alias, of: name)?.number ?? 0
    {
      return nil
    }
    return "no stage that trains is stale; the model is version \(version.number) of '\(name)'"
  }

  private static func warnings(
    _ register: StageRequest, _ plan: Plan, _ registry: ModelRegistry, _ alias: String?
  ) -> [Diagnostic] {
    guard let alias, let name = register.parameters["name"]?.stringValue,
      let champion = registry.version(at: alias, of: name),
      case .stage(let gate, _)? = register.inputs["verdict"],
      let inputs = plan.spec.stage(gate)?.inputs, inputs["champion"] == nil
    else { return [] }
    return [
      Diagnostic(
        "ci.no-champion",
        "gate '\(gate)' does not compare with the champion, version \(champion.number) of '\(name)'",
        fix: "add 'champion: registry:\(name)@\(alias)' to its inputs and a rule with 'versus: "
          + "champion'", severity: .warning)
    ]
  }
}
