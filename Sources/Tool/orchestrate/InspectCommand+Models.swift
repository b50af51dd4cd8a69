import BlockFormats
import Diagnostics
import Documents
import Foundation
import ModelFiles
import Planning
import Reproducibility

extension InspectCommand {
  /// A GGUF file: keys, tensors, and that the tokenizer's arrays agree.
  func gguf() throws {
    let opened = try GGUFReader(path: file)
    if opened["tokenizer.ggml.tokens"] != nil { _ = try GGUFVocabulary(opened) }
    let tensors = opened.tensors.map { tensor in
      ModelFileView.Tensor(
        name: tensor.name, type: tensor.layout.name, shape: tensor.dimensions,
        bytes: tensor.byteCount)
    }
    let fields = opened.pairs.map { JSONMember($0.key, ModelFileView.json($0.value)) }
    show(
      ModelFileView(
        title: "GGUF version \(opened.version)", fields: fields, tensors: tensors))
  }

  /// A safetensors file: metadata and tensors.
  func safetensors() throws {
    let opened = try SafetensorsFile(path: file)
    let tensors = opened.names.compactMap { opened.entry($0) }.map { entry in
      ModelFileView.Tensor(
        name: entry.name, type: entry.type.rawValue, shape: entry.shape, bytes: entry.byteCount)
    }
    let fields = opened.metadata.sorted { $0.key < $1.key }
      .map { JSONMember($0.key, .string($0.value)) }
    show(ModelFileView(title: "safetensors", fields: fields, tensors: tensors))
  }

  /// A model folder, or an adapter alone.
  func modelFolder() throws {
    // An adapter can be named by its configuration, too.
    let isFile = HostFile.info(file)?.kind == .file
    let folder = isFile ? URL(fileURLWithPath: file).deletingLastPathComponent().path : file
    let tree = try FileTree(folder: folder)
    if tree["config.json"] == nil, tree.names.contains(where: { $0.hasPrefix("adapter_") }) {
      let adapter = try AdapterFiles(tree)
      if let base {
        let path = base + "/config.json"
        try adapter.check(
          against: try ModelConfiguration(config: JSONFile.read(path), file: path))
      } else {
        try adapter.checkLayers()
      }
      let configuration = adapter.configuration
      show(
        ModelFileView(
          title: "LoRA adapter",
          fields: [
            JSONMember("r", .integer(Int64(configuration.rank))),
            JSONMember("lora_alpha", .number(configuration.alpha)),
            JSONMember("base", .string(configuration.baseName)),
          ],
          tensors: adapter.modules.map {
            ModelFileView.Tensor(
              name: $0.path, type: "rank \($0.rank)", shape: [$0.outputSize, $0.inputSize],
              bytes: 0)
          }))
      for warning in adapter.warnings { Console.errors.line("warning: \(warning.message)") }
      return
    }
    let opened = try ModelFolder(tree)
    let model = opened.configuration
    show(
      ModelFileView(
        title: "\(model.modelType) model, form \(opened.manifest.form.rawValue)",
        fields: [
          JSONMember("parameters", .integer(Int64(model.parameterCount))),
          JSONMember("vocab_size", .integer(Int64(model.vocabularySize))),
          JSONMember("hidden_size", .integer(Int64(model.hiddenSize))),
          JSONMember("num_hidden_layers", .integer(Int64(model.layerCount))),
          JSONMember("max_position_embeddings", .integer(Int64(model.contextLength))),
        ],
        tensors: opened.tensorNames.map { name in
          ModelFileView.Tensor(
            name: name, type: opened.typeName(of: name),
            shape: opened.shape(of: name) ?? [], bytes: 0)
        }))
    for warning in opened.warnings { Console.errors.line("warning: \(warning.message)") }
  }

  func show(_ view: ModelFileView) {
    if json {
      Console.output.line(JSONWriter.compact(view.json))
    } else {
      for line in view.lines { Console.output.line(line) }
    }
  }
}
