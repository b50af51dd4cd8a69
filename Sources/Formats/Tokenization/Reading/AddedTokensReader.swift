internal import Diagnostics
internal import Documents

/// Reads `added_tokens`, and those that tokenizer_config.json adds.
///
/// Ids are those that `tokenizers` gives when it loads the file: a token of the model keeps its id;
/// any other is numbered on from the size of the vocabulary, whatever the file says. A file that says
/// another id is refused only where that would give one id to two tokens.
struct AddedTokensReader {
  private let file: String
  private let vocabulary: VocabularyReader
  private(set) var tokens: [AddedToken] = []
  private(set) var texts: [String?]
  private var known: [UTF8Text: Int] = [:]
  private var nextID: Int32

  /// Text by its bytes: spellings that Unicode calls equivalent stay two.
  private struct UTF8Text: Hashable {
    let bytes: [UInt8]
    init(_ text: String) { bytes = Array(text.utf8) }
  }

  init(_ vocabulary: VocabularyReader, file: String) {
    self.file = file
    self.vocabulary = vocabulary
    texts = vocabulary.texts
    nextID = Int32(vocabulary.count)
  }

  /// `added_tokens` of tokenizer.json.
  mutating func read(_ value: JSONValue?) throws {
    guard let value, !value.isNull else { return }
    guard let items = value.arrayValue else {
      throw vocabulary.part.problem(
        "stands beside 'added_tokens' that is \(value.kindName), expected a list")
    }
    for (index, item) in items.enumerated() {
      let part = TokenizerPart(json: item, file: file, path: "added_tokens[\(index)]")
      let content = try part.string("content")
      guard let id = part.json["id"] else {
        throw part.problem("has no 'id'", code: "tokenizer.missing")
      }
      _ = try VocabularyReader.id(id, of: content, part)
      try add(token(part, content), part)
    }
  }

  /// `added_tokens_decoder` of tokenizer_config.json: what tokenizer.json lacks or says otherwise.
  mutating func readDecoder(_ value: JSONValue?) throws {
    guard let members = value?.objectValue else { return }
    let sorted = members.sorted { (Int($0.key) ?? .max) < (Int($1.key) ?? .max) }
    for member in sorted {
      let part = TokenizerPart(
        json: member.value, file: "tokenizer_config.json",
        path: "added_tokens_decoder.\(SafeText.escaped(member.key))")
      guard part.json.objectValue != nil else { continue }
      try add(token(part, part.string("content")), part)
    }
  }

  /// Tokens with a role that no file adds: control tokens.
  mutating func readRole(_ value: JSONValue?, name: String) throws {
    guard let value, !value.isNull else { return }
    let part = TokenizerPart(json: value, file: "tokenizer_config.json", path: name)
    guard let content = value.stringValue ?? value["content"]?.stringValue, !content.isEmpty,
      known[UTF8Text(content)] == nil
    else { return }
    var added = try value.objectValue == nil ? plain(content) : token(part, content)
    added.isSpecial = true
    try add(added, part)
  }

  private func plain(_ content: String) -> AddedToken {
    AddedToken(
      id: 0, content: Array(content.utf8), isSpecial: true, singleWord: false, stripsLeft: false,
      stripsRight: false, isNormalized: false)
  }

  private func token(_ part: TokenizerPart, _ content: String) throws -> AddedToken {
    if content.isEmpty {
      throw part.problem("has an empty 'content', which would match everywhere")
    }
    let special = try part.flag("special", default: false)
    return AddedToken(
      id: 0, content: Array(content.utf8), isSpecial: special,
      singleWord: try part.flag("single_word", default: false),
      stripsLeft: try part.flag("lstrip", default: false),
      stripsRight: try part.flag("rstrip", default: false),
      isNormalized: try part.flag("normalized", default: !special))
  }

  private mutating func add(_ token: AddedToken, _ part: TokenizerPart) throws {
    var token = token
    let text = String(decoding: token.content, as: UTF8.self)
    if let index = known[UTF8Text(text)] {
      token.id = tokens[index].id
      tokens[index] = token
      return
    }
    let own = token.content.withUnsafeBufferPointer { vocabulary.names.find($0) }
    if own >= 0 {
      token.id = own
    } else {
      token.id = nextID
      nextID += 1
      if Int(token.id) >= texts.count {
        texts.append(contentsOf: repeatElement(nil, count: Int(token.id) + 1 - texts.count))
      }
      if let other = texts[Int(token.id)] {
        throw part.problem(
          "gets the id \(token.id), which is that of '\(SafeText.escaped(other))': the vocabulary has gaps",
          fix: "number the tokens of 'vocab' from 0 on without gaps, or put the added token into it"
        )
      }
      texts[Int(token.id)] = text
    }
    known[UTF8Text(text)] = tokens.count
    tokens.append(token)
  }
}
