package import Diagnostics
package import Documents
private import Foundation
private import Processes

/// `secret: { env: NAME }`: a value of which a pipeline, its plan and its records know the name of the
/// variable alone.
package enum SecretReference {
  /// What stands in parameters for it, and so in the fingerprint.
  package static func json(_ variable: String) -> JSONValue {
    .object(["secret": .object(["env": .string(variable)])])
  }

  /// Whether a node is meant to be a reference, right or wrong.
  package static func isOne(_ node: Node) -> Bool {
    guard let entries = node.mapping else { return false }
    return entries.count == 1 && entries[0].name == "secret"
  }

  /// The variable that a node names; nil when it is no reference, or a wrong one.
  package static func variable(_ node: Node) -> String? {
    guard isOne(node), let inner = node["secret"]?.mapping, inner.count == 1,
      inner[0].name == "env", let name = inner[0].value.scalar?.text, isName(name)
    else { return nil }
    return name
  }

  /// What no variable is called is likely the secret itself: it is in no message.
  private static func isName(_ text: String) -> Bool {
    guard let first = text.utf8.first, !(48...57).contains(first), text.utf8.count <= 200 else {
      return false
    }
    return text.utf8.allSatisfy {
      (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == 95
    }
  }

  /// The variables that parameters name as secrets.
  package static func variables(in parameters: JSONValue) -> Set<String> {
    switch parameters {
    case .object(let members):
      if members.count == 1, members[0].key == "secret",
        let name = members[0].value["env"]?.stringValue
      {
        return [name]
      }
      return members.reduce(into: []) { $0.formUnion(variables(in: $1.value)) }
    case .array(let items): return items.reduce(into: []) { $0.formUnion(variables(in: $1)) }
    default: return []
    }
  }

  /// Whether parameters name a variable in any way: as a secret, or as `api_key_env` does.
  package static func names(_ variable: String, in parameters: JSONValue) -> Bool {
    switch parameters {
    case .object(let members): members.contains { names(variable, in: $0.value) }
    case .array(let items): items.contains { names(variable, in: $0) }
    case .string(let text): text == variable
    default: false
    }
  }

  /// The value of a variable.
  ///
  /// - Throws: ``Failure`` of class `badInput` when it is not set, or too short to be hidden.
  package static func value(_ variable: String) throws -> String {
    let value = getenv(variable).map { String(cString: $0) }
    if let problem = problem(variable, value, nil) { throw problem.failure(.badInput) }
    return value ?? ""
  }

  /// What is wrong with the value of a variable; nil: nothing.
  package static func problem(_ variable: String, _ value: String?, _ span: SourceSpan?)
    -> Diagnostic?
  {
    let fix = "type 'export \(variable)=…' before orchestrate"
    guard let value, !value.isEmpty else {
      return Diagnostic(
        "secret.unset", "the environment variable '\(variable)' of a secret is not set", at: span,
        fix: fix)
    }
    if value.utf8.count >= SecretRedactor.bytesMin { return nil }
    return Diagnostic(
      "secret.short",
      "the secret in '\(variable)' has fewer than \(SecretRedactor.bytesMin) bytes: it cannot be told "
        + "from the words of a log", at: span, fix: "use a longer one, or '${env.\(variable)}'")
  }
}

/// Variables for a command: texts, and secrets that are filled in when it starts.
package struct CommandVariables: Sendable {
  package var texts: [(key: String, value: String)] = []
  /// The variable of the command, and that which holds its value.
  package var secrets: [(key: String, variable: String)] = []

  package init() {}
}
