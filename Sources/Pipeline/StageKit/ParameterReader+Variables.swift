internal import Diagnostics
internal import Documents

extension ParameterReader {
  /// Variables for a command, in the order written: texts, and `secret: { env: NAME }`, of which only
  /// the name is a parameter.
  package mutating func variables(_ key: String, help: String) -> CommandVariables {
    declare(key, .variables, .object([]), help)
    guard let node = take(key), !node.isNull else {
      set(key, .object([]))
      return CommandVariables()
    }
    guard let entries = node.mapping else {
      wrongType(key, node, "a mapping")
      return CommandVariables()
    }
    var result = CommandVariables()
    var members: [JSONMember] = []
    for entry in entries {
      if let text = entry.value.scalar?.text {
        result.texts.append((entry.name, text))
        members.append(JSONMember(entry.name, .string(text)))
      } else if let variable = SecretReference.variable(entry.value) {
        result.secrets.append((entry.name, variable))
        members.append(JSONMember(entry.name, SecretReference.json(variable)))
      } else {
        wrongType("\(key).\(entry.name)", entry.value, "a text or 'secret: { env: NAME }'")
      }
    }
    set(key, .object(members))
    return result
  }
}
