internal import Documents

/// Token ids put before and after a text when special tokens are asked for.
struct PostProcessor: Sendable {
  var prefix: [Int32] = []
  var suffix: [Int32] = []
  static let known = [
    "Sequence", "ByteLevel", "TemplateProcessing", "BertProcessing", "RobertaProcessing",
  ]

  init() {}

  init(_ part: TokenizerPart?, id: (String) -> Int32?) throws {
    if let part { try add(part, id) }
  }

  private mutating func add(_ part: TokenizerPart, _ id: (String) -> Int32?) throws {
    switch try part.type() {
    case "ByteLevel": break  // changes offsets only
    case "Sequence": for inner in try part.parts("processors") { try add(inner, id) }
    case "TemplateProcessing": try addTemplate(part, id)
    case "BertProcessing", "RobertaProcessing":
      prefix.insert(try pair(part, "cls", id), at: 0)
      suffix.append(try pair(part, "sep", id))
    case let type: throw part.unknownType(type, known: Self.known)
    }
  }

  private func pair(_ part: TokenizerPart, _ key: String, _ id: (String) -> Int32?) throws -> Int32
  {
    guard let name = part.json[key]?.arrayValue?.first?.stringValue, let id = id(name) else {
      throw part.problem("names a '\(key)' token that is not in the vocabulary")
    }
    return id
  }

  private mutating func addTemplate(_ part: TokenizerPart, _ id: (String) -> Int32?) throws {
    var before: [Int32] = []
    var after: [Int32] = []
    var seen = false
    for item in try part.parts("single") {
      if item.json["Sequence"] != nil {
        seen = true
        continue
      }
      guard let name = item.json["SpecialToken"]?["id"]?.stringValue else {
        throw item.problem("is neither a Sequence nor a SpecialToken")
      }
      let ids = try specialIDs(part, name, id)
      if seen { after += ids } else { before += ids }
    }
    prefix = before + prefix
    suffix += after
  }

  private func specialIDs(_ part: TokenizerPart, _ name: String, _ id: (String) -> Int32?) throws
    -> [Int32]
  {
    if let listed = part.json["special_tokens"]?[name]?["ids"]?.arrayValue {
      return try listed.map {
        guard let number = $0.integerValue, let id = Int32(exactly: number), id >= 0 else {
          throw part.problem("has an id of '\(name)' that is no token id")
        }
        return id
      }
    }
    guard let id = id(name) else {
      throw part.problem("names the token '\(name)', which is not in the vocabulary")
    }
    return [id]
  }
}
