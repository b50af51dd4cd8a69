import Documents
import ModelFiles
import Reproducibility

/// The tokens with a role, and whether they are added, as llama.cpp's converter takes them from a
/// model's files (gguf-py, `SpecialVocab`, commit 0c1e57098): from `tokenizer_config.json` first,
/// `config.json` second; what is added from the post-processor first.
struct ConverterSpecials {
  private(set) var specials: [GGUFVocabulary.Special] = []
  private(set) var settings: [GGUFVocabulary.Setting] = []

  private var ids: [(role: String, id: Int)] = []
  private var adds: [(role: String, isOn: Bool)] = []
  /// Roles with texts where they are not `tokenizer_config.json`'s own.
  private var texts: [String: String] = [:]
  private let configuration: JSONValue

  /// Roles in the converter's order, and what the file calls them.
  private static let roles = [
    ("bos", "bos"), ("eos", "eos"), ("unk", "unknown"), ("sep", "seperator"), ("pad", "padding"),
    ("cls", "cls"), ("mask", "mask"), ("eot", "eot"),
  ]

  /// - Parameter tokenCount: ids from here on are left out.
  init(tokenizer: JSONValue, configuration: JSONValue?, model: JSONValue, tokenCount: Int) {
    self.configuration = configuration ?? .null
    for (role, _) in Self.roles {
      texts[role] = Self.text(self.configuration["\(role)_token"])
    }
    // A classifier's first token stands for a missing bos, its separator for a missing eos.
    texts["bos"] = texts["bos"] ?? texts["cls"]
    texts["eos"] = texts["eos"] ?? texts["sep"]
    readPostProcessor(tokenizer["post_processor"] ?? .null)
    if configuration != nil {
      readConfiguration(tokenizer["added_tokens"]?.arrayValue ?? [])
    }
    for (role, _) in Self.roles.dropLast() {
      if let id = model["\(role)_token_id"]?.integerValue { set(role, id) }
    }
    let names = Dictionary(uniqueKeysWithValues: Self.roles)
    specials = ids.filter { (0..<tokenCount).contains($0.id) }.map {
      GGUFVocabulary.Special(names[$0.role] ?? $0.role, $0.id)
    }
    settings = adds.filter { ["bos", "eos", "sep"].contains($0.role) }.map {
      GGUFVocabulary.Setting("add_\($0.role)_token", $0.isOn)
    }
  }

  private static func text(_ value: JSONValue?) -> String? {
    value?.stringValue ?? value?["content"]?.stringValue
  }

  private mutating func set(_ role: String, _ id: Int) {
    if !ids.contains(where: { $0.role == role }) { ids.append((role, id)) }
  }

  private mutating func add(_ role: String, _ isOn: Bool, onlyIfNew: Bool = false) {
    if let place = adds.firstIndex(where: { $0.role == role }) {
      if !onlyIfNew { adds[place].isOn = isOn }
    } else {
      adds.append((role, isOn))
    }
  }

  private mutating func readConfiguration(_ added: [JSONValue]) {
    for (role, _) in Self.roles where role != "eot" || texts["eot"] != nil {
      if let isOn = configuration["add_\(role)_token"]?.boolValue {
        add(role, isOn, onlyIfNew: true)
      }
      guard let text = texts[role],
        let id = added.first(where: { $0["content"]?.stringValue == text })?["id"]?.integerValue
      else { continue }
      set(role, id)
    }
  }

  // MARK: - Post-processor

  private mutating func readPostProcessor(_ processor: JSONValue) {
    for step in processor["processors"]?.arrayValue ?? [processor] {
      switch step["type"]?.stringValue {
      case "ByteLevel":
        add("bos", false, onlyIfNew: true)
        add("eos", false, onlyIfNew: true)
      case "RobertaProcessing":
        for role in ["bos", "eos", "sep"] { add(role, true) }
      case "TemplateProcessing": readTemplate(step)
      default: break
      }
    }
  }

  /// The first and the last special token of a text, and what stands between two texts.
  private mutating func readTemplate(_ step: JSONValue) {
    func special(_ item: JSONValue?) -> String? { item?["SpecialToken"]?["id"]?.stringValue }
    let single = step["single"]?.arrayValue ?? []
    var (first, last): (String?, String?) = (nil, nil)
    if single.count > 1 {
      first = special(single.first)
      if let first {
        let known = [texts["bos"], texts["cls"]].compactMap(\.self)
        if !known.contains(first) {
          texts["bos"] = texts["bos"] ?? first
          texts["cls"] = texts["cls"] ?? first
        }
        add("bos", [texts["bos"], texts["cls"]].contains(first))
      }
      last = special(single.last)
      if let last {
        if last != texts["eos"] {
          texts["eot"] = texts["eot"] ?? texts["eos"]
          texts["eos"] = last
        }
        add("eos", last == texts["eos"])
      }
    }
    readPair(step["pair"]?.arrayValue ?? [], first: first, last: last)
  }

  private mutating func readPair(_ pair: [JSONValue], first: String?, last: String?) {
    func special(_ item: JSONValue?) -> String? { item?["SpecialToken"]?["id"]?.stringValue }
    if pair.isEmpty { return }
    let start = first != nil && special(pair.first) == first ? 1 : 0
    let end = last != nil && special(pair.last) == last ? pair.count - 1 : pair.count
    guard start < end else { return }
    let inner = pair[start..<end]
    guard inner.first?["Sequence"]?["id"]?.stringValue == "A",
      inner.last?["Sequence"]?["id"]?.stringValue == "B", inner.count > 2
    else { return }
    let between = inner.dropFirst().dropLast()
    let separators = [texts["sep"], texts["eos"]].compactMap(\.self)
    var isAdded = false
    if let token = special(between.first), separators.contains(token), last == nil {
      isAdded = true
    }
    if between.count == 2, let token = special(between.last), separators.contains(token) {
      isAdded = true
    }
    add("sep", isAdded)
    if isAdded { texts["sep"] = texts["sep"] ?? texts["eos"] }
  }
}
