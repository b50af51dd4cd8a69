internal import Records

/// A small conversation run through a template, to learn how it ends turns and to test it.
struct TemplateProbe {
  let template: ChatTemplate
  let tokenizer: Tokenizer
  /// Words that no template writes itself.
  static let messages = [
    Message(.user, "Quince seventeen?"), Message(.assistant, "Marmalade eleven."),
    Message(.user, "Walnut forty?"), Message(.assistant, "Saffron two."),
  ]

  init(_ template: ChatTemplate, _ tokenizer: Tokenizer) {
    self.template = template
    self.tokenizer = tokenizer
  }

  /// The control token that ends an assistant turn, or nil.
  var endOfTurn: Int32? {
    guard
      let chat = try? template.render(
        Self.messages, tools: nil, addGenerationPrompt: false, tokenizer: tokenizer),
      let span = chat.assistantSpans.first
    else { return nil }
    let bounds = EncodingBounds(
      plain: chat.contentSpans, cuts: [span.lowerBound, span.upperBound])
    let (ids, cuts) = tokenizer.encode(chat.text, bounds)
    // Blanks that a generation block takes along may follow the token.
    return ids[cuts[0]..<cuts[1]].last { tokenizer.isSpecial($0) }
  }
}
