import ArgumentParser
import Diagnostics
import Foundation
import ModelFiles
import Models
import Parallelism
import Reproducibility
import Tokenization

/// What every command takes that uses a model.
struct ModelOptions: ParsableArguments {
  @Argument(help: "A folder with config.json, weights and tokenizer.json; or with an adapter.")
  var model: String

  @Option(help: "The folder of the model that an adapter was trained on.")
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

  func open() throws -> Opened {
    let tree = try Self.tree(model)
    let baseTree = try base.map(Self.tree)
    let folder = try ModelFolder(tree) { _ in baseTree }
    let tokenizerTree = tree["tokenizer.json"] == nil ? folder.weightsTree : tree
    let tokenizer = try Tokenizer(tokenizerTree)
    let loaded = try LanguageModel.load(
      folder, trainable: .nothing, pool: ThreadPool(threads: threads ?? ThreadPool.allowedCPUs))
    if tokenizer.vocabularySize > loaded.configuration.vocabularySize {
      throw Diagnostic(
        "model.vocabulary",
        "the tokenizer has \(tokenizer.vocabularySize) tokens, the model "
          + "\(loaded.configuration.vocabularySize)",
        fix: "use the tokenizer that belongs to the model"
      ).failure(.badInput)
    }
    let template = try ChatTemplate.find(in: tokenizerTree)
    let examples = ExampleBuilder(tokenizer: tokenizer, template: template)
    let stops = examples.stopTokenIDs + loaded.configuration.eosTokenIDs.map(Int32.init)
    return Opened(
      model: loaded, tokenizer: tokenizer, examples: examples, stopTokenIDs: Set(stops).sorted())
  }

  private static func tree(_ folder: String) throws -> FileTree {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder),
      isFolder.boolValue
    else {
      throw Diagnostic(
        "io.no-folder", "there is no folder '\(SafeText.escaped(folder, limit: 300))'",
        fix: "give the folder that holds config.json"
      ).failure(.badInput)
    }
    return try FileTree(folder: folder)
  }
}
