package import Documents
package import Reproducibility

/// A tokenizer as `tokenizer.json` describes it: text ↔ token ids.
///
/// ```swift
/// let tokenizer = try Tokenizer(FileTree(folder: "models/tiny"))
/// let ids = tokenizer.encode("Hello", addSpecialTokens: true, parseSpecial: false)
/// ```
///
/// BPE, Unigram, WordPiece and WordLevel models; ids are those that `tokenizers` gives.
package final class Tokenizer: Sendable {
  /// The highest id plus one.
  package let vocabularySize: Int
  package let bos: SpecialToken?
  package let eos: SpecialToken?
  package let pad: SpecialToken?
  package let unknown: SpecialToken?
  /// What a GGUF file needs to know; made anew each time.
  package var layout: TokenizerLayout { makeLayout() }

  let model: TokenModel
  let normalizer: Normalizer
  let preTokenizer: PreTokenizer
  let postProcessor: PostProcessor
  let decoder: TokenDecoder
  /// Added tokens that are looked for in the text as it is.
  let rawTokens: AddedTokenMatcher
  /// Other added tokens, looked for after normalization.
  let normalizedTokens: AddedTokenMatcher
  private let makeLayout: @Sendable () -> TokenizerLayout
  private let names: ByteStringTable
  private let texts: [String?]
  private let special: Set<Int32>
  /// Tokens that decoders take as their text, whatever the byte alphabet says.
  let literals: Set<Int32>
  private let spelled: [Int32: [UInt8]]
  let caches = PieceCachePool()

  /// Reads `tokenizer.json` and, where there is one, `tokenizer_config.json` of a model folder.
  ///
  /// - Throws: ``Failure`` that names the part that is missing, malformed or not supported.
  package convenience init(_ tree: FileTree) throws {
    let bytes = try TokenizerFile.bytes(path: tree.path("tokenizer.json"))
    func read(_ name: String) throws -> JSONValue? {
      try tree[name].map { try TokenizerFile.json(TokenizerFile.bytes(path: $0), name: name) }
    }
    let configuration = try SpecialTokenFiles.merge(
      configuration: read("tokenizer_config.json"), map: read("special_tokens_map.json"),
      added: read("added_tokens.json"))
    try self.init(bytes: bytes, settings: configuration, file: "tokenizer.json")
  }

  /// Reads the contents of tokenizer.json and tokenizer_config.json.
  package convenience init(
    bytes: [UInt8], configuration: [UInt8]?, file: String = "tokenizer.json"
  ) throws {
    try self.init(
      bytes: bytes,
      settings: configuration.map {
        try TokenizerFile.json($0, name: "tokenizer_config.json")
      }, file: file)
  }

  /// Vocabulary and merges are scanned where they stand; a file in which anything is unusual is read
  /// again as a whole, so that errors have their places.
  private convenience init(bytes: [UInt8], settings: JSONValue?, file: String) throws {
    if let scan = VocabularyScan(bytes, file: file) {
      self.init(
        try TokenizerFile(scan.rest, configuration: settings, file: file, scan: scan))
    } else {
      self.init(
        try TokenizerFile(
          TokenizerFile.json(bytes, name: file), configuration: settings, file: file))
    }
  }

  /// - Parameters:
  ///   - configuration: the contents of tokenizer_config.json, which name the roles of tokens.
  ///   - file: named in errors.
  package convenience init(json: JSONValue, configuration: JSONValue?, file: String) throws {
    self.init(try TokenizerFile(json, configuration: configuration, file: file))
  }

  convenience init(_ file: TokenizerFile) {
    var parts = TokenizerParts(
      texts: file.texts, names: file.names, model: file.model, normalizer: file.normalizer,
      preTokenizer: file.preTokenizer, postProcessor: file.postProcessor, decoder: file.decoder,
      addedTokens: file.addedTokens, layout: { TokenizerLayout(file) })
    parts.bos = file.role("bos_token")
    parts.eos = file.role("eos_token")
    parts.pad = file.role("pad_token")
    parts.unknown = file.role("unk_token") ?? file.unknownToken
    self.init(parts)
  }

  init(_ parts: TokenizerParts) {
    texts = parts.texts
    names = parts.names
    vocabularySize = parts.texts.count
    model = parts.model
    normalizer = parts.normalizer
    preTokenizer = parts.preTokenizer
    postProcessor = parts.postProcessor
    decoder = parts.decoder
    let order = parts.searchOrder
    rawTokens = AddedTokenMatcher(parts.addedTokens.filter { !$0.isNormalized }, order)
    normalizedTokens = AddedTokenMatcher(parts.addedTokens.filter(\.isNormalized), order)
    special = Set(parts.addedTokens.filter(\.isSpecial).map(\.id))
    literals = parts.literals
    bos = parts.bos
    eos = parts.eos
    pad = parts.pad
    unknown = parts.unknown
    makeLayout = parts.layout
    spelled = Dictionary(
      parts.addedTokens.filter { $0.pattern != $0.content }.map { ($0.id, $0.pattern) }
    ) { first, _ in first }
  }

  /// What a tokenizer.json calls the model: `BPE`, `Unigram`, `WordPiece`, `WordLevel`.
  package var modelName: String { model.name }

  /// The id of a token by its text in the file, or nil.
  package func id(of token: String) -> Int32? {
    var token = token
    let id = token.withUTF8 { names.find($0) }
    return id < 0 ? nil : id
  }

  /// The text of a token as the file has it, or nil.
  package func token(of id: Int32) -> String? {
    texts.indices.contains(Int(id)) ? texts[Int(id)] : nil
  }

  /// Whether a token is a control token.
  package func isSpecial(_ id: Int32) -> Bool { special.contains(id) }

  /// What decoding starts from: the text of a token, normalized where it is looked for so.
  func bytes(of id: Int32) -> [UInt8]? { spelled[id] ?? token(of: id).map { Array($0.utf8) } }

  /// Ids → text. Ids without a token are left out; bytes that are no UTF-8 become U+FFFD.
  package func decode(_ ids: [Int32], skipSpecialTokens: Bool) -> String {
    var decoder = StreamingDecoder(self, skipSpecialTokens: skipSpecialTokens)
    var text = ""
    for id in ids { text += decoder.append(id) }
    return text + decoder.finish()
  }
}
