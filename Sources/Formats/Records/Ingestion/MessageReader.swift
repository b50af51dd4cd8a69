internal import Diagnostics
internal import Documents

/// Reads the messages of one column.
struct MessageReader {
  let column: String
  let columns: ColumnNames

  /// Names of roles in published data → ours.
  static let roles: [String: Message.Role] = [
    "system": .system, "developer": .system, "user": .user, "human": .user,
    "assistant": .assistant, "gpt": .assistant, "model": .assistant, "chatgpt": .assistant,
    "bot": .assistant, "function_call": .assistant, "tool": .tool, "function": .tool,
    "observation": .tool, "ipython": .tool,
  ]

  static let roleKeys = ["role", "from"]
  static let contentKeys = ["content", "value"]

  func message(_ json: JSONValue, number: Int) throws(RowProblem) -> Message {
    guard case .object(let members) = json else {
      throw RowProblem(
        "row.wrong-type", "message \(number) of '\(column)' is \(json.kindName), expected an object"
      )
    }
    guard let roleMember = member(json, columns.roleKey.map { [$0] } ?? Self.roleKeys) else {
      throw RowProblem("row.no-role", "message \(number) of '\(column)' has no role")
    }
    let role = try self.role(roleMember.value, number)
    let contentKeys = columns.contentKey.map { [$0] } ?? Self.contentKeys
    let contentMember = member(json, contentKeys)
    var used = [roleMember.key, "train", "weight"]
    if let contentMember { used.append(contentMember.key) }
    let extra = members.filter {
      !used.contains($0.key) && !RowCodec.reserved.contains($0.key) && !$0.value.isNull
    }
    let content = try content(contentMember?.value, extra, number)
    return Message(role, content, train: try train(json, number), extra: extra)
  }

  private func member(_ json: JSONValue, _ keys: [String]) -> JSONMember? {
    for key in keys {
      if let value = json[key] { return JSONMember(key, value) }
    }
    return nil
  }

  private func role(_ value: JSONValue, _ number: Int) throws(RowProblem) -> Message.Role {
    guard let text = value.stringValue else {
      throw RowProblem(
        "row.bad-role",
        "the role of message \(number) of '\(column)' is \(value.kindName), expected a string")
    }
    if let role = columns.roles[text] ?? Self.roles[text] { return role }
    // A short word is the name of a role; anything else may be contents and is not shown.
    let isWord =
      text.utf8.count <= 20 && !text.isEmpty
      && text.utf8.allSatisfy { (97...122).contains($0 | 0x20) || $0 == 95 || $0 == 45 }
    throw RowProblem(
      "row.bad-role",
      "message \(number) of '\(column)' has \(isWord ? "the role '\(text)'" : "an unknown role"), "
        + "expected system, user, assistant or tool",
      fix: isWord ? "map it: 'roles: { \(text): user }'" : nil)
  }

  /// A text; a list of parts, whose texts are joined; or nothing, where the turn calls a tool.
  private func content(_ value: JSONValue?, _ extra: [JSONMember], _ number: Int)
    throws(RowProblem) -> String
  {
    switch value ?? .null {
    case .string(let text): return text
    case .null where extra.contains { $0.key == "tool_calls" || $0.key == "function_call" }:
      return ""
    case .array(let parts):
      var text = ""
      for part in parts {
        guard let piece = part.stringValue ?? part["text"]?.stringValue else {
          throw RowProblem(
            "row.content-part",
            "message \(number) of '\(column)' has a content part that is no text",
            fix: "only texts can be trained on; remove images and sounds")
        }
        text += piece
      }
      return text
    default:
      let found = value.map { "content is \($0.kindName)" } ?? "has no content"
      throw RowProblem(
        "row.wrong-type",
        value == nil
          ? "message \(number) of '\(column)' \(found)"
          : "message \(number) of '\(column)': \(found), expected a string")
    }
  }

  /// `train` (Axolotl) or `weight` 0 or 1 (OpenAI).
  private func train(_ json: JSONValue, _ number: Int) throws(RowProblem) -> Bool? {
    guard let value = json["train"] ?? json["weight"], !value.isNull else { return nil }
    guard let flag = value.label else {
      throw RowProblem(
        "row.wrong-type",
        "'train' of message \(number) of '\(column)' is \(value.kindName), expected true or false")
    }
    return flag
  }
}
