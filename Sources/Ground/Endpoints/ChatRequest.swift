internal import Documents
internal import Reproducibility

/// A turn of a conversation with an endpoint.
package struct ChatMessage: Sendable, Hashable {
  /// `system`, `user` or `assistant`.
  package var role: String
  package var content: String

  package init(_ role: String, _ content: String) {
    self.role = role
    self.content = content
  }
}

/// What an endpoint is asked. Equal requests have one answer.
package struct ChatRequest: Sendable, Hashable {
  package var messages: [ChatMessage]
  package var maxTokens: Int
  package var temperature: Double
  package var topP: Double
  package var stops: [String]
  /// Which of several answers to the same messages; 0 for the first.
  package var sample: Int

  package init(
    _ messages: [ChatMessage], maxTokens: Int, temperature: Double = 0, topP: Double = 1,
    stops: [String] = [], sample: Int = 0
  ) {
    self.messages = messages
    self.maxTokens = maxTokens
    self.temperature = temperature
    self.topP = topP
    self.stops = stops
    self.sample = sample
  }

  /// What is posted. Members of `extra` replace those of the same name; `max_completion_tokens`
  /// there stands for `max_tokens`, and a `seed` there is raised by ``sample``.
  func body(model: String, _ method: EndpointMethod, extra: [JSONMember]) -> JSONValue {
    var members = [JSONMember("model", .string(model))]
    switch method {
    case .chat:
      members.append(
        JSONMember(
          "messages",
          .array(
            messages.map {
              .object(["role": .string($0.role), "content": .string($0.content)])
            })))
    case .completion:
      members.append(
        JSONMember("prompt", .string(messages.map(\.content).joined(separator: "\n\n"))))
    }
    members.append(JSONMember("max_tokens", .integer(Int64(maxTokens))))
    members.append(JSONMember("temperature", .number(temperature)))
    if topP < 1 { members.append(JSONMember("top_p", .number(topP))) }
    if !stops.isEmpty { members.append(JSONMember("stop", .array(stops.map { .string($0) }))) }
    for var member in extra {
      if member.key == "seed", let seed = member.value.integerValue {
        member.value = .integer(Int64(seed &+ sample))
      }
      if member.key == "max_completion_tokens" { members.removeAll { $0.key == "max_tokens" } }
      if let place = members.firstIndex(where: { $0.key == member.key }) {
        members[place] = member
      } else {
        members.append(member)
      }
    }
    return .object(members)
  }

  /// The most tokens that `body` may be charged for: no tokenizer makes more tokens than a text has
  /// bytes, and templates add a few to a turn.
  func worstCase(_ body: JSONValue) -> TokenUse {
    let bytes = messages.reduce(0) { $0 + $1.content.utf8.count + 16 }
    let room =
      body["max_completion_tokens"]?.integerValue ?? body["max_tokens"]?.integerValue ?? maxTokens
    return TokenUse(input: bytes + 16, output: max(0, min(room, TokenUse.most)))
  }

  /// What the answer is kept by: the URL, without a key, the body and the sample.
  static func digest(url: String, body: JSONValue, sample: Int) -> Digest {
    Digest(
      canonical: .object([
        "format": "orchestrate.answer.1", "url": .string(url), "request": body,
        "sample": .integer(Int64(sample)),
      ]))
  }
}
