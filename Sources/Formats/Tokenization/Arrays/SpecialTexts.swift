/// What llama.cpp makes of certain token texts, whatever type the file gives them (`load` in
/// llama-vocab.cpp).
enum SpecialTexts {
  typealias TokenType = TokenizerLayout.TokenType

  /// Texts that end generation: control tokens.
  private static let endings = [
    "<|eot_id|>", "<|im_end|>", "<|end|>", "<|return|>", "<|call|>", "<|flush|>", "<|calls|>",
    "<end_of_turn>", "<|endoftext|>", "</s>", "<|eom_id|>", "<EOT>", "_<EOT>", "[EOT]", "[EOS]",
    "<|end_of_text|>", "<end_of_utterance>", "<eos>", "<turn|>", "<|tool_response>",
    "<\u{FF5C}end\u{2581}of\u{2581}sentence\u{FF5C}>", "[e~[",
  ]
  /// Texts of fill-in-the-middle roles, where no other token has the role: control tokens.
  private static let middles: [(roles: [String], texts: [String])] = [
    (
      ["fim_pre", "prefix"],
      [
        "<|fim_prefix|>", "<fim-prefix>", "<fim_prefix>",
        "<\u{FF5C}fim\u{2581}begin\u{FF5C}>", "<PRE>", "\u{2581}<PRE>", "<|code_prefix|>",
        "<|prefix|>",
      ]
    ),
    (
      ["fim_suf", "suffix"],
      [
        "<|fim_suffix|>", "<fim-suffix>", "<fim_suffix>",
        "<\u{FF5C}fim\u{2581}hole\u{FF5C}>", "<SUF>", "\u{2581}<SUF>", "<|code_suffix|>",
        "<|suffix|>",
      ]
    ),
    (
      ["fim_mid", "middle"],
      [
        "<|fim_middle|>", "<fim-middle>", "<fim_middle>",
        "<\u{FF5C}fim\u{2581}end\u{FF5C}>", "<MID>", "\u{2581}<MID>", "<|code_middle|>",
        "<|middle|>",
      ]
    ),
    (["fim_pad"], ["<|fim_pad|>", "<fim-pad>", "<fim_pad>", "<PAD>", "[PAD]"]),
    (
      ["fim_rep"],
      ["<|fim_repo|>", "<|repo_name|>", "<fim-repo>", "<REPO>", "<reponame>"]
    ),
    (["fim_sep"], ["<|file_sep|>"]),
  ]

  /// Types by id after these rules. Normal, unused and undefined tokens of a file become control
  /// tokens where their text says so.
  static func types(_ arrays: VocabularyArrays, _ names: ByteStringTable) -> [TokenType] {
    var types = arrays.tokens.indices.map { id in
      arrays.types.flatMap { TokenType(rawValue: $0[id]) } ?? .normal
    }
    func find(_ text: String) -> Int? {
      var text = text
      let id = text.withUTF8 { names.find($0) }
      return id < 0 ? nil : Int(id)
    }
    for group in middles where group.roles.allSatisfy({ arrays.specials[$0] == nil }) {
      for text in group.texts { if let id = find(text) { types[id] = .control } }
    }
    for text in endings { if let id = find(text) { types[id] = .control } }
    for text in ["<|channel|>", "<|message|>", "<|start|>", "<|constrain|>"] {
      if let id = find(text) { types[id] = .userDefined }
    }
    let calls = find("<|call|>") != nil || find("<|calls|>") != nil
    if let end = find("<|end|>"), calls,
      find("<|return|>") != nil || find("<|flush|>") != nil
    {
      types[end] = .userDefined
    }
    if let end = find("</s>"), find("<|tool_response>") != nil || find("<|plamo:eos|>") != nil {
      types[end] = .normal
    }
    return types
  }

  /// Which special tokens take the white space beside them along; the file does not say, its name
  /// does.
  static func stripping(_ arrays: VocabularyArrays) -> (String) -> (left: Bool, right: Bool) {
    let name = (arrays.modelName ?? "").lowercased()
    let pre = arrays.pre ?? ""
    if ["jina-v2-de", "jina-v2-es", "jina-v2-code"].contains(where: pre.contains) {
      return { ($0 == "<mask>", false) }
    }
    if name.contains("phi-3") || name.contains("phi3") {
      return { (false, !["<unk>", "<s>", "<|endoftext|>"].contains($0)) }
    }
    if name.contains("modern-bert") { return { ($0 == "[MASK]", false) } }
    return { _ in (false, false) }
  }
}
