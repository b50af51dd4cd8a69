package import Documents
package import Reproducibility

/// A tokenizer as `tokenizer.json` describes it: text ↔ token ids.
///
/// ```swift
/// let tokenizer = try Tokenizer(FileTree(folder: "models/tiny"))
/// let ids = tokenizer.encode("Hello", addSpecialTokens: true, parseSpecial: false)
/// ```
///
/// Byte-level BPE and SentencePiece-style BPE; ids are those of the file.
package final class Tokenizer: Sendable {
  /// The highest id plus one.
  package let vocabularySize: Int
  package let bos: SpecialToken?
  package let eos: SpecialToken?
  package let pad: SpecialToken?
  package let unknown: SpecialToken?
  /// What a GGUF file needs to know.
  package let layout: TokenizerLayout

  let model: BPEModel
  let normalizer: Normalizer
  let preTokenizer: PreTokenizer
  let postProcessor: PostProcessor
  let decoder: TokenDecoder
  /// Special tokens, and others that are looked for in the text as it is.
  let rawTokens: AddedTokenMatcher
  /// Other added tokens, looked for after normalization.
  let normalizedTokens: AddedTokenMatcher
  private let names: ByteStringTable
  private let texts: [String?]
  private let special: Set<Int32>
  let caches = PieceCachePool()

  /// Reads `tokenizer.json` and, where there is one, `tokenizer_config.json` of a model folder.
  ///
  /// - Throws: ``Failure`` that names the part that is missing, malformed or not supported.
  package convenience init(_ tree: FileTree) throws {
    let bytes = try TokenizerFile.bytes(path: tree.path("tokenizer.json"))
    let configuration = try tree["tokenizer_config.json"].map(TokenizerFile.bytes)
    try self.init(bytes: bytes, configuration: configuration)
  }

  /// Reads the contents of tokenizer.json and tokenizer_config.json.
  package convenience init(
    bytes: [UInt8], configuration: [UInt8]?, file: String = "tokenizer.json"
  ) throws {
    try self.init(
      json: TokenizerFile.json(bytes, name: file),
      configuration: configuration.map {
        try TokenizerFile.json($0, name: "tokenizer_config.json")
      }, file: file)
  }

  /// - Parameters:
  ///   - configuration: the contents of tokenizer_config.json, which name the roles of tokens.
  ///   - file: named in errors.
  package convenience init(json: JSONValue, configuration: JSONValue?, file: String) throws {
    self.init(try TokenizerFile(json, configuration: configuration, file: file))
  }

  init(_ file: TokenizerFile) {
    texts = file.texts
    names = file.names
    vocabularySize = file.texts.count
    model = file.model
    normalizer = file.normalizer
    preTokenizer = file.preTokenizer
    postProcessor = file.postProcessor
    decoder = file.decoder
    rawTokens = AddedTokenMatcher(file.addedTokens.filter { $0.isSpecial || !$0.isNormalized })
    normalizedTokens = AddedTokenMatcher(
      file.addedTokens.filter { !$0.isSpecial && $0.isNormalized })
    special = Set(file.addedTokens.filter(\.isSpecial).map(\.id))
    bos = file.role("bos_token")
    eos = file.role("eos_token")
    pad = file.role("pad_token")
    unknown = file.role("unk_token") ?? file.unknownToken
    layout = TokenizerLayout(file)
  }

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

  func bytes(of id: Int32) -> [UInt8]? { token(of: id).map { Array($0.utf8) } }

  /// Ids → text. Ids without a token are left out; bytes that are no UTF-8 become U+FFFD.
  package func decode(_ ids: [Int32], skipSpecialTokens: Bool) -> String {
    var decoder = StreamingDecoder(self, skipSpecialTokens: skipSpecialTokens)
    var text = ""
    for id in ids { text += decoder.append(id) }
    return text + decoder.finish()
  }
}
