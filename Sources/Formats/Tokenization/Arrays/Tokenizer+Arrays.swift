internal import Diagnostics

extension Tokenizer {
  /// A tokenizer over the arrays of a GGUF file, with llama.cpp's rules: no Unicode normalization,
  /// splits by the name in `pre`, special tokens found longest first.
  ///
  /// - Throws: ``Failure`` for a model or pre-tokenizer that is not known, or arrays that do not fit.
  package convenience init(arrays: VocabularyArrays) throws {
    self.init(try ArraysReader(arrays).parts())
  }
}

/// Reads the arrays of one vocabulary.
struct ArraysReader {
  typealias TokenType = TokenizerLayout.TokenType

  let arrays: VocabularyArrays
  let names: ByteStringTable
  var types: [TokenType] = []

  init(_ arrays: VocabularyArrays) throws {
    self.arrays = arrays
    func problem(_ message: String, fix: String? = nil) -> Failure {
      Self.problem(arrays, message, fix: fix)
    }
    let count = arrays.tokens.count
    guard count > 0, count <= TokenizerFile.idMax else {
      throw problem("has \(count) tokens, expected from 1 to \(TokenizerFile.idMax)")
    }
    for (name, size) in [("scores", arrays.scores?.count), ("types", arrays.types?.count)] {
      if let size, size < count { throw problem("has \(size) \(name) for \(count) tokens") }
    }
    for (role, id) in arrays.specials.sorted(by: { $0.key < $1.key })
    where id < 0 || id >= count {
      throw problem(
        "gives the role '\(SafeText.escaped(role))' to token \(id), there are \(count) tokens")
    }
    var builder = ByteStringTable.Builder(count: count, byteCount: count * 8)
    for (id, text) in arrays.tokens.enumerated() {
      var text = text.isEmpty ? "[EMPTY_\(id)]" : text
      let other = text.withUTF8 { builder.add($0, Int32(id)) }
      if other >= 0 {
        throw problem("has the token '\(SafeText.escaped(text))' twice, as \(other) and \(id)")
      }
    }
    names = ByteStringTable(builder)
    types = SpecialTexts.types(arrays, names)
  }

  static func problem(_ arrays: VocabularyArrays, _ message: String, fix: String? = nil)
    -> Failure
  {
    Diagnostic(
      "gguf.vocabulary", "the vocabulary of '\(SafeText.escaped(arrays.file))' \(message)",
      fix: fix
    ).failure(.badInput)
  }

  func problem(_ message: String, fix: String? = nil) -> Failure {
    Self.problem(arrays, message, fix: fix)
  }

  /// What a model needs beside the tokens.
  struct Rules {
    var model: TokenModel
    var normalizer: Normalizer
    var preTokenizer: PreTokenizer
    var decoder: TokenDecoder
    var addsBOS: Bool
    var addsEOS: Bool
    /// BERT: BOS and separator stand around every text.
    var separator: String?
    /// llama.cpp's ids of roles that the file does not name.
    var defaults: [String: Int] = [:]
  }

  func parts() throws -> TokenizerParts {
    let rules: Rules
    switch arrays.model {
    case "gpt2", "gemma4": rules = try bytePairs()
    case "llama": rules = try scoreMerges()
    case "bert": rules = try words()
    case "t5": rules = try unigram()
    default:
      throw problem(
        "is of the model '\(SafeText.escaped(arrays.model))', which is not supported",
        fix: "known are bert, gemma4, gpt2, llama, t5")
    }
    func special(_ roles: String...) -> SpecialToken? {
      let id = roles.lazy.compactMap { arrays.specials[$0] }.first ?? rules.defaults[roles[0]]
      guard let id, arrays.tokens.indices.contains(id) else { return nil }
      return SpecialToken(id: Int32(id), text: arrays.tokens[id])
    }
    let bos = special("bos")
    let eos = special("eos")
    var post = PostProcessor()
    if arrays.flags["add_bos_token"] ?? rules.addsBOS || arrays.model == "bert", let bos {
      post.prefix = [bos.id]
    }
    if arrays.model == "bert" {
      post.suffix = special("seperator", "separator", "sep").map { [$0.id] } ?? []
    } else if arrays.flags["add_eos_token"] ?? rules.addsEOS, let eos {
      post.suffix = [eos.id]
    }
    let added = addedTokens()
    var parts = TokenizerParts(
      texts: arrays.tokens.map(\.self), names: names, model: rules.model,
      normalizer: rules.normalizer, preTokenizer: rules.preTokenizer, postProcessor: post,
      decoder: rules.decoder, addedTokens: added,
      layout: { [arrays, types, post] in TokenizerLayout(arrays, types: types, post: post) })
    parts.searchOrder = .longestFirst
    parts.literals = Set(added.map(\.id))
    parts.bos = bos
    parts.eos = eos
    parts.pad = special("padding")
    parts.unknown = special("unknown")
    return parts
  }

  /// Control and user-defined tokens; only the latter are found in text that is not parsed for
  /// special ones.
  private func addedTokens() -> [AddedToken] {
    let stripping = SpecialTexts.stripping(arrays)
    return types.enumerated().compactMap { id, type in
      guard type == .control || type == .userDefined || type == .unknown else { return nil }
      let content = Array(arrays.tokens[id].utf8)
      let strip = stripping(arrays.tokens[id])
      return AddedToken(
        id: Int32(id), content: content, isSpecial: type != .userDefined, singleWord: false,
        stripsLeft: strip.left, stripsRight: strip.right, isNormalized: false, pattern: content)
    }
  }

  func find(_ text: String) -> Int32 {
    var text = text
    return text.withUTF8 { names.find($0) }
  }
}
