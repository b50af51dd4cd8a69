package import ModelFiles
package import Reproducibility
package import Tokenization

/// The tokenizer and the chat template that belong to a model's files: those of Hugging Face's
/// layout, or what a GGUF file holds of them.
///
/// ```swift
/// let tokenizer = try ModelText.tokenizer(of: folder)
/// ```
package enum ModelText {
  /// The model's tokenizer: `tokenizer.json` of the folder or of its base, else the arrays of the
  /// GGUF file, with llama.cpp's rules.
  ///
  /// - Throws: ``Failure`` when there is none, or it cannot be read.
  package static func tokenizer(of folder: ModelFolder) throws -> Tokenizer {
    let tree = folder.tokenizerTree
    guard tree["tokenizer.json"] == nil, let model = folder.gguf else { return try Tokenizer(tree) }
    return try tokenizer(model.file, model.vocabulary)
  }

  /// The tokenizer of a tree that may have no weights.
  package static func tokenizer(in tree: FileTree) throws -> Tokenizer {
    guard tree["tokenizer.json"] == nil, let name = tree.ggufName else {
      return try Tokenizer(tree)
    }
    let file = try GGUFReader(path: tree.path(name))
    return try tokenizer(file, GGUFVocabulary(file))
  }

  /// The model's chat template, or nil: an adapter's own before its base's, a file's before that
  /// in the GGUF file.
  package static func template(of folder: ModelFolder) throws -> ChatTemplate? {
    try ChatTemplate.find(in: folder.tree) ?? ChatTemplate.find(in: folder.weightsTree)
      ?? folder.gguf.flatMap { try template($0.vocabulary, $0.file.path) }
  }

  /// The chat template of a tree that may have no weights, or nil.
  package static func template(in tree: FileTree) throws -> ChatTemplate? {
    if let template = try ChatTemplate.find(in: tree) { return template }
    guard let name = tree.ggufName else { return nil }
    let file = try GGUFReader(path: tree.path(name))
    return try template(GGUFVocabulary(file), file.path)
  }

  private static func template(_ vocabulary: GGUFVocabulary, _ path: String) throws
    -> ChatTemplate?
  {
    try vocabulary.chatTemplate.map { try ChatTemplate(source: $0, file: path) }
  }

  private static func tokenizer(_ file: GGUFReader, _ vocabulary: GGUFVocabulary) throws
    -> Tokenizer
  {
    var charsmap: [UInt8]?
    if let bytes = file["tokenizer.ggml.precompiled_charsmap"]?.integers {
      charsmap = bytes.map { UInt8(truncatingIfNeeded: $0) }
    }
    return try Tokenizer(
      arrays: VocabularyArrays(
        model: vocabulary.model, pre: file["tokenizer.ggml.pre"]?.string,
        tokens: vocabulary.tokens, scores: vocabulary.scores,
        types: vocabulary.types.map(\.rawValue), merges: vocabulary.merges,
        specials: Dictionary(
          vocabulary.specials.map { ($0.role, $0.id) }, uniquingKeysWith: { first, _ in first }),
        flags: Dictionary(
          vocabulary.settings.map { ($0.name, $0.isOn) }, uniquingKeysWith: { first, _ in first }),
        charsmap: charsmap, modelName: file["general.name"]?.string, file: file.path))
  }
}
