internal import Diagnostics
internal import Documents
private import Foundation

/// A tokenizer.json, read and checked.
struct TokenizerFile {
  let file: String
  let configuration: JSONValue?
  /// By id; nil where no token has the id.
  private(set) var texts: [String?] = []
  let names: ByteStringTable
  let model: BPEModel
  /// Merges in order, as the two token texts.
  let merges: [(left: Int32, right: Int32, result: Int32)]
  let addedTokens: [AddedToken]
  let normalizer: Normalizer
  let preTokenizer: PreTokenizer
  let postProcessor: PostProcessor
  let decoder: TokenDecoder

  /// Ids beyond this are refused, so that tables by id stay small.
  static let idMax = 1 << 24

  init(_ json: JSONValue, configuration: JSONValue?, file: String) throws {
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
    preTokenizer = try PreTokenizer(part("pre_tokenizer"))
    normalizer = try Normalizer(part("normalizer"))
    decoder = try TokenDecoder(part("decoder"))
    let vocabulary = try VocabularyReader(modelPart, added: json["added_tokens"])
    texts = vocabulary.texts
    addedTokens = vocabulary.addedTokens
    let names = vocabulary.names
    self.names = names
    merges = try vocabulary.merges()
    model = try vocabulary.model(merges: merges, isByteLevel: preTokenizer.isByteLevel)
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
