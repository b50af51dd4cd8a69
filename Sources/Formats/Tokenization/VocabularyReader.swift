internal import Diagnostics
internal import Documents

/// Reads `model` and `added_tokens`: every id in range, every merge of tokens that exist.
struct VocabularyReader {
  private let part: TokenizerPart
  /// By id.
  private(set) var texts: [String?] = []
  private(set) var addedTokens: [AddedToken] = []
  private(set) var names = ByteStringTable([])
  private var modelNames = ByteStringTable([])
  static let models = ["BPE"]

  init(_ part: TokenizerPart, added: JSONValue?) throws {
    self.part = part
    try checkType()
    guard let vocabulary = part.json["vocab"], let members = vocabulary.objectValue else {
      let found = part.json["vocab"].map { " (it is \($0.kindName))" } ?? ""
      throw part.problem("has no mapping 'vocab'\(found)", code: "tokenizer.missing")
    }
    var entries: [(key: [UInt8], value: Int32)] = []
    entries.reserveCapacity(members.count)
    for member in members {
      let id = try self.id(member.value, of: member.key)
      try place(member.key, at: id)
      entries.append((Array(member.key.utf8), id))
    }
    modelNames = ByteStringTable(entries)
    if let added, !added.isNull {
      guard let items = added.arrayValue else {
        throw part.problem(
          "stands beside 'added_tokens' that is \(added.kindName), expected a list")
      }
      for (index, item) in items.enumerated() {
        let token = try self.added(
          TokenizerPart(json: item, file: part.file, path: "added_tokens[\(index)]"))
        addedTokens.append(token)
        entries.append((token.content, token.id))
      }
    }
    names = ByteStringTable(entries)
  }

  private func checkType() throws {
    // Older files leave the type out; a list of merges tells BPE.
    let type = part.json["type"]?.stringValue ?? (part.json["merges"] == nil ? "none" : "BPE")
    guard type == "BPE" else {
      throw part.unknownType(
        type, known: Self.models, later: ["Unigram", "WordPiece", "WordLevel"])
    }
    for key in ["continuing_subword_prefix", "end_of_word_suffix"] {
      if !(try part.string(key, default: "")).isEmpty {
        throw part.problem("has a '\(key)', which is not supported", code: "tokenizer.unsupported")
      }
    }
    if let dropout = part.json["dropout"]?.doubleValue, dropout != 0 {
      throw part.problem("has a 'dropout', which would make ids random")
    }
  }

  private func id(_ value: JSONValue, of token: String) throws -> Int32 {
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
    if let other = texts[index], !other.utf8.elementsEqual(text.utf8) {
      throw part.problem(
        "gives the id \(id) to two tokens, '\(SafeText.escaped(other))' and '\(SafeText.escaped(text))'"
      )
    }
    texts[index] = text
  }

  private mutating func added(_ item: TokenizerPart) throws -> AddedToken {
    let content = try item.string("content")
    guard let value = item.json["id"] else {
      throw item.problem("has no 'id'", code: "tokenizer.missing")
    }
    let id = try self.id(value, of: content)
    if content.isEmpty {
      throw item.problem("has an empty 'content', which would match everywhere")
    }
    try place(content, at: id)
    let special = try item.flag("special", default: false)
    return AddedToken(
      id: id, content: Array(content.utf8), isSpecial: special,
      singleWord: try item.flag("single_word", default: false),
      stripsLeft: try item.flag("lstrip", default: false),
      stripsRight: try item.flag("rstrip", default: false),
      isNormalized: try item.flag("normalized", default: !special))
  }

  // MARK: - Merges

  /// Merges as "a b" or ["a", "b"].
  func merges() throws -> [(left: Int32, right: Int32, result: Int32)] {
    guard let items = part.json["merges"]?.arrayValue else {
      throw part.problem("has no list 'merges'", code: "tokenizer.missing")
    }
    var merges: [(left: Int32, right: Int32, result: Int32)] = []
    merges.reserveCapacity(items.count)
    var joined: [UInt8] = []
    for (index, item) in items.enumerated() {
      joined.removeAll(keepingCapacity: true)
      let middle: Int
      switch item {
      case .string(let text):
        joined += text.utf8
        guard let space = joined.firstIndex(of: 0x20), space == joined.lastIndex(of: 0x20) else {
          throw mergeProblem(index, "is not two tokens with one blank between them")
        }
        joined.remove(at: space)
        middle = space
      case .array(let pair):
        guard pair.count == 2, let left = pair[0].stringValue, let right = pair[1].stringValue
        else { throw mergeProblem(index, "is not a pair of tokens") }
        joined += left.utf8
        middle = joined.count
        joined += right.utf8
      default: throw mergeProblem(index, "is \(item.kindName), expected a pair of tokens")
      }
      merges.append(try merge(joined, middle, index))
    }
    return merges
  }

  private func merge(_ joined: [UInt8], _ middle: Int, _ index: Int) throws
    -> (left: Int32, right: Int32, result: Int32)
  {
    try joined.withUnsafeBufferPointer { bytes in
      let left = modelNames.find(bytes.slice(0, middle))
      let right = modelNames.find(bytes.slice(middle, bytes.count))
      let result = modelNames.find(bytes)
      guard left >= 0, right >= 0 else {
        throw mergeProblem(index, "names a token that is not in the vocabulary")
      }
      guard result >= 0 else {
        throw mergeProblem(index, "makes a token that is not in the vocabulary")
      }
      return (left, right, result)
    }
  }

  private func mergeProblem(_ index: Int, _ message: String) -> Failure {
    part.problem("has a merge (number \(index)) that \(message)", code: "tokenizer.merge")
  }

  // MARK: - Model

  func model(
    merges: [(left: Int32, right: Int32, result: Int32)], isByteLevel: Bool
  ) throws -> BPEModel {
    var unknown: Int32 = -1
    var name = try part.string("unk_token", default: "")
    if !name.isEmpty {
      unknown = name.withUTF8 { modelNames.find($0) }
      if unknown < 0 {
        throw part.problem(
          "names the unk_token '\(SafeText.escaped(name))', which is not in 'vocab'")
      }
    }
    return BPEModel(
      alphabet: isByteLevel ? .bytes : .scalars, table: isByteLevel ? rawTable() : modelNames,
      merger: PieceMerger(merges: MergeTable(merges)),
      byteIDs: FrozenBuffer(byteIDs(isByteLevel: isByteLevel)),
      byteFallback: try part.flag("byte_fallback", default: false),
      ignoreMerges: try part.flag("ignore_merges", default: false),
      fuseUnknown: try part.flag("fuse_unk", default: false), unknown: unknown,
      cutsAtMetaspace: !isByteLevel && cutsAtMetaspace(merges))
  }

  /// Raw bytes → id, for the tokens that are spelled in the byte alphabet.
  private func rawTable() -> ByteStringTable {
    var entries: [(key: [UInt8], value: Int32)] = []
    entries.reserveCapacity(texts.count)
    for member in part.json["vocab"]?.objectValue ?? [] {
      var text = member.key
      guard let id = member.value.integerValue,
        let raw = text.withUTF8({ ByteAlphabet.decode($0) })
      else { continue }
      entries.append((raw, Int32(id)))
    }
    return ByteStringTable(entries)
  }

  private func byteIDs(isByteLevel: Bool) -> [Int32] {
    (0..<256).map { byte in
      let digits = String(byte, radix: 16, uppercase: true)
      var name =
        isByteLevel
        ? ByteAlphabet.encode([UInt8(byte)])
        : "<0x\(byte < 16 ? "0" : "")\(digits)>"
      return name.withUTF8 { modelNames.find($0) }
    }
  }

  private func cutsAtMetaspace(_ merges: [(left: Int32, right: Int32, result: Int32)]) -> Bool {
    let mark = Metaspace.mark
    guard mark.withUnsafeBufferPointer({ modelNames.find($0) }) >= 0 else { return false }
    return merges.allSatisfy { merge in
      guard var left = texts[Int(merge.left)], var right = texts[Int(merge.right)] else {
        return false
      }
      // A mark at the start of the right part must follow marks only.
      return right.withUTF8 { right in
        guard right.starts(with: mark) else { return true }
        return left.withUTF8 { left in left.count >= 3 && left.suffix(3).elementsEqual(mark) }
      }
    }
  }
}
