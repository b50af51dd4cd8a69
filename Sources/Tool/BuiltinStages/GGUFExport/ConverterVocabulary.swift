import Diagnostics
import Documents
import ModelFiles
import Reproducibility
import Tokenization

/// The tokenizer arrays of a GGUF file as llama.cpp's converter makes them (conversion/base.py,
/// commit 0c1e57098).
struct ConverterVocabulary {
  private let tree: FileTree
  /// tokenizer.json without its vocabulary.
  private let outline: JSONValue
  private let layout: TokenizerLayout
  private let model: ModelConfiguration
  private let pre: String
  private let template: String?

  init(
    _ tree: FileTree, _ outline: JSONValue, _ layout: TokenizerLayout,
    _ model: ModelConfiguration, pre: String, template: String?
  ) {
    self.tree = tree
    self.outline = outline
    self.layout = layout
    self.model = model
    self.pre = pre
    self.template = template
  }

  func vocabulary() throws -> GGUFVocabulary {
    let isByteLevel = layout.kind == .byteLevelBPE
    guard layout.kind != .wordPiece else {
      throw Diagnostic(
        "gguf.tokenizer", "a tokenizer of words and their parts cannot be told to llama.cpp",
        fix: "use a model with a BPE or unigram tokenizer"
      ).failure(.badInput)
    }
    var (tokens, types) = (layout.tokens, layout.types.map(Self.type))
    var scores: [Float]? = isByteLevel ? nil : layout.scores
    let configuration = try tree["tokenizer_config.json"].map { try JSONFile.read($0) }
    if isByteLevel {
      normalize(&tokens, &types, added: outline["added_tokens"]?.arrayValue ?? [])
    } else if let pieces = try pieces(configuration ?? .null) {
      (tokens, types) = (pieces.map(\.text), pieces.map(\.type))
      scores = pieces.map(\.score)
    }
    let specials = ConverterSpecials(
      tokenizer: outline, configuration: configuration, model: model.json,
      tokenCount: model.vocabularySize)
    let isUnigram = layout.kind == .unigram
    var vocabulary = GGUFVocabulary(
      model: isByteLevel ? "gpt2" : isUnigram ? "t5" : "llama", pre: pre, tokens: tokens,
      scores: scores, types: types, merges: isByteLevel ? layout.merges : nil,
      specials: specials.specials,
      settings: prefixSettings(configuration ?? .null, isByteLevel, before: true)
        + specials.settings + prefixSettings(configuration ?? .null, isByteLevel, before: false),
      chatTemplate: template)
    if isUnigram {
      vocabulary.charsmap = layout.charsmap
      vocabulary.settings += [
        .init("add_space_prefix", layout.addSpacePrefix),
        .init("remove_extra_whitespaces", layout.removesExtraWhitespace),
      ]
    }
    return vocabulary
  }

  private static func type(_ type: TokenizerLayout.TokenType) -> GGUFVocabulary.TokenType {
    GGUFVocabulary.TokenType(rawValue: type.rawValue) ?? .normal
  }

  /// `add_space_prefix`: first as the files of Llama's kind say it, last and off in gemma's.
  private func prefixSettings(_ configuration: JSONValue, _ isByteLevel: Bool, before: Bool)
    -> [GGUFVocabulary.Setting]
  {
    let isGemma = model.modelType.hasPrefix("gemma") && !isByteLevel
    let isLlama = ["llama", "mistral", "mixtral", "smollm3", "granite"].contains(model.modelType)
    if before, isLlama, let isOn = configuration["add_prefix_space"]?.boolValue {
      return [.init("add_space_prefix", isOn, .beforeModel)]
    }
    return !before && isGemma ? [.init("add_space_prefix", false, .afterTemplate)] : []
  }

  // MARK: - Added tokens

  /// Added tokens that are not marked special are control tokens too when they look it; others are
  /// kept as they are written in text.
  private func normalize(
    _ tokens: inout [String], _ types: inout [GGUFVocabulary.TokenType], added: [JSONValue]
  ) {
    for item in added {
      guard let id = item["id"]?.integerValue, tokens.indices.contains(id) else { continue }
      (tokens[id], types[id]) = Self.added(tokens[id], isSpecial: types[id] == .control)
    }
  }

  private static func added(_ text: String, isSpecial: Bool) -> (String, GGUFVocabulary.TokenType) {
    if isSpecial || looksSpecial(text) { return (text, .control) }
    let written = text.unicodeScalars.map { $0 == "\u{2581}" ? " " : String($0) }
    return (written.joined(), .userDefined)
  }

  private static func looksSpecial(_ text: String) -> Bool {
    let known = ["<pad>", "<mask>", "<2mass>", "[@BOS@]"].contains(text)
    let barred = text.hasPrefix("<|") && text.hasSuffix("|>")
    let wide = text.hasPrefix("<\u{FF5C}") && text.hasSuffix("\u{FF5C}>")
    return known || barred || wide || (text.hasPrefix("<unused") && text.hasSuffix(">"))
  }

  // MARK: - SentencePiece

  /// The pieces of `tokenizer.model` with the added tokens; nil when there is no such file, or the
  /// tokenizer is another one.
  private func pieces(_ configuration: JSONValue) throws -> [SentencePieceModel.Piece]? {
    guard let path = tree["tokenizer.model"], layout.kind == .sentencePieceBPE else { return nil }
    var pieces = try SentencePieceModel(path: path).pieces
    let size = model.vocabularySize
    if pieces.count > size { pieces.removeLast(pieces.count - size) }
    for id in pieces.count..<size {
      pieces.append(.init(text: "[PAD\(id)]", score: -10000, type: .unused))
    }
    if let path = tree["added_tokens.json"] {
      for member in try JSONFile.read(path).objectValue ?? [] {
        guard let id = member.value.integerValue, pieces.indices.contains(id) else { continue }
        pieces[id] = .init(text: member.key, score: -1000, type: .userDefined)
      }
    }
    for member in configuration["added_tokens_decoder"]?.objectValue ?? [] {
      if let id = Int(member.key) { Self.add(member.value, id, to: &pieces) }
    }
    if model.modelType == "phi3" {
      for item in outline["added_tokens"]?.arrayValue ?? [] {
        if let id = item["id"]?.integerValue { Self.add(item, id, to: &pieces) }
      }
    }
    return isSame(pieces) ? pieces : nil
  }

  private static func add(
    _ item: JSONValue, _ id: Int, to pieces: inout [SentencePieceModel.Piece]
  ) {
    guard pieces.indices.contains(id), let text = item["content"]?.stringValue else { return }
    let (written, type) = added(text, isSpecial: item["special"]?.boolValue ?? false)
    pieces[id] = .init(text: written, score: -1000, type: type)
  }

  /// Whether the pieces are the tokens that the model was trained with.
  private func isSame(_ pieces: [SentencePieceModel.Piece]) -> Bool {
    let tokens = layout.tokens
    guard tokens.count <= pieces.count else { return false }
    return zip(tokens, pieces).allSatisfy { token, piece in
      token == piece.text || piece.type == .userDefined || piece.type == .control
        || token.hasPrefix("[PAD")
    }
  }
}
