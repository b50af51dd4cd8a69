internal import Diagnostics
package import Documents
package import Records
package import Reproducibility

/// A conversation → the text a model was trained to see, in the subset of Jinja that chat templates
/// use, as transformers sets it up.
///
/// ```swift
/// let template = try ChatTemplate(source: BuiltinTemplate.chatml.source, file: "chatml")
/// let chat = try template.render(messages, tools: nil, addGenerationPrompt: true, tokenizer: tokenizer)
/// ```
///
/// Bounded in steps, output and depth; nothing a template names reaches beyond its variables.
package final class ChatTemplate: Sendable {
  package let source: String
  /// Named in errors.
  let file: String
  let body: [TemplateStatement]
  private let names: [String: Int]
  /// Whether the template marks what the model generates itself.
  let hasGenerationBlocks: Bool
  /// What `strftime_now` says; undefined without one.
  let date: TemplateDate?

  /// - Throws: ``Failure`` with the line, for syntax errors and tags that are not supported.
  package convenience init(source: String, file: String) throws {
    try self.init(source: source, file: file, date: nil)
  }

  package init(source: String, file: String, date: TemplateDate?) throws {
    self.source = source
    self.file = file
    self.date = date
    do throws(TemplateError) {
      var parser = try TemplateParser(Array(source.utf8))
      body = try parser.parse()
      hasGenerationBlocks = parser.hasGenerationBlocks
      names = parser.names
    } catch {
      throw error.failure(file: file)
    }
  }

  /// Reads a template's file; one that is not UTF-8 is refused.
  package convenience init(bytes: [UInt8], file: String, date: TemplateDate? = nil) throws {
    guard let source = String(validating: bytes, as: UTF8.self) else {
      throw Diagnostic(
        "template.syntax", "'\(SafeText.escaped(file))' is not valid UTF-8",
        fix: "convert the file to UTF-8, for example with iconv"
      ).failure(.badInput)
    }
    try self.init(source: source, file: file, date: date)
  }

  /// The template of a model folder, or nil: `chat_template.jinja`, else `chat_template` of
  /// `tokenizer_config.json` (a string, or the entry named `default` of a list), else
  /// `chat_template.json`.
  package static func find(in tree: FileTree) throws -> ChatTemplate? {
    if let path = tree["chat_template.jinja"] {
      return try ChatTemplate(bytes: TokenizerFile.bytes(path: path), file: "chat_template.jinja")
    }
    for name in ["tokenizer_config.json", "chat_template.json"] {
      guard let path = tree[name] else { continue }
      let json = try TokenizerFile.json(TokenizerFile.bytes(path: path), name: name)
      guard let value = json["chat_template"], !value.isNull else { continue }
      if let source = value.stringValue { return try ChatTemplate(source: source, file: name) }
      let entries = value.arrayValue ?? []
      let chosen = entries.first { $0["name"]?.stringValue == "default" } ?? entries.first
      if let source = chosen?["template"]?.stringValue {
        return try ChatTemplate(source: source, file: name)
      }
    }
    return nil
  }

  /// Renders a conversation.
  ///
  /// The spans of assistant turns come from `{% generation %}` blocks where the template has them,
  /// and otherwise from ``TurnFinder``.
  /// - Throws: ``Failure`` when the template refuses the conversation or breaks a bound.
  package func render(
    _ messages: [Message], tools: JSONValue?, addGenerationPrompt: Bool, tokenizer: Tokenizer
  ) throws -> RenderedChat {
    let output = try output(
      messages, tools: tools, addGenerationPrompt: addGenerationPrompt, tokenizer: tokenizer)
    let finder = TurnFinder(
      template: self, tokenizer: tokenizer, messages: messages, tools: tools, output: output)
    return RenderedChat(
      text: output.text.string, turns: finder.turns(),
      contentSpans: output.text.origins.map { $0.start..<$0.end })
  }

  /// The text with its origins, and the ranges that generation blocks made.
  func output(
    _ messages: [Message], tools: JSONValue?, addGenerationPrompt: Bool, tokenizer: Tokenizer
  ) throws -> (text: TemplateText, generated: [Range<Int>]) {
    var context: [(String, TemplateValue)] = [
      ("messages", .list(messages.enumerated().map { Self.value($1, source: $0) })),
      ("tools", tools.map { TemplateValue($0, source: -1) } ?? .none),
      ("documents", .none),
      ("add_generation_prompt", .bool(addGenerationPrompt)),
    ]
    for (name, token) in [
      ("bos_token", tokenizer.bos), ("eos_token", tokenizer.eos), ("pad_token", tokenizer.pad),
      ("unk_token", tokenizer.unknown),
    ] {
      if let token { context.append((name, .text(token.text))) }
    }
    return try render(context)
  }

  /// Renders with any variables.
  func render(_ context: [(String, TemplateValue)]) throws
    -> (text: TemplateText, generated: [Range<Int>])
  {
    let run = TemplateRun(date: date, nameCount: names.count)
    for (name, value) in context {
      // What the template does not name it cannot see.
      if let id = names[name] { run.root.set(id, value) }
    }
    do throws(TemplateError) {
      let text = try run.render(body)
      return (text, run.generated)
    } catch {
      throw error.failure(file: file)
    }
  }

  /// Renders with variables given as JSON, as other programs call templates: for comparison.
  package func render(variables: JSONValue) throws -> String {
    try render(TemplateVariables(variables))
  }

  package func render(_ variables: TemplateVariables) throws -> String {
    try render(variables.values).text.string
  }

  /// A message as templates see it. Role and keys are the program's own; all else is content.
  private static func value(_ message: Message, source: Int) -> TemplateValue {
    var dict = TemplateDictBuilder(capacity: 2 + message.extra.count)
    dict.append(TemplateText("role"), .text(message.role.rawValue))
    dict.append(TemplateText("content"), .string(TemplateText(message.content, source: source)))
    for member in message.extra where member.key != "role" && member.key != "content" {
      dict.append(
        TemplateText(member.key), TemplateValue(member.value, source: source))
    }
    return .dict(dict.dict)
  }
}

/// Variables as a template sees them, made once for many renderings.
package struct TemplateVariables {
  let values: [(String, TemplateValue)]

  package init(_ json: JSONValue) {
    values = (json.objectValue ?? []).map { ($0.key, TemplateValue($0.value, source: nil)) }
  }
}
