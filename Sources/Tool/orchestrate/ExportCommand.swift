import ArgumentParser
import BuiltinStages
import Diagnostics
import Documents
import Foundation
import Parallelism
import Reproducibility
import StageKit

/// `orchestrate export MODEL --to FOLDER`: GGUF files of a model folder, without a pipeline.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Writes GGUF files of a model folder for llama.cpp and Ollama.",
    discussion: """
      What the stage 'gguf_export' does, on a folder and at once; 'orchestrate explain gguf_export' \
      lists the types. The files say nothing of where they come from.

        orchestrate export ./model --to ./gguf --type q4_k_m --type bf16
        orchestrate export ./adapter --base ./model --to ./gguf --type q8_0
      """)

  @OptionGroup var options: ModelOptions

  @Option(help: "The folder to write to; it is made.")
  var to: String

  @Option(help: "llama.cpp's name of a type; may be given several times.")
  var type: [String] = ["bf16"]

  @Option(help: "The model's name in the files, and how their names begin.")
  var name = "model"

  @Option(help: "full, or minimal for files equal to llama.cpp's own to the byte.")
  var metadata = "full"

  @Option(help: "merge a LoRA, or write it beside its base's files: separate.")
  var adapter = "merge"

  @Option(help: "llama.cpp's importance matrix for types of 2 to 5 bits.")
  var importanceMatrix: String?

  @Option(help: "llama.cpp's name of the pre-tokenizer, where its structure is not recognised.")
  var preTokenizer: String?

  func run() throws {
    let read = ExportGGUF.read(Node(parameters, file: "export"))
    if !read.diagnostics.isEmpty { throw Failure(read.diagnostics, .usage) }
    let trees = try options.trees()
    let input = InputArtifact(
      type: .model, digest: ExportGGUF.unknownInput, tree: trees.model,
      references: trees.base.map {
        [trees.baseDigest.hex: ReferencedArtifact(type: .model, tree: $0)]
      } ?? [:])
    // In the same file system, so that the other outputs are links.
    let scratch = to + "/.orchestrate-export"
    defer { try? FileManager.default.removeItem(atPath: scratch) }
    var outputs: [String: String] = [:]
    for port in read.ports.outputs {
      outputs[port.name] = port.name == "files" ? to : scratch + "/" + port.name
      try FileManager.default.createDirectory(
        atPath: outputs[port.name] ?? to, withIntermediateDirectories: true)
    }
    let context = StageContext(
      pool: ThreadPool(threads: options.threads ?? ThreadPool.allowedCPUs),
      inputs: ["model": input], files: try files(), outputs: outputs,
      checkpoints: NoCheckpoints(),
      sink: { event in
        if case .message(let diagnostic) = event { Terminal.show([diagnostic]) }
      })
    _ = try read.run(context)
    for name in try FileTree(folder: to).names where name.hasSuffix(".gguf") && !name.hasPrefix(".")
    {
      Console.output.line(to + "/" + name)
    }
  }

  private var parameters: JSONValue {
    var members = [
      JSONMember("quantization", .array(type.map { .string($0) })),
      JSONMember("name", .string(name)), JSONMember("metadata", .string(metadata)),
      JSONMember("adapter", .string(adapter)),
    ]
    if let preTokenizer { members.append(JSONMember("pre_tokenizer", .string(preTokenizer))) }
    if let importanceMatrix {
      members.append(JSONMember("importance_matrix", .string(importanceMatrix)))
    }
    return .object(members)
  }

  private func files() throws -> [String: [InputFile]] {
    guard let importanceMatrix else { return [:] }
    let digest = try Digest(file: importanceMatrix)
    return [
      "importance_matrix": [
        InputFile(name: importanceMatrix, path: importanceMatrix, digest: digest, bytes: 0)
      ]
    ]
  }
}
