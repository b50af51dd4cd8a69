import Diagnostics

/// A tokenizer as a GGUF file keeps it: plain arrays.
package struct GGUFVocabulary: Sendable, Hashable {
  /// Meaning of a token, by ggml's numbers (`llama_token_type`).
  package enum TokenType: Int32, Sendable, Hashable, CaseIterable {
    case normal = 1
    case unknown, control, userDefined, unused, byte
  }

  /// A token with a role: `bos`, `eos`, `eot`, `unknown`, `padding`, …
  package struct Special: Sendable, Hashable {
    /// As in `tokenizer.ggml.<role>_token_id`.
    package var role: String
    package var id: Int

    package init(_ role: String, _ id: Int) {
      self.role = role
      self.id = id
    }
  }

  /// A setting of the tokenizer: `add_bos_token`, `add_eos_token`, `add_space_prefix`.
  package struct Setting: Sendable, Hashable {
    package var name: String
    package var isOn: Bool
    package var place: Place

    /// Where the converter's classes put it.
    package enum Place: Sendable, Hashable {
      case beforeModel, beforeTemplate, afterTemplate
    }

    package init(_ name: String, _ isOn: Bool, _ place: Place = .beforeTemplate) {
      self.name = name
      self.isOn = isOn
      self.place = place
    }
  }

  /// `gpt2` for byte-level BPE, `llama` for SentencePiece-style BPE.
  package var model: String
  /// Name of the pre-tokenizer: `llama-bpe`, `qwen2`, `default`.
  package var pre: String
  /// By id.
  package var tokens: [String]
  /// By id; SentencePiece style only.
  package var scores: [Float]?
  /// By id.
  package var types: [TokenType]
  /// `left right`, in order of rank; byte-level BPE only.
  package var merges: [String]?
  /// In the order of the file.
  package var specials: [Special]
  /// In the order of the file.
  package var settings: [Setting]
  package var chatTemplate: String?
  /// SentencePiece's precompiled map of characters; unigram only.
  package var charsmap: [UInt8]?

  package init(
    model: String, pre: String, tokens: [String], scores: [Float]? = nil, types: [TokenType],
    merges: [String]? = nil, specials: [Special] = [], settings: [Setting] = [],
    chatTemplate: String? = nil
  ) {
    self.model = model
    self.pre = pre
    self.tokens = tokens
    self.scores = scores
    self.types = types
    self.merges = merges
    self.specials = specials
    self.settings = settings
    self.chatTemplate = chatTemplate
  }

  /// The id of the token with this role, or nil.
  package func id(_ role: String) -> Int? { specials.first { $0.role == role }?.id }

  /// The vocabulary with as many tokens as the embedding has rows: unused tokens `[PADn]` fill up.
  ///
  /// - Throws: ``Failure`` when there are more tokens than rows.
  package func filled(to rows: Int) throws -> GGUFVocabulary {
    guard tokens.count <= rows else {
      throw Diagnostic(
        "gguf.vocabulary",
        "the tokenizer has \(tokens.count) tokens, the embedding only \(rows) rows",
        fix: "train the embedding of the added tokens, or remove them from the tokenizer"
      ).failure(.badInput)
    }
    var filled = self
    for id in tokens.count..<rows {
      filled.tokens.append("[PAD\(id)]")
      filled.types.append(.unused)
      filled.scores?.append(-10000)
    }
    return filled
  }

  /// The keys `tokenizer.*`, in the converter's order.
  var pairs: [GGUFPair] {
    func written(_ place: Setting.Place) -> [GGUFPair] {
      settings.filter { $0.place == place }.map {
        GGUFPair("tokenizer.ggml.\($0.name)", .flag($0.isOn))
      }
    }
    var pairs = written(.beforeModel)
    pairs += [
      GGUFPair("tokenizer.ggml.model", .string(model)),
      GGUFPair("tokenizer.ggml.pre", .string(pre)),
      GGUFPair("tokenizer.ggml.tokens", .strings(tokens)),
    ]
    if let scores {
      pairs.append(GGUFPair("tokenizer.ggml.scores", .numbers(scores.map(Double.init), .float32)))
    }
    pairs.append(
      GGUFPair("tokenizer.ggml.token_type", .integers(types.map { Int64($0.rawValue) }, .int32)))
    if let merges { pairs.append(GGUFPair("tokenizer.ggml.merges", .strings(merges))) }
    for special in specials {
      pairs.append(GGUFPair("tokenizer.ggml.\(special.role)_token_id", .uint32(special.id)))
    }
    if let charsmap {
      pairs.append(
        GGUFPair("tokenizer.ggml.precompiled_charsmap", .integers(charsmap.map(Int64.init), .uint8))
      )
    }
    pairs += written(.beforeTemplate)
    if let chatTemplate {
      pairs.append(GGUFPair("tokenizer.chat_template", .string(chatTemplate)))
    }
    pairs += written(.afterTemplate)
    return pairs
  }
}

extension GGUFVocabulary {
  /// Reads the keys `tokenizer.*` of a file and checks that they agree.
  ///
  /// - Throws: ``Failure`` of class `badInput` with every disagreement.
  package init(_ file: GGUFReader) throws {
    var diagnostics: [Diagnostic] = []
    func problem(_ message: String) {
      diagnostics.append(
        Diagnostic("gguf.vocabulary", "\(SafeText.path(file.path)): \(message)"))
    }
    let tokens = file["tokenizer.ggml.tokens"]?.strings ?? []
    if tokens.isEmpty { problem("'tokenizer.ggml.tokens' is missing or empty") }
    let scores = file["tokenizer.ggml.scores"]?.numbers
    let numbers = file["tokenizer.ggml.token_type"]?.integers
    for (what, count) in [("scores", scores?.count), ("token types", numbers?.count)] {
      if let count, count != tokens.count {
        problem("there are \(count) \(what) for \(tokens.count) tokens")
      }
    }
    var types: [TokenType] = []
    for number in numbers ?? [Int64](repeating: 1, count: tokens.count) {
      let type = Int32(exactly: number).flatMap { TokenType(rawValue: $0) }
      if type == nil { problem("a token has the unknown type \(number)") }
      types.append(type ?? .normal)
      if diagnostics.count > 8 { break }
    }
    var specials: [Special] = []
    var settings: [Setting] = []
    var place = Setting.Place.beforeModel
    for pair in file.pairs where pair.key.hasPrefix("tokenizer.") {
      if pair.key == "tokenizer.ggml.model" { place = .beforeTemplate }
      if pair.key == "tokenizer.chat_template" { place = .afterTemplate }
      guard pair.key.hasPrefix("tokenizer.ggml.") else { continue }
      let name = String(pair.key.dropFirst("tokenizer.ggml.".count))
      if name.hasSuffix("_token_id") {
        let role = String(name.dropLast("_token_id".count))
        guard let id = pair.value.integer, tokens.indices.contains(id) else {
          let found = pair.value.integer.map(String.init) ?? "of type \(pair.value.type.name)"
          problem("'\(SafeText.escaped(pair.key))' is \(found), there are \(tokens.count) tokens")
          continue
        }
        specials.append(Special(role, id))
      } else if let flag = pair.value.flag {
        settings.append(Setting(name, flag, place))
      }
    }
    if !diagnostics.isEmpty { throw Failure(diagnostics, .badInput) }
    self.init(
      model: file["tokenizer.ggml.model"]?.string ?? "",
      pre: file["tokenizer.ggml.pre"]?.string ?? "default", tokens: tokens,
      scores: scores?.map { Float($0) }, types: types,
      merges: file["tokenizer.ggml.merges"]?.strings, specials: specials, settings: settings,
      chatTemplate: file["tokenizer.chat_template"]?.string)
    charsmap = file["tokenizer.ggml.precompiled_charsmap"]?.integers?.map {
      UInt8(truncatingIfNeeded: $0)
    }
  }
}
