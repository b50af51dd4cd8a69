internal import Documents
internal import Records

/// Finds where each message's turn lies in a rendered conversation.
///
/// The rule, for message k of a conversation rendered to text F:
/// 1. Where the template has `{% generation %}` blocks, what they made is the assistant's; nothing
///    else is.
/// 2. Otherwise an assistant turn starts where the prompt that a model would be given ends: at the
///    common prefix of F and the rendering of the messages before k with a generation prompt, but not
///    inside the turn's own content.
/// 3. It ends behind the first control token after its content, as far as F equals the rendering of
///    the messages up to k: the end-of-turn token belongs to the turn. Without such a token it ends
///    where that rendering does, blanks at the end left out.
/// Turns of other roles are their content and the end-of-turn token by rule 3.
struct TurnFinder {
  let template: ChatTemplate
  let tokenizer: Tokenizer
  let messages: [Message]
  let tools: JSONValue?
  let output: (text: TemplateText, generated: [Range<Int>])

  func turns() -> [(turn: RenderedChat.Turn, isAssistant: Bool)] {
    var found: [(turn: RenderedChat.Turn, isAssistant: Bool)] = []
    for (index, message) in messages.enumerated() {
      let isAssistant = message.role == .assistant
      if isAssistant, template.hasGenerationBlocks { continue }
      if let span = isAssistant ? assistantSpan(index) : otherSpan(index), !span.isEmpty {
        found.append((RenderedChat.Turn(message: index, span: span), isAssistant))
      }
    }
    if template.hasGenerationBlocks { found += generated() }
    return found.sorted { $0.turn.span.lowerBound < $1.turn.span.lowerBound }
  }

  /// Rule 1. A block belongs to the assistant message whose content is in it; one without content to
  /// the assistant message in order.
  private func generated() -> [(turn: RenderedChat.Turn, isAssistant: Bool)] {
    let assistants = messages.indices.filter { messages[$0].role == .assistant }
    return output.generated.enumerated().map { order, span in
      let owner =
        output.text.origins.first {
          $0.end > span.lowerBound && $0.start < span.upperBound && assistants.contains($0.source)
        }?.source ?? (order < assistants.count ? assistants[order] : assistants.last ?? 0)
      return (RenderedChat.Turn(message: owner, span: span), true)
    }
  }

  private func contentRange(_ index: Int) -> Range<Int>? {
    let own = output.text.origins.filter { $0.source == index }
    guard let first = own.first, let last = own.last else { return nil }
    return first.start..<last.end
  }

  private func assistantSpan(_ index: Int) -> Range<Int>? {
    let content = contentRange(index)
    let prompt = commonPrefix(Array(messages[..<index]), generation: true)
    guard let start = [prompt, content?.lowerBound].compactMap({ $0 }).min() else { return nil }
    return start..<max(start, end(of: index, from: max(start, content?.upperBound ?? start)))
  }

  private func otherSpan(_ index: Int) -> Range<Int>? {
    guard let content = contentRange(index) else { return nil }
    return content.lowerBound..<end(of: index, from: content.upperBound)
  }

  /// Rule 3.
  private func end(of index: Int, from start: Int) -> Int {
    let limit =
      index == messages.count - 1
      ? output.text.count : commonPrefix(Array(messages[...index]), generation: false) ?? start
    guard limit > start else { return start }
    var found: Int?
    output.text.bytes.withUnsafeBufferPointer { bytes in
      tokenizer.rawTokens.forEachMatch(in: bytes.slice(start, limit)) { token, _, _ in
        token.isSpecial && found == nil
      } _: { match in
        if found == nil {
          // What a token takes of the blanks around it is not the turn's.
          let token = tokenizer.rawTokens.tokens[match.token]
          found =
            token.stripsLeft || token.stripsRight
            ? output.text.find(token.content, from: start + match.start).map {
              $0 + token.content.count
            } : start + match.end
        }
      }
    }
    if let found { return found }
    return start + output.text.slice(start, limit).trimmed(left: false, TemplateText.isSpace).count
  }

  /// How far the output equals the rendering of the first messages; nil when they do not render.
  private func commonPrefix(_ first: [Message], generation: Bool) -> Int? {
    guard
      let other = try? template.output(
        first, tools: tools, addGenerationPrompt: generation, tokenizer: tokenizer
      ).text.bytes
    else { return nil }
    let own = output.text.bytes
    var count = 0
    while count < own.count, count < other.count, own[count] == other[count] { count += 1 }
    while count > 0, count < own.count, own[count] & 0xC0 == 0x80 { count -= 1 }
    return count
  }
}
