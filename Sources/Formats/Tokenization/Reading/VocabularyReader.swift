internal import Diagnostics
internal import Documents

/// Reads `model`: the kind of model, its tokens, every id in range.
struct VocabularyReader {
  enum Kind: String, CaseIterable {
    case bpe = "BPE", unigram = "Unigram", wordPiece = "WordPiece", wordLevel = "WordLevel"
  }

  let part: TokenizerPart
  let kind: Kind
  /// By id; nil where no token has the id.
  private(set) var texts: [String?] = []
  /// Ids of the model's own tokens.
  private(set) var names: ByteStringTable
  /// Unigram: log probabilities by id.
  private(set) var scores: [Double] = []
  /// How many tokens the model has.
  private(set) var count = 0

  /// Merges that were scanned, in order.
  let scannedMerges: [(left: Int32, right: Int32, result: Int32)]?

  init(_ part: TokenizerPart, _ scan: VocabularyScan? = nil) throws {
    self.part = part
    scannedMerges = scan?.merges
    kind = try Self.kind(part)
    if let scan, kind != .unigram {
      texts = scan.texts
      names = scan.names
      count = scan.count
      return
    }
    names = ByteStringTable([])
    var builder: ByteStringTable.Builder
    if kind == .unigram {
      builder = try readList()
    } else {
      builder = try readMapping()
    }
    count = builder.count
    names = ByteStringTable(builder)
  }

  /// Older files leave the type out; what they have tells it.
  private static func kind(_ part: TokenizerPart) throws -> Kind {
    guard let value = part.json["type"], !value.isNull else {
      if part.json["vocab"]?.arrayValue != nil { return .unigram }
      if part.json["merges"] != nil { return .bpe }
      if part.json["max_input_chars_per_word"] != nil { return .wordPiece }
      if part.json["unk_token"] != nil { return .wordLevel }
      throw part.problem("has no 'type'", code: "tokenizer.missing")
    }
    let type = try part.type()
    guard let kind = Kind(rawValue: type) else {
      throw part.unknownType(type, known: Kind.allCases.map(\.rawValue))
    }
    return kind
  }

  private mutating func readMapping() throws -> ByteStringTable.Builder {
    guard let vocabulary = part.json["vocab"], let members = vocabulary.objectValue else {
      let found = part.json["vocab"].map { " (it is \($0.kindName))" } ?? ""
      throw part.problem("has no mapping 'vocab'\(found)", code: "tokenizer.missing")
    }
    var builder = ByteStringTable.Builder(count: members.count, byteCount: members.count * 8)
    texts.reserveCapacity(members.count)
    for member in members {
      let id = try Self.id(member.value, of: member.key, part)
      try place(member.key, at: id)
      var key = member.key
      key.withUTF8 { _ = builder.add($0, id) }
    }
    return builder
  }

  /// Unigram: `[[token, score], …]`; of equal tokens the last one counts.
  private mutating func readList() throws -> ByteStringTable.Builder {
    guard let items = part.json["vocab"]?.arrayValue else {
      let found = part.json["vocab"].map { " (it is \($0.kindName))" } ?? ""
      throw part.problem("has no list 'vocab'\(found)", code: "tokenizer.missing")
    }
    guard items.count <= TokenizerFile.idMax else {
      throw part.problem("has \(items.count) tokens, at most \(TokenizerFile.idMax) are possible")
    }
    var builder = ByteStringTable.Builder(count: items.count, byteCount: items.count * 8)
    for (index, item) in items.enumerated().reversed() {
      guard let pair = item.arrayValue, pair.count == 2, var token = pair[0].stringValue,
        pair[1].doubleValue != nil
      else { throw part.problem("has a 'vocab' whose item \(index) is no pair of token and score") }
      token.withUTF8 { _ = builder.add($0, Int32(index)) }
    }
    texts = items.map { $0.arrayValue?[0].stringValue }
    scores = items.map { $0.arrayValue?[1].doubleValue ?? 0 }
    return builder
  }

  static func id(_ value: JSONValue, of token: String, _ part: TokenizerPart) throws -> Int32 {
    guard case .integer(let number) = value, number >= 0, number <= TokenizerFile.idMax else {
      let shown =
        switch value {
        case .integer(let number): "the id \(number)"
        case .number(let number): "the id \(number)"
        default: "\(value.kindName) as id"
        }
      throw part.problem(
        "gives the token '\(SafeText.escaped(token))' \(shown), expected a whole number from 0 to \(TokenizerFile.idMax)"
      )
    }
    return Int32(number)
  }

  private mutating func place(_ text: String, at id: Int32) throws {
    let index = Int(id)
    if index >= texts.count {
      texts.append(contentsOf: repeatElement(nil, count: index + 1 - texts.count))
    }
    if let other = texts[index] {
      throw part.problem(
        "gives the id \(id) to two tokens, '\(SafeText.escaped(other))' and '\(SafeText.escaped(text))'"
      )
    }
    texts[index] = text
  }
}
