internal import Documents
internal import Records

extension ModelRequest {
  /// What is asked, as the harness' samples show it. Rows are told by their identity.
  var json: JSONValue {
    switch self {
    case .continuation(let context, let continuation):
      .array([.string(context), .string(continuation)])
    case .reply(let turns, let continuation): .array([Self.json(turns), .string(continuation)])
    case .text(let text): .array([.string(text)])
    case .completion(.text(let text), let settings):
      .array([.string(text), Self.json(settings)])
    case .completion(.conversation(let turns, _), let settings):
      .array([Self.json(turns), Self.json(settings)])
    case .row(let row), .preference(let row): .array([.string(row.id.description)])
    }
  }

  private static func json(_ turns: [Message]) -> JSONValue {
    .array(turns.map { ["role": .string($0.role.rawValue), "content": .string($0.content)] })
  }

  private static func json(_ settings: CompletionSettings) -> JSONValue {
    [
      "until": .array(settings.stops.map { .string($0) }),
      "max_gen_toks": .integer(Int64(settings.maxNewTokens)),
      "temperature": .number(settings.temperature), "do_sample": .bool(settings.temperature > 0),
    ]
  }
}
