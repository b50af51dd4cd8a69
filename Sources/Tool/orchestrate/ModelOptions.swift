import ArgumentParser
import Diagnostics
import Documents
import Foundation
import Generation
import ModelFiles
import Models
import Parallelism
import Reproducibility
import Tokenization

/// What every command takes that uses a model.
struct ModelOptions: ParsableArguments {
  @Argument(
    help: "A folder with config.json, weights and tokenizer.json; one with an adapter; a GGUF file."
  )
  var model: String

  @Option(help: "The folder or GGUF file of the model that an adapter was trained on.")
  var base: String?

  @Option(help: "Threads; by default all CPUs of this process. Results do not depend on it.")
  var threads: Int?

  func validate() throws {
    if let threads, !(1...255).contains(threads) {
      throw ValidationError("--threads is \(threads), expected 1 to 255")
    }
  }

  /// A model that is ready to use.
  struct Opened {
    let model: LanguageModel
    let tokenizer: Tokenizer
    let examples: ExampleBuilder
    /// What ends a text: the model's, the tokenizer's and the template's.
    let stopTokenIDs: [Int32]
  }

  func open(on device: DeviceOptions) throws -> Opened {
    let baseTree = try base.map(Self.tree)
    let folder = try ModelFolder(Self.tree(model)) { _ in baseTree }
    let tokenizer = try ModelText.tokenizer(of: folder)
    let backend = try device.backend(pool)
    let loaded = try LanguageModel.load(
      folder, trainable: .nothing, pool: pool, precision: .forInference(folder, on: backend),
      backend: backend)
    if tokenizer.vocabularySize > loaded.configuration.vocabularySize {
      throw Diagnostic(
        "model.vocabulary",
        "the tokenizer has \(tokenizer.vocabularySize) tokens, the model "
          + "\(loaded.configuration.vocabularySize)",
        fix: "use the tokenizer that belongs to the model"
      ).failure(.badInput)
    }
    let template = try ModelText.template(of: folder)
    let examples = ExampleBuilder(tokenizer: tokenizer, template: template)
    let stops = examples.stopTokenIDs + loaded.configuration.eosTokenIDs.map(Int32.init)
    return Opened(
      model: loaded, tokenizer: tokenizer, examples: examples, stopTokenIDs: Set(stops).sorted())
  }

  /// The model's files, and those of the base it was trained on.
  ///
  /// - Returns: also the digest that the model knows its base by.
  func trees() throws -> (model: FileTree, base: FileTree?, baseDigest: Digest) {
    let tree = try Self.tree(model)
    let known = try tree[ModelManifest.fileName].flatMap { try ModelManifest(path: $0).base }
    let name = try tree[AdapterFiles.configurationName].flatMap {
      try JSONFile.read($0)["base_model_name_or_path"]?.stringValue
    }
    return (tree, try base.map(Self.tree), known ?? Digest(of: (name ?? "").utf8))
  }

  var pool: ThreadPool { ThreadPool(threads: threads ?? ThreadPool.allowedCPUs) }

  /// The files of a model: those of a folder, or one GGUF file.
  static func tree(_ path: String) throws -> FileTree {
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    if exists, !isFolder.boolValue, path.lowercased().hasSuffix(".gguf") {
      return FileTree(paths: [(path as NSString).lastPathComponent: path])
    }
    guard exists, isFolder.boolValue else {
      throw Diagnostic(
        "io.no-folder",
        "there is no folder or GGUF file '\(SafeText.escaped(path, limit: 300))'",
        fix: "give the folder that holds config.json, or a file whose name ends in .gguf"
      ).failure(.badInput)
    }
    return try FileTree(folder: path)
  }
}
