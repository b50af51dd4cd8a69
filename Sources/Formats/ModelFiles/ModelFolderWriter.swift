import Diagnostics
package import Documents
private import Foundation
package import Reproducibility

/// Writes model folders that transformers, PEFT, vLLM and llama.cpp's converter read.
///
/// The same inputs give the same bytes. `folder` exists and holds none of the files yet.
package enum ModelFolderWriter {
  /// Tokenizer and template files, copied byte for byte: saving them anew changes hashes that other
  /// programs look at.
  package static let tokenizerFileNames = [
    "added_tokens.json", "chat_template.jinja", "chat_template.json", "merges.txt",
    "special_tokens_map.json", "tokenizer.json", "tokenizer.model", "tokenizer_config.json",
    "vocab.json",
  ]

  /// A model with its own weights: `config.json`, `generation_config.json`, `model.safetensors`,
  /// the tokenizer's files and `model.json`.
  ///
  /// - Parameters:
  ///   - weights: every tensor of the architecture, of one float type.
  ///   - tokenizer: where tokenizer and template files are copied from.
  ///   - template: a chat template that replaces the tokenizer's.
  package static func full(
    to folder: String, configuration: ModelConfiguration, weights: [OutputTensor],
    tokenizer: FileTree, template: String? = nil, form: ModelManifest.Form = .full
  ) throws {
    let type = weights.first?.type ?? .F32
    let expected = configuration.tensorShapes.map { "\($0.name) \($0.shape)" }.sorted()
    precondition(
      weights.map { "\($0.name) \($0.shape)" }.sorted() == expected,
      "the tensors are not those of the configuration")
    try JSONFile.write(configuration.configJSON(storing: type), to: folder + "/config.json")
    try JSONFile.write(
      configuration.generationConfigJSON, to: folder + "/generation_config.json")
    try SafetensorsWriter.write(weights, to: folder + "/model.safetensors")
    let digests = try copyTokenizer(from: tokenizer, to: folder, template: template)
    try write(
      ModelManifest(form: form, dtype: type.torchName ?? "", tokenizerFiles: digests), to: folder)
  }

  /// An adapter by PEFT's names; `base` is the artifact whose weights it changes.
  ///
  /// - Parameter tensors: `base_model.model.<path>.lora_A.weight` and `.lora_B.weight`.
  package static func adapter(
    to folder: String, configuration: AdapterConfiguration, tensors: [OutputTensor],
    base: Digest, tokenizer: FileTree, template: String? = nil
  ) throws {
    precondition(
      tensors.allSatisfy { $0.name.hasPrefix(AdapterFiles.prefix) },
      "adapter tensors have PEFT's names")
    try JSONFile.write(configuration.json, to: folder + "/" + AdapterFiles.configurationName)
    try SafetensorsWriter.write(tensors, to: folder + "/" + AdapterFiles.weightsName)
    let digests = try copyTokenizer(from: tokenizer, to: folder, template: template)
    let type = tensors.first?.type ?? .F32
    try write(
      ModelManifest(
        form: .adapter, base: base, dtype: type.torchName ?? "", tokenizerFiles: digests),
      to: folder)
  }

  /// A model that is one GGUF file: another name of `file`, which must not change any more, and
  /// `model.json`.
  package static func gguf(to folder: String, file: String, name: String) throws {
    do {
      try FileManager.default.linkItem(atPath: file, toPath: folder + "/" + name)
    } catch {
      // A file system without links.
      let out = try OutputFile(path: folder + "/" + name)
      try MappedFile(path: file).withAllBytes { try out.write($0) }
      _ = try out.finish()
    }
    try write(ModelManifest(form: .gguf), to: folder)
  }

  /// A tokenizer without weights.
  package static func tokenizer(
    to folder: String, tokenizer: JSONValue, configuration: JSONValue, template: String?
  ) throws {
    try JSONFile.write(tokenizer, to: folder + "/tokenizer.json")
    try JSONFile.write(configuration, to: folder + "/tokenizer_config.json")
    var digests = try digest(["tokenizer.json", "tokenizer_config.json"], in: folder)
    if let template {
      try JSONFile.write(bytes: Array(template.utf8), to: folder + "/chat_template.jinja")
      digests.merge(try digest(["chat_template.jinja"], in: folder)) { $1 }
    }
    try write(ModelManifest(form: .tokenizer, tokenizerFiles: digests), to: folder)
  }

  /// Copies tokenizer and template files and returns their digests by name.
  package static func copyTokenizer(
    from tree: FileTree, to folder: String, template: String? = nil
  ) throws -> [String: Digest] {
    var names = tree.names.filter {
      tokenizerFileNames.contains($0) || $0.hasPrefix("additional_chat_templates/")
    }
    for name in names where template == nil || name != "chat_template.jinja" {
      let target = folder + "/" + name
      let file = try MappedFile(path: tree.path(name))
      if name.contains("/") {
        let parent = (target as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(
          atPath: parent, withIntermediateDirectories: true)
      }
      let out = try OutputFile(path: target)
      try file.withAllBytes { try out.write($0) }
      _ = try out.finish()
    }
    if let template {
      try JSONFile.write(bytes: Array(template.utf8), to: folder + "/chat_template.jinja")
      if !names.contains("chat_template.jinja") { names.append("chat_template.jinja") }
    }
    return try digest(names, in: folder)
  }

  private static func digest(_ names: [String], in folder: String) throws -> [String: Digest] {
    var digests: [String: Digest] = [:]
    for name in names {
      let file = try MappedFile(path: folder + "/" + name)
      var hasher = Digest.Hasher()
      file.withAllBytes { hasher.update($0) }
      digests[name] = hasher.finish()
    }
    return digests
  }

  private static func write(_ manifest: ModelManifest, to folder: String) throws {
    try JSONFile.write(manifest.json, to: folder + "/" + ModelManifest.fileName)
  }
}
