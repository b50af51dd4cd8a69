internal import Diagnostics
package import Documents
package import Records

/// Rows → token ids and masks, by the one path that training, preview and generation share.
///
/// - What a row's author wrote is text, whatever it looks like; control tokens come from the template.
/// - Masks come from the places of turns in the rendered text, never from ids. No token crosses the
///   border of a trained turn, so that a prompt given at inference has the ids it had in training.
/// - Exactly one BOS: the template's, or the tokenizer's where the template writes none.
/// - EOS is appended to text and completions without a template; conversations end as theirs does.
package struct ExampleBuilder: Sendable {
  package let tokenizer: Tokenizer
  package let template: ChatTemplate?
  package let trainOnInputs: Bool
  package let rolesToTrain: [Message.Role]
  /// What ends a generation: the end-of-turn token of the template, and EOS.
  package let stopTokenIDs: [Int32]

  /// - Parameters:
  ///   - template: nil for models that know no conversations.
  ///   - trainOnInputs: labels everything.
  ///   - rolesToTrain: whose turns are trained where a message does not say itself.
  package init(
    tokenizer: Tokenizer, template: ChatTemplate?, trainOnInputs: Bool = false,
    rolesToTrain: [Message.Role] = [.assistant]
  ) {
    self.tokenizer = tokenizer
    self.template = template
    self.trainOnInputs = trainOnInputs
    self.rolesToTrain = rolesToTrain
    stopTokenIDs = Self.stopTokens(tokenizer, template)
  }

  /// A row as an example: text, conversation, completion, unpaired, or tokens already.
  ///
  /// - Throws: ``Failure`` when the row is of another shape, or the template refuses it.
  package func example(_ row: Row) throws -> TokenExample {
    switch row.content {
    case .text(let text):
      let ids = withEOS(tokenizer.encode(text, addSpecialTokens: true, parseSpecial: true))
      return TokenExample(row: row.id, ids: ids, labels: ids)
    case .completion(let prompt, let completion):
      let (before, after) = plain(prompt, completion)
      return TokenExample(row: row.id, ids: before + after, labels: hidden(before) + after)
    case .conversation(let messages, let tools):
      return try conversation(row.id, messages, tools: tools)
    case .unpaired(let prompt, let completion, _):
      let (before, after) = try answered(row.id, prompt, completion)
      return TokenExample(row: row.id, ids: before + after, labels: hidden(before) + after)
    case .tokens(let ids, let labels):
      guard ids.count == labels.count, ids.allSatisfy({ $0 >= 0 && $0 < tokenizer.vocabularySize })
      else {
        throw problem(row.id, "has ids outside the vocabulary of \(tokenizer.vocabularySize)")
      }
      return TokenExample(row: row.id, ids: ids, labels: labels)
    case .preference:
      throw problem(row.id, "is a preference pair, expected text, messages or a completion")
    }
  }

  /// A preference row; the prompt is tokenised once and is the same for both answers.
  package func preference(_ row: Row) throws -> PreferenceExample {
    guard case .preference(let prompt, let chosen, let rejected) = row.content else {
      throw problem(row.id, "is no preference pair: it needs prompt, chosen and rejected")
    }
    let good = try answered(row.id, prompt, chosen)
    let bad = try answered(row.id, prompt, rejected)
    guard good.prompt == bad.prompt else {
      throw problem(row.id, "renders to two prompts: the template changes turns before the answer")
    }
    return PreferenceExample(
      row: row.id, prompt: good.prompt, chosen: good.answer, rejected: bad.answer)
  }

  /// The ids to generate from: the messages with a generation prompt.
  package func promptIDs(_ messages: [Message]) throws -> [Int32] {
    try promptIDs(messages, tools: nil)
  }

  package func promptIDs(_ messages: [Message], tools: JSONValue?) throws -> [Int32] {
    guard let template else {
      let text = messages.map(\.content).joined()
      return tokenizer.encode(text, addSpecialTokens: false, parseSpecial: false)
        .withPrefix(tokenizer.postProcessor.prefix)
    }
    let chat = try template.output(
      messages, tools: tools, addGenerationPrompt: true, tokenizer: tokenizer)
    return withBOS(encode(chat.text, cuts: []).ids)
  }

  /// The ids to generate from for text without a template.
  package func promptIDs(text: String) -> [Int32] {
    tokenizer.encode(text, addSpecialTokens: false, parseSpecial: false)
      .withPrefix(tokenizer.postProcessor.prefix)
  }

  // MARK: - Conversations

  private func conversation(_ id: RowID, _ messages: [Message], tools: JSONValue?) throws
    -> TokenExample
  {
    guard let template else { throw missingTemplate(id) }
    let chat = try rendering(id) {
      try template.render(
        messages, tools: tools, addGenerationPrompt: false, tokenizer: tokenizer)
    }
    let assistant = Set(chat.assistantSpans)
    let trained = chat.turns.filter { turn in
      let message = messages[turn.message]
      return message.train
        ?? (rolesToTrain.contains(message.role)
          && (message.role != .assistant || assistant.contains(turn.span)))
    }
    let cuts = Set(trained.flatMap { [$0.span.lowerBound, $0.span.upperBound] }).sorted()
    let (encoded, places) = encode(
      chat.text, EncodingBounds(plain: chat.contentSpans, cuts: cuts))
    let ids = withBOS(encoded)
    if trainOnInputs { return TokenExample(row: id, ids: ids, labels: ids) }
    let place = Dictionary(uniqueKeysWithValues: zip(cuts, places))
    let shift = ids.count - encoded.count
    var labels = hidden(ids)
    for turn in trained {
      guard let start = place[turn.span.lowerBound], let end = place[turn.span.upperBound] else {
        continue
      }
      for index in (start + shift)..<(max(start, end) + shift) { labels[index] = ids[index] }
    }
    return TokenExample(row: id, ids: ids, labels: labels)
  }

  /// Prompt and answer, cut where the generation prompt ends.
  private func answered(_ id: RowID, _ prompt: [Message], _ answer: [Message]) throws
    -> (prompt: [Int32], answer: [Int32])
  {
    guard let template else {
      return plain(
        prompt.map(\.content).joined(), answer.map(\.content).joined())
    }
    let chat = try rendering(id) {
      try template.render(
        prompt + answer, tools: nil, addGenerationPrompt: false, tokenizer: tokenizer)
    }
    let turns = chat.turns.filter { $0.message >= prompt.count }
    guard let first = turns.first, let last = turns.last else {
      throw problem(id, "has an answer that the template leaves out")
    }
    let cuts = [first.span.lowerBound, last.span.upperBound]
    let (encoded, places) = encode(
      chat.text, EncodingBounds(plain: chat.contentSpans, cuts: cuts))
    return (withBOS(Array(encoded[..<places[0]])), Array(encoded[places[0]..<places[1]]))
  }

  private func rendering(_ id: RowID, _ body: () throws -> RenderedChat) throws -> RenderedChat {
    do {
      return try body()
    } catch var failure as Failure {
      failure.diagnostics = failure.diagnostics.map { diagnostic in
        var diagnostic = diagnostic
        diagnostic.message = "row \(id): \(diagnostic.message)"
        return diagnostic
      }
      throw failure
    }
  }

  // MARK: - Text

  /// Text without a template: BOS, prompt, answer, EOS; no token crosses the border.
  private func plain(_ prompt: String, _ answer: String) -> (prompt: [Int32], answer: [Int32]) {
    let border = prompt.utf8.count
    let text = prompt + answer
    let (ids, places) = encode(
      text, EncodingBounds(plain: [0..<text.utf8.count], cuts: [border]))
    return (
      Array(ids[..<places[0]]).withPrefix(tokenizer.postProcessor.prefix),
      withEOS(Array(ids[places[0]...]))
    )
  }

  private func encode(_ text: TemplateText, cuts: [Int]) -> (ids: [Int32], places: [Int]) {
    encode(
      text.string, EncodingBounds(plain: text.origins.map { $0.start..<$0.end }, cuts: cuts))
  }

  private func encode(_ text: String, _ bounds: EncodingBounds) -> (ids: [Int32], places: [Int]) {
    let (ids, cuts) = tokenizer.encode(text, bounds)
    return (ids, cuts)
  }

  /// The tokenizer's BOS in front, unless the text has written one.
  private func withBOS(_ ids: [Int32]) -> [Int32] {
    let prefix = tokenizer.postProcessor.prefix
    if let bos = tokenizer.bos, ids.first == bos.id { return ids }
    return ids.starts(with: prefix) ? ids : prefix + ids
  }

  private func withEOS(_ ids: [Int32]) -> [Int32] {
    guard let eos = tokenizer.eos, ids.last != eos.id else { return ids }
    return ids + [eos.id]
  }

  private func hidden(_ ids: [Int32]) -> [Int32] {
    Array(repeating: TokenExample.ignored, count: ids.count)
  }

  // MARK: - Messages

  private func missingTemplate(_ id: RowID) -> Failure {
    problem(
      id, "is a conversation, but the model has no chat template", code: "tokens.no-template",
      fix:
        "set 'chat_template: chatml', or another of \(BuiltinTemplate.allCases.map(\.rawValue).joined(separator: ", "))"
    )
  }

  private func problem(
    _ id: RowID, _ message: String, code: String = "tokens.wrong-row", fix: String? = nil
  ) -> Failure {
    Diagnostic(code, "row \(id) \(message)", fix: fix).failure(.badInput)
  }

  private static func stopTokens(_ tokenizer: Tokenizer, _ template: ChatTemplate?) -> [Int32] {
    var ids: [Int32] = []
    if let id = template.flatMap({ TemplateProbe($0, tokenizer).endOfTurn }) { ids.append(id) }
    if let eos = tokenizer.eos, !ids.contains(eos.id) { ids.append(eos.id) }
    return ids
  }
}

extension [Int32] {
  /// These ids behind `prefix`.
  fileprivate func withPrefix(_ prefix: [Int32]) -> [Int32] { prefix + self }
}
