internal import Diagnostics
internal import Documents
private import Foundation

/// A tokenizer.json, read and checked.
struct TokenizerFile {
  let file: String
  /// tokenizer_config.json.
  let configuration: JSONValue?
  /// By id; nil where no token has the id.
  let texts: [String?]
  let names: ByteStringTable
  let model: TokenModel
  /// Merges in order, as the two tokens and what they make.
  let merges: [(left: Int32, right: Int32, result: Int32)]
  let addedTokens: [AddedToken]
  let normalizer: Normalizer
  let preTokenizer: PreTokenizer
  let postProcessor: PostProcessor
  let decoder: TokenDecoder

  /// Ids beyond this are refused, so that tables by id stay small.
  static let idMax = 1 << 24
  static let roles = [
    "bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token",
  ]

  /// - Parameter scan: vocabulary and merges, where they were taken out of `json`.
  init(
    _ json: JSONValue, configuration: JSONValue?, file: String, scan: VocabularyScan? = nil
  ) throws {
    func part(_ key: String) -> TokenizerPart? {
      guard let value = json[key], !value.isNull else { return nil }
      return TokenizerPart(json: value, file: file, path: key)
    }
    guard json.objectValue != nil, let modelPart = part("model") else {
      throw Diagnostic(
        "tokenizer.missing", "'\(SafeText.escaped(file))' has no 'model'",
        fix: "this is not a tokenizer.json; it needs a model, with vocab and merges"
      ).failure(.badInput)
    }
    self.file = file
    self.configuration = configuration
    var preTokenizer = try PreTokenizer(part("pre_tokenizer"))
    let normalizer = try Normalizer(part("normalizer"))
    decoder = try TokenDecoder(part("decoder"))
    let vocabulary = try VocabularyReader(modelPart, scan)
    var added = AddedTokensReader(vocabulary, file: file)
    try added.read(json["added_tokens"])
    try added.readDecoder(configuration?["added_tokens_decoder"])
    for role in Self.roles { try added.readRole(configuration?[role], name: role) }
    for key in ["additional_special_tokens", "extra_special_tokens"] {
      for value in configuration?[key]?.arrayValue ?? [] { try added.readRole(value, name: key) }
    }
    let model = try vocabulary.model(
      &preTokenizer, special: Set(added.tokens.filter(\.isSpecial).map(\.id)))
    self.normalizer = normalizer
    self.preTokenizer = preTokenizer
    self.model = model.model
    merges = model.merges
    texts = added.texts
    addedTokens = added.tokens.map { $0.normalized(by: normalizer) }
    let names = Self.names(vocabulary, addedTokens)
    self.names = names
    postProcessor = try PostProcessor(part("post_processor")) { name in
      var name = name
      let id = name.withUTF8 { names.find($0) }
      return id < 0 ? nil : id
    }
    let size = texts.count
    guard (postProcessor.prefix + postProcessor.suffix).allSatisfy({ $0 < size }) else {
      throw Diagnostic(
        "tokenizer.wrong-value",
        "'post_processor' of '\(SafeText.escaped(file))' adds an id outside the vocabulary"
      ).failure(.badInput)
    }
  }

  /// The model's tokens, and those added to them.
  private static func names(_ vocabulary: VocabularyReader, _ added: [AddedToken])
    -> ByteStringTable
  {
    let isNew = added.contains {
      $0.content.withUnsafeBufferPointer { vocabulary.names.find($0) } < 0
    }
    guard isNew else { return vocabulary.names }
    var builder = ByteStringTable.Builder(
      count: vocabulary.texts.count + added.count, byteCount: vocabulary.texts.count * 8)
    for token in added {
      token.content.withUnsafeBufferPointer { _ = builder.add($0, token.id) }
    }
    for (id, text) in vocabulary.texts.enumerated() {
      guard var text else { continue }
      text.withUTF8 { _ = builder.add($0, Int32(id)) }
    }
    return ByteStringTable(builder)
  }

  /// The token that tokenizer_config.json names under `key`, as a string or as an object.
  func role(_ key: String) -> SpecialToken? {
    guard let value = configuration?[key],
      let text = value.stringValue ?? value["content"]?.stringValue
    else { return nil }
    return token(text)
  }

  /// The model's own unknown token.
  var unknownToken: SpecialToken? {
    guard model.unknown >= 0, let text = texts[Int(model.unknown)] else { return nil }
    return SpecialToken(id: model.unknown, text: text)
  }

  private func token(_ text: String) -> SpecialToken? {
    var text = text
    let id = text.withUTF8 { names.find($0) }
    return id < 0 ? nil : SpecialToken(id: id, text: text)
  }

  // MARK: - Reading

  /// The bytes of a file on disk.
  static func bytes(path: String) throws -> [UInt8] {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Diagnostic("io.unreadable", "'\(SafeText.escaped(path))' cannot be read").failure(.io)
    }
    return Array(data)
  }

  /// JSON text; downloads that went wrong are called by their name.
  static func json(_ bytes: [UInt8], name: String) throws -> JSONValue {
    let head = bytes.prefix(64)
    let shown = SafeText.escaped(name)
    if head.starts(with: Array("version https://git-lfs".utf8)) {
      throw Diagnostic(
        "tokenizer.lfs-pointer", "'\(shown)' is a Git LFS pointer, not the file itself",
        fix: "fetch the file with 'git lfs pull'"
      ).failure(.badInput)
    }
    if head.first(where: { $0 > 0x20 }) == UInt8(ascii: "<") {
      throw Diagnostic(
        "tokenizer.html", "'\(shown)' is an HTML page, not JSON",
        fix: "the download failed; fetch the file again"
      ).failure(.badInput)
    }
    return try JSONReader.parse(bytes, file: name)
  }
}
