internal import Diagnostics
internal import Documents

/// Tokens that an answer was charged for.
package struct TokenUse: Sendable, Hashable {
  package var input: Int
  package var output: Int

  /// No answer has more; an endpoint that says so is not believed.
  static let most = 1_000_000_000

  package init(input: Int, output: Int) {
    self.input = input
    self.output = output
  }
}

/// What an endpoint answered.
package struct ChatAnswer: Sendable, Hashable {
  package enum Finish: String, Sendable, Hashable {
    /// The model ended it.
    case stop
    /// The room for tokens did.
    case length
    /// The endpoint did not want to answer; the text may be empty.
    case refused
  }

  package var text: String
  package var finish: Finish
  package var use: TokenUse
  /// Whether the endpoint told no use, so that it was estimated: four bytes a token.
  package var isUseEstimated: Bool

  package init(text: String, finish: Finish, use: TokenUse, isUseEstimated: Bool = false) {
    self.text = text
    self.finish = finish
    self.use = use
    self.isUseEstimated = isUseEstimated
  }

  /// What stands for an answer where the endpoint would not take the request: nothing that is
  /// worth keeping.
  static let refusedByStatus = ChatAnswer(
    text: "", finish: .refused, use: TokenUse(input: 0, output: 0))

  var isRefusedByStatus: Bool { self == Self.refusedByStatus }

  /// Reads the body of an answer of either method.
  ///
  /// - Throws: ``Unreadable``.
  init(_ json: JSONValue, to request: ChatRequest) throws(Unreadable) {
    guard let choice = json["choices"]?.arrayValue?.first else {
      throw Unreadable(what: "it is JSON without a 'choices' that holds one")
    }
    let refusal = choice["message"]?["refusal"]?.stringValue
    guard let text = Self.text(choice) ?? refusal else {
      throw Unreadable(what: "its first choice holds neither 'message.content' nor 'text'")
    }
    self.text = text
    finish =
      switch choice["finish_reason"]?.stringValue {
      case "length", "max_tokens": .length
      case "content_filter": .refused
      default: refusal != nil && Self.text(choice) == nil ? .refused : .stop
      }
    let counts = [json["usage"]?["prompt_tokens"], json["usage"]?["completion_tokens"]].map {
      $0?.integerValue.flatMap { (0...TokenUse.most).contains($0) ? $0 : nil }
    }
    let bytes = request.messages.reduce(0) { $0 + $1.content.utf8.count }
    isUseEstimated = counts.contains(nil)
    use = TokenUse(
      input: counts[0] ?? (bytes + 3) / 4, output: counts[1] ?? (text.utf8.count + 3) / 4)
  }

  private static func text(_ choice: JSONValue) -> String? {
    if let text = choice["text"]?.stringValue { return text }
    guard let content = choice["message"]?["content"] else { return nil }
    if let parts = content.arrayValue {
      return parts.compactMap { $0["text"]?.stringValue }.joined()
    }
    return content.stringValue
  }

  struct Unreadable: Error { var what: String }

  // MARK: - The form that is kept

  var json: JSONValue {
    .object([
      "text": .string(text), "finish": .string(finish.rawValue),
      "input_tokens": .integer(Int64(use.input)), "output_tokens": .integer(Int64(use.output)),
      "estimated": .bool(isUseEstimated),
    ])
  }

  init?(kept json: JSONValue) {
    guard let text = json["text"]?.stringValue,
      let finish = json["finish"]?.stringValue.flatMap(Finish.init(rawValue:)),
      let input = json["input_tokens"]?.integerValue, input >= 0, input <= TokenUse.most,
      let output = json["output_tokens"]?.integerValue, output >= 0, output <= TokenUse.most,
      let isEstimated = json["estimated"]?.boolValue
    else { return nil }
    self.init(
      text: text, finish: finish, use: TokenUse(input: input, output: output),
      isUseEstimated: isEstimated)
  }
}
