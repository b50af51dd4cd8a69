internal import Documents

extension RowContent {
  /// Every text of the row in order: contents of all turns, and the texts inside their other
  /// members (`tool_calls`, `reasoning_content`, …) but not their ids and types. Tokens have none.
  package var texts: [String] {
    var out: [String] = []
    _ = mapTexts { text in
      out.append(text)
      return text
    }
    return out
  }

  /// The same content with each of ``texts`` replaced, in the same order.
  package func mapTexts(_ transform: (String) throws -> String) rethrows -> RowContent {
    switch self {
    case .text(let text): return .text(try transform(text))
    case .conversation(let turns, let tools):
      return .conversation(try turns.map { try $0.mapTexts(transform) }, tools: tools)
    case .completion(let prompt, let completion):
      return .completion(prompt: try transform(prompt), completion: try transform(completion))
    case .preference(let prompt, let chosen, let rejected):
      return .preference(
        prompt: try prompt.map { try $0.mapTexts(transform) },
        chosen: try chosen.map { try $0.mapTexts(transform) },
        rejected: try rejected.map { try $0.mapTexts(transform) })
    case .unpaired(let prompt, let completion, let label):
      return .unpaired(
        prompt: try prompt.map { try $0.mapTexts(transform) },
        completion: try completion.map { try $0.mapTexts(transform) }, label: label)
    case .tokens: return self
    }
  }
}

extension Message {
  fileprivate func mapTexts(_ transform: (String) throws -> String) rethrows -> Message {
    var turn = self
    turn.content = try transform(content)
    turn.extra = try Message.mapTexts(extra, transform)
    return turn
  }

  /// Members that link or type things and are no text.
  private static let structural: Set<String> = ["id", "type", "tool_call_id"]

  private static func mapTexts(_ members: [JSONMember], _ transform: (String) throws -> String)
    rethrows -> [JSONMember]
  {
    try members.map { member in
      structural.contains(member.key)
        ? member : JSONMember(member.key, try mapTexts(member.value, transform))
    }
  }

  private static func mapTexts(_ value: JSONValue, _ transform: (String) throws -> String)
    rethrows -> JSONValue
  {
    switch value {
    case .string(let text): .string(try transform(text))
    case .array(let items): .array(try items.map { try mapTexts($0, transform) })
    case .object(let members): .object(try mapTexts(members, transform))
    case .null, .bool, .integer, .number: value
    }
  }
}
