internal import Diagnostics
package import Documents

/// Rows as JSON objects, the lines of a records artifact.
///
/// | type | members beside `id`, `type` and `fields` |
/// |---|---|
/// | text | `text` |
/// | conversation | `messages`, `tools` |
/// | completion | `prompt`, `completion` (texts) |
/// | preference | `prompt`, `chosen`, `rejected` (lists of messages) |
/// | unpaired | `prompt`, `completion` (lists of messages), `label` |
/// | tokens | `input_ids`, `labels` |
///
/// A message is `role`, `content`, perhaps `train`, then whatever else the turn holds.
package enum RowCodec {
  /// The JSON form of a row; ``row(_:file:line:)`` reads it back to an equal row.
  package static func json(_ row: Row) -> JSONValue {
    .object(
      [JSONMember("id", .string(row.id.description))] + members(row.content, row.fields))
  }

  /// Reads the form that ``json(_:)`` writes.
  ///
  /// - Throws: ``Failure`` of class `badInput` with the place; contents are never quoted.
  package static func row(_ json: JSONValue, file: String, line: Int) throws -> Row {
    do throws(Damage) {
      return try RowDecoder.row(json)
    } catch {
      throw Diagnostic(
        "records.damaged", "not a row of a records artifact: \(error.what)",
        at: SourceSpan(file: file, line: line)
      ).failure(.badInput)
    }
  }

  /// Everything but the identity, in the order written.
  static func members(_ content: RowContent, _ fields: [JSONMember]) -> [JSONMember] {
    var out: [JSONMember] = []
    func add(_ key: String, _ value: JSONValue) { out.append(JSONMember(key, value)) }
    switch content {
    case .text(let text):
      add("type", "text")
      add("text", .string(text))
    case .conversation(let turns, let tools):
      add("type", "conversation")
      add("messages", messages(turns))
      if let tools { add("tools", tools) }
    case .completion(let prompt, let completion):
      add("type", "completion")
      add("prompt", .string(prompt))
      add("completion", .string(completion))
    case .preference(let prompt, let chosen, let rejected):
      add("type", "preference")
      add("prompt", messages(prompt))
      add("chosen", messages(chosen))
      add("rejected", messages(rejected))
    case .unpaired(let prompt, let completion, let label):
      add("type", "unpaired")
      add("prompt", messages(prompt))
      add("completion", messages(completion))
      add("label", .bool(label))
    case .tokens(let ids, let labels):
      add("type", "tokens")
      add("input_ids", .array(ids.map { .integer(Int64($0)) }))
      add("labels", .array(labels.map { .integer(Int64($0)) }))
    }
    if !fields.isEmpty { add("fields", .object(fields)) }
    return out
  }

  private static func messages(_ turns: [Message]) -> JSONValue {
    .array(
      turns.map { turn in
        var members = [
          JSONMember("role", .string(turn.role.rawValue)),
          JSONMember("content", .string(turn.content)),
        ]
        if let train = turn.train { members.append(JSONMember("train", .bool(train))) }
        for member in turn.extra {
          precondition(!reserved.contains(member.key), "'\(member.key)' is not an extra member")
          members.append(member)
        }
        return .object(members)
      })
  }

  /// Members of a message that are not `extra`.
  static let reserved: Set<String> = ["role", "content", "train"]

  /// What is wrong with a stored row.
  struct Damage: Error { var what: String }
}

/// Reads stored rows.
private enum RowDecoder {
  static func row(_ json: JSONValue) throws(RowCodec.Damage) -> Row {
    guard case .object(let members) = json else { throw damage("not an object") }
    guard let text = json["id"]?.stringValue, let id = RowID(text) else {
      throw damage("'id' is not a row id")
    }
    let fields = members.first { $0.key == "fields" }?.value.objectValue ?? []
    return Row(id: id, content: try content(json), fields: fields)
  }

  private static func damage(_ what: String) -> RowCodec.Damage { RowCodec.Damage(what: what) }

  private static func content(_ json: JSONValue) throws(RowCodec.Damage) -> RowContent {
    switch json["type"]?.stringValue {
    case "text": return .text(try string(json, "text"))
    case "conversation":
      return .conversation(try messages(json, "messages"), tools: json["tools"])
    case "completion":
      return .completion(
        prompt: try string(json, "prompt"), completion: try string(json, "completion"))
    case "preference":
      return .preference(
        prompt: try messages(json, "prompt"), chosen: try messages(json, "chosen"),
        rejected: try messages(json, "rejected"))
    case "unpaired":
      guard let label = json["label"]?.boolValue else { throw damage("'label' is no boolean") }
      return .unpaired(
        prompt: try messages(json, "prompt"), completion: try messages(json, "completion"),
        label: label)
    case "tokens":
      return .tokens(ids: try integers(json, "input_ids"), labels: try integers(json, "labels"))
    default: throw damage("'type' names no kind of row")
    }
  }

  private static func string(_ json: JSONValue, _ key: String) throws(RowCodec.Damage) -> String {
    guard let text = json[key]?.stringValue else { throw damage("'\(key)' is no text") }
    return text
  }

  private static func integers(_ json: JSONValue, _ key: String) throws(RowCodec.Damage)
    -> [Int32]
  {
    guard let items = json[key]?.arrayValue else { throw damage("'\(key)' is no list") }
    var out: [Int32] = []
    out.reserveCapacity(items.count)
    for item in items {
      guard let value = item.integerValue.flatMap(Int32.init(exactly:)) else {
        throw damage("'\(key)' holds something else than 32-bit integers")
      }
      out.append(value)
    }
    return out
  }

  private static func messages(_ json: JSONValue, _ key: String) throws(RowCodec.Damage)
    -> [Message]
  {
    guard let items = json[key]?.arrayValue else { throw damage("'\(key)' is no list") }
    var out: [Message] = []
    for item in items {
      guard case .object(let members) = item,
        let role = item["role"]?.stringValue.flatMap(Message.Role.init(rawValue:)),
        let content = item["content"]?.stringValue
      else { throw damage("'\(key)' holds something else than messages") }
      out.append(
        Message(
          role, content, train: item["train"]?.boolValue,
          extra: members.filter { !RowCodec.reserved.contains($0.key) }))
    }
    return out
  }
}
