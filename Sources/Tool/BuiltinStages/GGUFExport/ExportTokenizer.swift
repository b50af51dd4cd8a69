import Diagnostics
import Documents
import Foundation
import Generation
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
  private let composesUnicode: Bool

  /// - Parameters:
  ///   - preTokenizer: llama.cpp's name, where the user gives it.
  ///   - asConverter: whether roles are the converter's, though a chat model should end with its
  ///     turns.
  /// - Throws: ``Failure`` when the tokenizer cannot be told to llama.cpp.
  init(_ folder: ModelFolder, preTokenizer: String?, asConverter: Bool = false) throws {
    let tokenizer = try ModelText.tokenizer(of: folder)
    self.tokenizer = tokenizer
    let layout = tokenizer.layout
    // A GGUF file alone: its arrays go on as they are.
    let stored = folder.tokenizerTree["tokenizer.json"] == nil ? folder.gguf?.vocabulary : nil
    guard let pre = preTokenizer ?? stored?.pre ?? layout.preTokenizer else {
      let shown = layout.expressions.map { "'\(SafeText.escaped($0, limit: 200))'" }
      throw Diagnostic(
        "gguf.pre-tokenizer",
        "llama.cpp has no name for the tokenizer's splitting: "
          + (shown.isEmpty ? "no regular expression" : shown.joined(separator: ", ")),
        fix: "give the name of one that splits alike as 'pre_tokenizer', for example llama-bpe"
      ).failure(.badInput)
    }
    var warnings: [Diagnostic] = []
    let template = try ModelText.template(of: folder)
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
    let outline =
      stored == nil
      ? try TokenizerOutline.read(path: folder.tokenizerTree.path("tokenizer.json")) : .null
    composesUnicode = Self.composesUnicode(outline)
    if composesUnicode {
      warnings.append(
        Self.warning(
          "gguf.nfc",
          "the tokenizer composes Unicode (NFC) and llama.cpp does not: decomposed text gives "
            + "other tokens there", fix: "normalize texts to NFC before sending them"))
    }
    self.warnings = warnings
    let turnEnd = template.flatMap { Self.turnEnd($0, tokenizer) } ?? tokenizer.eos?.id
    var converted =
      try stored
      ?? ConverterVocabulary(
        folder.tokenizerTree, outline, layout, folder.configuration, pre: pre,
        template: template?.source
      ).vocabulary()
    converted.pre = pre
    converted.chatTemplate = template?.source
    vocabulary =
      asConverter ? converted : Self.completed(converted, tokenizer, layout, turnEnd: turnEnd)
    var stops: [String] = []
    let examples = ExampleBuilder(tokenizer: tokenizer, template: template)
    for id in [turnEnd].compactMap(\.self) + examples.stopTokenIDs {
      if let text = tokenizer.token(of: id), !stops.contains(text) { stops.append(text) }
    }
    self.stops = stops
  }

  /// Compares what llama.cpp makes of sample texts, by the arrays that go into the file, with the
  /// tokenizer. Text is composed first where the tokenizer does that, see the warning.
  ///
  /// - Returns: what differs; nil when nothing does.
  /// - Throws: ``Failure`` when llama.cpp would not take the arrays.
  func difference() throws -> Diagnostic? {
    let stored = try Tokenizer(
      arrays: VocabularyArrays(
        model: vocabulary.model, pre: vocabulary.pre, tokens: vocabulary.tokens,
        scores: vocabulary.scores, types: vocabulary.types.map(\.rawValue),
        merges: vocabulary.merges,
        specials: Dictionary(
          vocabulary.specials.map { ($0.role, $0.id) }, uniquingKeysWith: { first, _ in first }),
        flags: Dictionary(
          vocabulary.settings.map { ($0.name, $0.isOn) }, uniquingKeysWith: { first, _ in first }),
        charsmap: vocabulary.charsmap))
    for (number, sample) in Self.samples.enumerated() {
      let text = composesUnicode ? sample.precomposedStringWithCanonicalMapping : sample
      let expected = tokenizer.encode(text, addSpecialTokens: false, parseSpecial: false)
      let found = stored.encode(text, addSpecialTokens: false, parseSpecial: false)
      guard found != expected else { continue }
      return Diagnostic(
        "gguf.verify-tokenizer",
        "sample text \(number + 1) of \(Self.samples.count) gives other tokens in llama.cpp "
          + "('\(SafeText.escaped(vocabulary.pre))' as pre-tokenizer) than by the tokenizer",
        fix: "give the name of a pre-tokenizer that splits alike as 'pre_tokenizer'")
    }
    return nil
  }

  /// Texts with what tokenizers differ in: blanks, digits, contractions, scripts, bytes.
  static let samples = [
    "Hello, world! It's 2024-03-01, isn't it?", "  two  blanks\n\n\tand a tab ",
    "price: 1234567.89 EUR", "naïve café — Ωmega Привет 你好 مرحبا", "def f(x):\n    return x*2\n",
    "🙂👍🏽 e\u{301}", "", " ",
  ]

  /// The converter's vocabulary with what llama.cpp would otherwise guess: the end of a turn is
  /// what generation must stop at (a text model ends with its own eos), and what is added is said,
  /// also when it is nothing.
  private static func completed(
    _ converted: GGUFVocabulary, _ tokenizer: Tokenizer, _ layout: TokenizerLayout,
    turnEnd: Int32?
  ) -> GGUFVocabulary {
    var vocabulary = converted
    func set(_ role: String, _ id: Int32?, replacing: Bool) {
      guard let id = id.map({ Int($0) }) else { return }
      if let place = vocabulary.specials.firstIndex(where: { $0.role == role }) {
        if replacing { vocabulary.specials[place].id = id }
      } else {
        vocabulary.specials.append(.init(role, id))
      }
    }
    func say(_ name: String, _ isOn: Bool) {
      if let place = vocabulary.settings.firstIndex(where: { $0.name == name }) {
        vocabulary.settings[place].isOn = isOn
      } else {
        vocabulary.settings.append(.init(name, isOn))
      }
    }
    set("bos", tokenizer.bos?.id, replacing: true)
    set("eos", turnEnd, replacing: true)
    if converted.chatTemplate != nil { set("eot", turnEnd, replacing: true) }
    set("unknown", tokenizer.unknown?.id, replacing: false)
    set("padding", tokenizer.pad?.id, replacing: false)
    say("add_bos_token", layout.addBOS)
    say("add_eos_token", layout.addEOS)
    if vocabulary.scores != nil { say("add_space_prefix", layout.addSpacePrefix) }
    return vocabulary
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

  private static func composesUnicode(_ outline: JSONValue) -> Bool {
    let normalizer = outline["normalizer"] ?? .null
    let steps = [normalizer] + (normalizer["normalizers"]?.arrayValue ?? [])
    return steps.contains { ["NFC", "NFKC"].contains($0["type"]?.stringValue) }
  }

  private static func warning(_ code: String, _ message: String, fix: String) -> Diagnostic {
    Diagnostic(code, message, fix: fix, severity: .warning)
  }
}
