/// A vocabulary as the plain arrays of a GGUF file (`tokenizer.ggml.*`).
///
/// ```swift
/// let tokenizer = try Tokenizer(
///   arrays: VocabularyArrays(model: "gpt2", pre: "qwen2", tokens: tokens, merges: merges))
/// ```
///
/// ``Tokenizer/init(arrays:)`` then gives the ids that llama.cpp gives for the same file.
package struct VocabularyArrays: Sendable {
  /// `gpt2` (byte-level BPE), `llama` (SentencePiece BPE by scores), `bert` (WordPiece), `t5`
  /// (unigram) or `gemma4`.
  package var model: String
  /// llama.cpp's name of the pre-tokenizer; `gpt2` needs one.
  package var pre: String?
  /// By id.
  package var tokens: [String]
  /// By id; `llama` and `t5` need them.
  package var scores: [Float]?
  /// By id, in ggml's numbers (1 normal … 6 byte); without them all are normal.
  package var types: [Int32]?
  /// `left right`, in order of rank; `gpt2` and `gemma4` need them.
  package var merges: [String]?
  /// Role → id, by the names of `tokenizer.ggml.<role>_token_id`: `bos`, `eos`, `unknown`,
  /// `padding`, `seperator` (as llama.cpp spells it), …
  package var specials: [String: Int]
  /// Settings by their names: `add_bos_token`, `add_eos_token`, `add_space_prefix`,
  /// `remove_extra_whitespaces`, … Absent ones have llama.cpp's defaults for the model.
  package var flags: [String: Bool]
  /// `tokenizer.ggml.precompiled_charsmap`; `t5` only.
  package var charsmap: [UInt8]?
  /// `general.name`; one that holds `phi-3` changes how special tokens take blanks.
  package var modelName: String?
  /// Named in errors.
  package var file: String

  package init(
    model: String, pre: String? = nil, tokens: [String], scores: [Float]? = nil,
    types: [Int32]? = nil, merges: [String]? = nil, specials: [String: Int] = [:],
    flags: [String: Bool] = [:], charsmap: [UInt8]? = nil, modelName: String? = nil,
    file: String = "the GGUF file"
  ) {
    self.model = model
    self.pre = pre
    self.tokens = tokens
    self.scores = scores
    self.types = types
    self.merges = merges
    self.specials = specials
    self.flags = flags
    self.charsmap = charsmap
    self.modelName = modelName
    self.file = file
  }
}
