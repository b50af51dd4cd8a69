internal import Diagnostics
internal import Documents
internal import StageKit

/// `secret: { env: NAME }`, below `with:` of a stage and in `hooks:`.
extension SpecReader {
  /// Checks the form and the place of every secret of a stage.
  ///
  /// - Returns: what is wrong with the values of their variables: told when the stage would run.
  mutating func readSecrets(_ parameters: Node, _ stage: SourceSpan) -> [Diagnostic] {
    var unset: [Diagnostic] = []
    for entry in parameters.mapping ?? [] {
      guard entry.name == "environment", let variables = entry.value.mapping else {
        refuseSecrets(entry.value, entry.name)
        continue
      }
      for variable in variables {
        if SecretReference.isOne(variable.value) {
          if let problem = secret(variable.value)?.problem { unset.append(problem) }
        } else {
          refuseSecrets(variable.value, "environment.\(variable.name)")
        }
      }
    }
    return unset
  }

  /// The variable that a reference names and what is wrong with its value; nil after a report.
  mutating func secret(_ node: Node) -> (variable: String, problem: Diagnostic?)? {
    guard let variable = SecretReference.variable(node) else {
      report(
        "spec.secret", "a secret is named by the variable that holds it", node.span,
        fix: "write 'secret: { env: NAME }'; the value itself never stands in this file")
      return nil
    }
    return (
      variable,
      SecretReference.problem(variable, interpolation.environment[variable], node.span)
    )
  }

  /// Parameters are kept with the plan, so a secret may only be a variable of a command.
  private mutating func refuseSecrets(_ node: Node, _ path: String) {
    if SecretReference.isOne(node) {
      report(
        "spec.secret-place", "'\(SafeText.escaped(path, limit: 60))' cannot be a secret", node.span,
        fix:
          "secrets are variables of commands: 'environment: { NAME: { secret: { env: NAME } } }' of "
          + "'shell' and of 'hooks'; a stage that asks an endpoint takes 'api_key_env: NAME'")
      return
    }
    for (index, item) in (node.sequence ?? []).enumerated() {
      refuseSecrets(item, "\(path)[\(index)]")
    }
    for entry in node.mapping ?? [] { refuseSecrets(entry.value, "\(path).\(entry.name)") }
  }

  /// `environment:` of hooks, which are run after every run: a variable that is not set is told now.
  mutating func readEnvironment(_ node: Node, _ hooks: inout RunHooks) {
    guard let entries = mapping(node, "'hooks.environment'") else { return }
    for entry in entries {
      if SecretReference.isOne(entry.value) {
        guard let (variable, problem) = secret(entry.value) else { continue }
        if let problem { diagnostics.append(problem) }
        hooks.secrets = (hooks.secrets ?? [:]).merging([entry.name: variable]) { $1 }
      } else if let text = entry.value.isNull ? nil : entry.value.scalar?.text {
        hooks.environment = (hooks.environment ?? [:]).merging([entry.name: text]) { $1 }
      } else {
        wrongType(
          "hooks.environment.\(entry.name)", entry.value, "a text or 'secret: { env: NAME }'")
      }
    }
  }
}
