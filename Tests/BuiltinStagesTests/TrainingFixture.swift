import BuiltinStages
import Diagnostics
import Documents
import Foundation
import ModelFiles
import Parallelism
import Records
import Reproducibility
import StageKit
import Synchronization
import TestSupport
import Testing
import Tokenization

/// Inputs for tests of training stages: a tokenizer of bytes, and rows that a small model learns.
struct TrainingFixture {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  // MARK: - Inputs

  /// A byte-level tokenizer without merges, with ChatML's tokens and, if wanted, its template.
  func tokenizer(template: Bool = true) throws -> InputArtifact {
    let specials = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    let names = Self.byteAlphabet + specials
    let json: JSONValue = .object([
      "version": "1.0", "truncation": .null, "padding": .null,
      "added_tokens": .array(
        specials.enumerated().map { index, text in
          .object([
            "id": .integer(Int64(256 + index)), "content": .string(text), "single_word": false,
            "lstrip": false, "rstrip": false, "normalized": false, "special": true,
          ])
        }),
      "normalizer": .null,
      "pre_tokenizer": .object([
        "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true,
      ]),
      "post_processor": .null,
      "decoder": .object([
        "type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true,
      ]),
      "model": .object([
        "type": "BPE", "dropout": .null, "unk_token": .null, "continuing_subword_prefix": .null,
        "end_of_word_suffix": .null, "fuse_unk": false, "byte_fallback": false,
        "ignore_merges": false,
        "vocab": .object(
          names.enumerated().map { JSONMember($0.element, .integer(Int64($0.offset))) }),
        "merges": .array([]),
      ]),
    ])
    let configuration: JSONValue = .object([
      "tokenizer_class": "PreTrainedTokenizerFast", "eos_token": "<|im_end|>",
      "pad_token": "<|endoftext|>", "model_max_length": 512,
    ])
    let path = try folder.makeFolder("tokenizer-\(UUID().uuidString)")
    try ModelFolderWriter.tokenizer(
      to: path, tokenizer: json, configuration: configuration,
      template: template ? BuiltinTemplate.chatml.source : nil)
    return try StageHarness.artifact(folder: path, .model)
  }

  /// GPT-2's printable stand-ins for bytes, in order of the bytes.
  private static let byteAlphabet: [String] = {
    var next: UInt32 = 256
    return (UInt32(0)..<256).map { byte in
      let isPrintable =
        (33...126).contains(byte) || (161...172).contains(byte) || (174...255).contains(byte)
      defer { if !isPrintable { next += 1 } }
      return String(Character(Unicode.Scalar(isPrintable ? byte : next) ?? "?"))
    }
  }()

  static let colours = ["sky": "blue", "sun": "gold", "sea": "teal", "ash": "grey"]
  static let things = colours.keys.sorted()

  func records(_ contents: [RowContent], sealed: Bool = false) throws -> InputArtifact {
    let path = try folder.makeFolder("records-\(UUID().uuidString)")
    let writer = try RecordsWriter(folder: path)
    var identity = RowIdentity()
    for content in contents {
      try writer.append(Row(id: identity.next(content, []), content: content))
    }
    try writer.finish()
    if sealed { try Data("{}".utf8).write(to: URL(fileURLWithPath: path + "/sealed.json")) }
    return try StageHarness.artifact(folder: path, .records)
  }

  func texts(_ count: Int) throws -> InputArtifact {
    try records(
      (0..<count).map { .text("\($0): the \(Self.things[$0 % 4]) is \(Self.answer($0)).") })
  }

  func conversations(_ count: Int) throws -> InputArtifact {
    try records(
      (0..<count).map {
        .conversation(
          [Self.question($0), Message(.assistant, Self.answer($0))], tools: nil)
      })
  }

  /// The rejected answer is the colour that ``conversations(_:)`` teach.
  func pairs(_ count: Int) throws -> InputArtifact {
    try records(
      (0..<count).map {
        .preference(
          prompt: [Self.question($0)], chosen: [Message(.assistant, "nope")],
          rejected: [Message(.assistant, Self.answer($0))])
      })
  }

  static func question(_ index: Int) -> Message {
    Message(.user, "\(things[index % 4]) \(index)?")
  }

  static func answer(_ index: Int) -> String { colours[things[index % 4]] ?? "" }

  // MARK: - Models

  static let small =
    #""hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 2, "num_attention_heads": 2,"#
    + #""max_position_embeddings": 64, "sequence_len": 64,"#

  /// A base that has seen texts; made once.
  static func base() throws -> InputArtifact { try shared.get().base }

  /// The base, and an adapter on it that answers as ``conversations(_:)`` do; made once.
  static func tuned() throws -> (base: InputArtifact, adapter: InputArtifact) {
    let (_, base, adapter) = try shared.get()
    return (base, adapter)
  }

  /// The fixture keeps the folder of the two models.
  private static let shared:
    Swift.Result<
      (fixture: TrainingFixture, base: InputArtifact, adapter: InputArtifact), any Error
    > = .init {
      let fixture = try TrainingFixture()
      let base = try fixture.run(
        Pretrain.self, "{\(small) \"learning_rate\": 0.01, \"max_steps\": 60, \"num_epochs\": 8}",
        ["model": fixture.tokenizer(), "train": fixture.texts(64)]
      ).artifact("model")
      let tuned = try fixture.run(
        SFT.self, SFTTests.lora, ["model": base, "train": fixture.conversations(32)])
      return (fixture, base, on(base, try tuned.artifact("model")))
    }

  /// Hands `artifact` over as an adapter on `base` is handed over by the engine.
  static func on(_ base: InputArtifact, _ artifact: InputArtifact) -> InputArtifact {
    InputArtifact(
      type: .model, digest: artifact.digest, tree: artifact.tree,
      references: [base.digest.hex: ReferencedArtifact(type: .model, tree: base.tree)])
  }

  // MARK: - Running

  struct Result {
    var outputs: [String: String]
    var events: [StageEvent]
    /// Models that the output refers to.
    var references: [Digest]
    /// Input records that it refers to.
    var trainedRows: [Digest]

    func artifact(_ port: String) throws -> InputArtifact {
      try StageHarness.artifact(folder: outputs[port] ?? "", port == "report" ? .report : .model)
    }

    /// The value of a metric by step, in the order reported.
    func metric(_ name: String) -> [(step: Int, value: Double)] {
      events.compactMap {
        if case .metric(name, let step, let value) = $0 { (step, value) } else { nil }
      }
    }

    /// Warnings and errors; notes, such as the memory plan, are not among them.
    var messages: [String] {
      events.compactMap {
        if case .message(let item) = $0, item.severity != .note { item.message } else { nil }
      }
    }

    /// Every file of the model, by name.
    func bytes() throws -> [String: [UInt8]] {
      try TrainingFixture.bytes(artifact("model").tree)
    }
  }

  static func bytes(_ tree: FileTree) throws -> [String: [UInt8]] {
    try Dictionary(
      uniqueKeysWithValues: tree.names.map { name in
        (name, Array(try Data(contentsOf: URL(fileURLWithPath: tree.path(name)))))
      })
  }

  func run<S: Stage>(
    _ stage: S.Type, _ parameters: String, _ inputs: [String: InputArtifact], threads: Int = 2,
    checkpoints: any CheckpointStore = NoCheckpoints(),
    stopRequested: @escaping @Sendable () -> Bool = { false }
  ) throws -> Result {
    let json = try JSONReader.parse(Array(parameters.utf8), file: "parameters")
    let read = S.read(Node(json, file: "parameters"))
    if !read.diagnostics.isEmpty { throw Failure(read.diagnostics, .badInput) }
    var outputs: [String: String] = [:]
    for port in read.ports.outputs {
      outputs[port.name] = try folder.makeFolder("out-\(port.name)-\(UUID().uuidString)")
    }
    let events = Mutex<[StageEvent]>([])
    let references = ReferenceRecorder()
    let context = StageContext(
      pool: ThreadPool(threads: threads), inputs: inputs, files: [:], outputs: outputs,
      checkpoints: checkpoints, references: references,
      sink: { event in events.withLock { $0.append(event) } }, stopRequested: stopRequested)
    _ = try read.run(context)
    let rows = Set(inputs.values.filter { $0.type == .records }.map(\.digest))
    let all = references.references(of: "model")
    return Result(
      outputs: outputs, events: events.withLock { $0 },
      references: all.filter { !rows.contains($0) }, trainedRows: all.filter(rows.contains))
  }
}

/// Checkpoints in a folder that live as long as the test.
final class KeptCheckpoints: CheckpointStore {
  /// What a process that dies while it saves looks like from here.
  struct Death: Error {}

  private struct State {
    var newest: Checkpoint?
    var steps: [Int] = []
    var deathAfter: Int?
  }

  private let folder: TemporaryFolder
  private let state: Mutex<State>

  /// - Parameter deathAfter: the save after so many throws ``Death``, once, and keeps nothing.
  init(_ folder: TemporaryFolder, deathAfter: Int? = nil) {
    self.folder = folder
    state = Mutex(State(deathAfter: deathAfter))
  }

  /// Of every checkpoint saved, in order.
  var steps: [Int] { state.withLock { $0.steps } }

  /// Every file of the newest one, by name.
  func bytes() throws -> [String: [UInt8]]? {
    try state.withLock { try $0.newest.map { try TrainingFixture.bytes($0.tree) } }
  }

  func save(step: Int, arithmetic: String, _ write: (String) throws -> Void) throws {
    let path = try folder.makeFolder("checkpoint-\(UUID().uuidString)")
    try write(path)
    let checkpoint = Checkpoint(step: step, tree: try FileTree(folder: path))
    try state.withLock {
      if $0.deathAfter == $0.steps.count {
        $0.deathAfter = nil
        throw Death()
      }
      $0.newest = checkpoint
      $0.steps.append(step)
    }
  }

  func latest(arithmetic: String) throws -> Checkpoint? { state.withLock { $0.newest } }
}
