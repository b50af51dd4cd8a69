import Diagnostics
import Documents
import ModelFiles
import Records
import Reproducibility
import Tokenization

/// What a GGUF file and a Modelfile need to know of a model's tokenizer and chat template.
struct ExportTokenizer {
  let vocabulary: GGUFVocabulary
  /// The template's frames, or nil when there is no template or it has another shape.
  let turnTemplate: TurnTemplate?
  /// Texts of the tokens that end an answer.
  let stops: [String]
  let warnings: [Diagnostic]

  private let tokenizer: Tokenizer
  private let tree: FileTree

  /// - Parameter preTokenizer: llama.cpp's name, where the user gives it.
  /// - Throws: ``Failure`` when the tokenizer cannot be told to llama.cpp.
  init(_ folder: ModelFolder, preTokenizer: String?) throws {
    tree = folder.tree["tokenizer.json"] == nil ? folder.weightsTree : folder.tree
    let tokenizer = try Tokenizer(tree)
    self.tokenizer = tokenizer
    let layout = tokenizer.layout
    guard let pre = preTokenizer ?? layout.preTokenizer else {
      let shown = layout.expressions.map { "'\(SafeText.escaped($0, limit: 200))'" }
      throw Diagnostic(
        "gguf.pre-tokenizer",
        "llama.cpp has no name for the tokenizer's splitting: "
          + (shown.isEmpty ? "no regular expression" : shown.joined(separator: ", ")),
        fix: "give the name of one that splits alike as 'pre_tokenizer', for example llama-bpe"
      ).failure(.badInput)
    }
    var warnings: [Diagnostic] = []
    let template = try ChatTemplate.find(in: tree)
    let render = template.map { Self.renderer($0, tokenizer) }
    turnTemplate = render.flatMap { TurnTemplate(bos: tokenizer.bos?.text, render: $0) }
    if template == nil {
      warnings.append(
        Self.warning(
          "gguf.no-template", "the model has no chat template; the files will have none",
          fix: "a model trained on conversations needs one: see 'chat_template' of the stage that "
            + "trains it"))
    } else if turnTemplate.map({ Modelfile.canTell($0) }) != true {
      warnings.append(
        Self.warning(
          "gguf.template-shape",
          "the chat template cannot be told to Ollama; the Modelfile has stops only",
          fix: "llama.cpp uses the template in the file; for Ollama write TEMPLATE yourself"))
    }
    if try Self.normalizesUnicode(tree) {
      warnings.append(
        Self.warning(
          "gguf.nfc",
          "the tokenizer composes Unicode (NFC) and llama.cpp does not: decomposed text gives "
            + "other tokens there", fix: "normalize texts to NFC before sending them"))
    }
    self.warnings = warnings
    let turnEnd = template.flatMap { Self.turnEnd($0, tokenizer) } ?? tokenizer.eos?.id
    vocabulary = Self.vocabulary(
      tokenizer, pre: pre, turnEnd: turnEnd, template: template?.source)
    var stops: [String] = []
    let examples = ExampleBuilder(tokenizer: tokenizer, template: template)
    for id in [turnEnd].compactMap(\.self) + examples.stopTokenIDs {
      if let text = tokenizer.token(of: id), !stops.contains(text) { stops.append(text) }
    }
    self.stops = stops
  }

  /// Reads the file's own arrays and compares what they make of sample texts with the tokenizer.
  ///
  /// - Throws: ``Failure`` of class `internal` with the number of the sample that differs.
  func verify(_ path: String) throws {
    let stored = try GGUFVocabulary(GGUFReader(path: path))
    var rebuilt: Tokenizer?
    if stored.scores == nil { rebuilt = try rebuild(stored) }
    for (number, sample) in Self.samples.enumerated() {
      let expected = tokenizer.encode(sample, addSpecialTokens: false, parseSpecial: false)
      let found =
        rebuilt?.encode(sample, addSpecialTokens: false, parseSpecial: false)
        ?? stored.encodeByScores(sample, addsSpacePrefix: tokenizer.layout.addSpacePrefix)?
        .map { Int32($0) }
      guard found == expected else {
        throw Diagnostic(
          "gguf.verify-tokenizer",
          "\(SafeText.escaped(path, limit: 400)): sample text \(number + 1) of "
            + "\(Self.samples.count) gives other tokens by the file's arrays than by the tokenizer"
        ).failure(.internal)
      }
    }
  }

  /// Texts with what tokenizers differ in: blanks, digits, contractions, scripts, bytes.
  static let samples = [
    "Hello, world! It's 2024-03-01, isn't it?", "  two  blanks\n\n\tand a tab ",
    "price: 1234567.89 EUR", "naïve café — Ωmega Привет 你好 مرحبا", "def f(x):\n    return x*2\n",
    "🙂👍🏽 e\u{301}", "", " ",
  ]

  /// A tokenizer over the stored arrays that splits as the model's own does.
  private func rebuild(_ stored: GGUFVocabulary) throws -> Tokenizer {
    let path = try tree.path("tokenizer.json")
    guard case .object(var members) = try JSONFile.read(path) else { return tokenizer }
    var added: [JSONValue] = []
    var vocab: [JSONMember] = []
    for (id, token) in stored.tokens.enumerated() {
      switch stored.types[id] {
      case .control, .userDefined:
        added.append(
          .object([
            "id": .integer(Int64(id)), "content": .string(token), "single_word": false,
            "lstrip": false, "rstrip": false, "normalized": false,
            "special": .bool(stored.types[id] == .control),
          ]))
      case .unused: break
      default: vocab.append(JSONMember(token, .integer(Int64(id))))
      }
    }
    for index in members.indices {
      switch members[index].key {
      case "added_tokens": members[index].value = .array(added)
      case "model":
        guard case .object(var model) = members[index].value else { continue }
        model.removeAll { $0.key == "vocab" || $0.key == "merges" }
        model.append(JSONMember("vocab", .object(vocab)))
        model.append(
          JSONMember("merges", .array((stored.merges ?? []).map { .string($0) })))
        members[index].value = .object(model)
      default: break
      }
    }
    return try Tokenizer(json: .object(members), configuration: nil, file: "tokenizer.json")
  }

  private static func vocabulary(
    _ tokenizer: Tokenizer, pre: String, turnEnd: Int32?, template: String?
  ) -> GGUFVocabulary {
    let layout = tokenizer.layout
    let isByteLevel = layout.kind == .byteLevelBPE
    // The end of a turn is what generation must stop at; a text model ends with its own eos.
    let roles: [(String, Int32?)] = [
      ("bos", tokenizer.bos?.id), ("eos", turnEnd), ("eot", template == nil ? nil : turnEnd),
      ("unknown", tokenizer.unknown?.id), ("padding", tokenizer.pad?.id),
    ]
    var settings = [
      GGUFVocabulary.Setting("add_bos_token", layout.addBOS),
      GGUFVocabulary.Setting("add_eos_token", layout.addEOS),
    ]
    if !isByteLevel {
      settings.append(GGUFVocabulary.Setting("add_space_prefix", layout.addSpacePrefix))
    }
    return GGUFVocabulary(
      model: isByteLevel ? "gpt2" : "llama", pre: pre, tokens: layout.tokens,
      scores: isByteLevel ? nil : layout.scores,
      types: layout.types.map { GGUFVocabulary.TokenType(rawValue: $0.rawValue) ?? .normal },
      merges: isByteLevel ? layout.merges : nil,
      specials: roles.compactMap { role, id in
        id.map { GGUFVocabulary.Special(role, Int($0)) }
      }, settings: settings, chatTemplate: template)
  }

  private static func renderer(_ template: ChatTemplate, _ tokenizer: Tokenizer)
    -> ([TurnTemplate.Turn], Bool) -> String?
  {
    { turns, asks in
      let messages = turns.compactMap { turn in
        Message.Role(rawValue: turn.role).map { Message($0, turn.content) }
      }
      return try? template.render(
        messages, tools: nil, addGenerationPrompt: asks, tokenizer: tokenizer
      ).text
    }
  }

  /// The control token that ends an assistant turn as it is trained, or nil.
  private static func turnEnd(_ template: ChatTemplate, _ tokenizer: Tokenizer) -> Int32? {
    let chat = try? template.render(
      [Message(.user, "a"), Message(.assistant, "b")], tools: nil, addGenerationPrompt: false,
      tokenizer: tokenizer)
    guard let chat, let span = chat.assistantSpans.last else { return nil }
    let bytes = Array(chat.text.utf8)[span]
    let ids = tokenizer.encode(
      String(decoding: bytes, as: UTF8.self), addSpecialTokens: false, parseSpecial: true)
    return ids.last { tokenizer.isSpecial($0) }
  }

  private static func normalizesUnicode(_ tree: FileTree) throws -> Bool {
    let normalizer = try JSONFile.read(tree.path("tokenizer.json"))["normalizer"] ?? .null
    let steps = [normalizer] + (normalizer["normalizers"]?.arrayValue ?? [])
    return steps.contains { ["NFC", "NFKC"].contains($0["type"]?.stringValue) }
  }

  private static func warning(_ code: String, _ message: String, fix: String) -> Diagnostic {
    Diagnostic(code, message, fix: fix, severity: .warning)
  }
}
