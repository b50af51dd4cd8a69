/// How llama.cpp splits text before byte-level BPE, by the name in `tokenizer.ggml.pre`.
///
/// Facts from llama.cpp (`llm_tokenizer_bpe` and `llama_vocab::impl::load` in llama-vocab.cpp, commit
/// 0c1e57098). Where it gives an expression in a form of its own, that form stands here, because
/// GGUF files are encoded by it; `\s+(?!\S)` at the end has its `\s+` as its hand-written splitters
/// do.
struct LlamaPreTokenizer: Sendable {
  let names: [String]
  /// Each cuts the pieces of the one before.
  let expressions: [String]
  var ignoresMerges = false
  var addsBOS = false
  /// False: pieces are text with `▁` for blanks, not bytes.
  var isByteLevel = true
  /// Pieces of newlines alone that are a token stay whole.
  var keepsNewlines = false

  static func named(_ name: String) -> LlamaPreTokenizer? { all.first { $0.names.contains(name) } }

  /// The splits as steps; byte-level ones end in raw bytes.
  func steps() throws(PatternProblem) -> [PreTokenizer.Step] {
    var steps: [PreTokenizer.Step] = []
    for source in expressions {
      steps.append(.split(.regex(try Pattern(source), source: source), .isolated, invert: false))
    }
    return isByteLevel ? steps + [.byteLevel] : steps
  }

  // MARK: - Expressions

  private static let contractions = #"(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])"#
  private static let endings = #"\s*[\r\n]+|\s+(?!\S)|\s+"#
  private static func cl100k(_ number: String) -> String {
    contractions + #"|[^\r\n\p{L}\p{N}]?\p{L}+|"# + number
      + #"| ?[^\s\p{L}\p{N}]+[\r\n]*|"# + endings
  }
  private static let ideographs = #"[\x{4E00}-\x{9FA5}\x{3040}-\x{309F}\x{30A0}-\x{30FF}]+"#
  private static let deepseekCJK = #"[\x{4E00}-\x{9FA5}\x{800}-\x{4E00}\x{AC00}-\x{D7FF}]+"#
  private static let deepseekWords =
    ##"[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+"##
    + #"| ?[\p{P}\p{S}]+[\r\n]*|"# + endings
  private static let deepseekLetters =
    #"\s?[A-Za-z"#
    + [
      #"\x{B5}\x{C0}-\x{D6}\x{D8}-\x{F6}\x{F8}-\x{1BA}\x{1BC}-\x{1BF}\x{1C4}-\x{293}"#,
      #"\x{295}-\x{2AF}\x{370}-\x{373}\x{376}\x{377}\x{37B}-\x{37D}\x{37F}\x{386}"#,
      #"\x{388}-\x{38A}\x{38C}\x{38E}-\x{3A1}\x{3A3}-\x{3F5}\x{3F7}-\x{481}\x{48A}-\x{52F}"#,
      #"\x{531}-\x{556}\x{10A0}-\x{10C5}\x{13A0}-\x{13F5}\x{13F8}-\x{13FD}\x{1C90}-\x{1CBA}"#,
      #"\x{1CBD}-\x{1CBF}\x{1D00}-\x{1D2B}\x{1D6B}-\x{1D77}\x{1D79}-\x{1D9A}"#,
      #"\x{1E00}-\x{1F15}\x{1F18}-\x{1F1D}\x{1F20}-\x{1F45}\x{1F48}-\x{1F4D}"#,
      #"\x{1F50}-\x{1F57}\x{1F59}\x{1F5B}\x{1F5D}\x{1F5F}-\x{1F7D}\x{1F80}-\x{1FB4}"#,
      #"\x{1FB6}-\x{1FBC}\x{1FBE}\x{1FC2}-\x{1FC4}\x{1FC6}-\x{1FCC}\x{1FD0}-\x{1FD3}"#,
      #"\x{1FD6}-\x{1FDB}\x{1FE0}-\x{1FEC}\x{1FF2}-\x{1FF4}\x{1FF6}-\x{1FFC}\x{2102}\x{2107}"#,
      #"\x{210A}-\x{2113}\x{2115}\x{2119}-\x{211D}\x{2124}\x{2126}\x{2128}\x{212A}-\x{212D}"#,
      #"\x{212F}-\x{2134}\x{2139}\x{213C}-\x{213F}\x{2145}-\x{2149}\x{214E}\x{2183}\x{2184}"#,
      #"\x{2C00}-\x{2C7B}\x{2C7E}-\x{2CE4}\x{2CEB}-\x{2CEE}\x{2CF2}\x{2CF3}\x{A640}-\x{A66D}"#,
      #"\x{A680}-\x{A69B}\x{A722}-\x{A76F}\x{A771}-\x{A787}\x{A78B}-\x{A78E}"#,
      #"\x{AB70}-\x{ABBF}\x{FB00}-\x{FB06}\x{FB13}-\x{FB17}\x{FF21}-\x{FF3A}"#,
      #"\x{FF41}-\x{FF5A}\x{10400}-\x{1044F}\x{104B0}-\x{104D3}\x{104D8}-\x{104FB}"#,
      #"\x{10C80}-\x{10CB2}\x{10CC0}-\x{10CF2}\x{118A0}-\x{118DF}\x{1E900}-\x{1E943}"#,
    ].joined() + "]+"
  private static let deepseekMarks =
    #"\s?[!-/:-~\x{FF01}-\x{FF0F}\x{FF1A}-\x{FF5E}\x{2018}-\x{201F}\x{3000}-\x{3002}]+"#
  /// A letter that is no lower (upper) case one of ASCII.
  private static let upper = #"((?=[\p{L}])([^a-z]))"#
  private static let lower = #"((?=[\p{L}])([^A-Z]))"#
  private static func casedWords(_ ending: String) -> String {
    #"[^\r\n\p{L}\p{N}]?"# + upper + "*" + lower + "+" + ending + #"|[^\r\n\p{L}\p{N}]?"# + upper
      + "+" + lower + "*" + ending
  }
  private static let sentences =
    #" ?[^(\s|.,!?\x{2026}\x{3002}\x{FF0C}\x{3001}\x{964}\x{6D4}\x{60C})]+"#

  // MARK: - Table

  static let all: [LlamaPreTokenizer] = [
    LlamaPreTokenizer(
      names: [
        "llama3", "llama-v3", "llama-bpe", "falcon3", "falcon-h1", "pixtral", "midm-2.0", "lfm2",
        "jina-v5-nano",
      ], expressions: [cl100k(#"\p{N}{1,3}"#)], ignoresMerges: true, addsBOS: true),
    LlamaPreTokenizer(
      names: ["dbrx", "smaug-bpe", "chatglm-bpe"], expressions: [cl100k(#"\p{N}{1,3}"#)]),
    LlamaPreTokenizer(
      names: ["glm4", "glm5"], expressions: [cl100k(#"\p{N}{1,3}"#)], ignoresMerges: true),
    LlamaPreTokenizer(
      names: [
        "qwen2", "deepseek-r1-qwen", "kormo", "f2llmv2", "megrez", "stablelm2", "hunyuan",
        "solar-open", "grok-2",
      ], expressions: [cl100k(#"\p{N}"#)]),
    LlamaPreTokenizer(
      names: ["qwen35"],
      expressions: [
        contractions
          + #"|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|"# + endings
      ]),
    LlamaPreTokenizer(
      names: ["ufakzeka"],
      expressions: [
        #"[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|"# + endings
      ]),
    LlamaPreTokenizer(
      names: ["seed-coder"],
      expressions: [
        contractions
          + #"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1}| ?[^\s\p{L}\p{N}\r\n]+|"# + endings
      ]),
    LlamaPreTokenizer(
      names: ["bailingmoe", "bailingmoe2", "llada-moe"],
      expressions: [
        #"'(?:[sSdDmMtT]|[lL][lL]|[vV][eE]|[rR][eE])|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}"#
          + #"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+"#
      ]),
    LlamaPreTokenizer(
      names: ["laguna"], expressions: [#"[^\n]+|[\n]+"#, cl100k(#"\p{N}"#)]),
    LlamaPreTokenizer(
      names: ["minicpm5"], expressions: [#"\p{N}{1,3}"#, cl100k(#"\p{N}+"#)],
      ignoresMerges: true),
    LlamaPreTokenizer(
      names: ["deepseek-llm"],
      expressions: [
        #"[\r\n]"#, deepseekLetters, deepseekMarks, #"\s+$"#, deepseekCJK, #"\p{N}+"#,
      ]),
    LlamaPreTokenizer(
      names: ["deepseek-coder"],
      expressions: [#"[\r\n]"#, #"\s?\p{L}+"#, #"\s?\p{P}+"#, deepseekCJK, #"\p{N}"#]),
    LlamaPreTokenizer(
      names: ["deepseek-v3", "hunyuan-dense", "joyai-llm", "hy_v4"],
      expressions: [#"\p{N}{1,3}"#, ideographs, deepseekWords]),
    LlamaPreTokenizer(
      names: ["falcon"],
      expressions: [#"[\p{P}\$\+<=>\^~\|`]+"#, PreTokenizer.gpt2, "[0-9][0-9][0-9]"]),
    LlamaPreTokenizer(
      names: [
        "starcoder", "refact", "command-r", "smollm", "codeshell", "exaone", "minerva-7b",
        "mellum2",
      ], expressions: [#"\p{N}"#, PreTokenizer.gpt2]),
    LlamaPreTokenizer(
      names: [
        "gpt-2", "phi-2", "jina-es", "jina-de", "gigachat", "jina-v2-es", "jina-v2-de", "a.x-4.0",
        "mellum", "modern-bert", "jina-v1-en", "jina-v2-code", "roberta-bpe", "mpt", "olmo", "jais",
        "trillion", "granite-docling", "exaone4",
      ], expressions: [PreTokenizer.gpt2]),
    LlamaPreTokenizer(names: ["poro-chat", "bloom", "gpt3-finnish"], expressions: [sentences]),
    LlamaPreTokenizer(names: ["viking"], expressions: [sentences, #"\p{N}"#]),
    LlamaPreTokenizer(
      names: ["tekken"],
      expressions: [casedWords("") + #"|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|"# + endings],
      ignoresMerges: true, addsBOS: true),
    LlamaPreTokenizer(
      names: ["gpt-4o", "llama4", "kanana2", "talkie", "minimax-m2"],
      expressions: [
        casedWords(contractions + "?") + #"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|"# + endings
      ]),
    LlamaPreTokenizer(
      names: ["chameleon"],
      expressions: [
        "<sentinel:[0-9]+>", "(IMGIMG)((A|B|C|D|E|F|G|H|I){1,4})Z", #"([\t\n]|    |  )"#,
        #"\p{N}"#, #"[\p{P}!-/:-@\[-`{-~]"#, PreTokenizer.gpt2,
      ], addsBOS: true),
    LlamaPreTokenizer(
      names: ["gemma4", "granite-embed-multi-311m"], expressions: [#"[^\n]+|[\n]+"#],
      addsBOS: true, isByteLevel: false, keepsNewlines: true),
    LlamaPreTokenizer(
      names: ["sarvam-moe"], expressions: [#"[^\n]+|[\n]+"#], isByteLevel: false),
    LlamaPreTokenizer(
      names: ["default"],
      expressions: [
        #"[\p{P}\$\+<=>\^~\|]+"#, PreTokenizer.gpt2, #"\p{N}+"#, "[0-9][0-9][0-9]",
      ]),
  ]
}
