import CUDADevices
import Diagnostics
import EmulatedCards
import ModelFiles
import Models
import Parallelism
import Records
import Reproducibility
import Tensors
import TestSupport
import Tokenization
import Training

/// A small Llama on the host and on an emulated card.
enum CardModel {
  static let configuration = ModelConfiguration(
    modelType: "llama", vocabularySize: 70, hiddenSize: 32, intermediateSize: 48, layerCount: 2,
    headCount: 4, keyValueHeadCount: 2, headSize: 8, contextLength: 128,
    tiesWordEmbeddings: false)

  static let adapter = Trainable.newAdapter(
    LoRASettings(rank: 4, alpha: 8, dropout: 0.1), seed: 5)

  static func model(
    _ trainable: Trainable, _ precision: WeightPrecision = .float32,
    configuration: ModelConfiguration = configuration, on device: EmulatedDevice?
  ) throws -> LanguageModel {
    let pool = ThreadPool(threads: 1)
    return .initialized(
      configuration, seed: 3, trainable: trainable, pool: pool, precision: precision,
      backend: try device.map { try CUDABackend($0, pool: pool, products: precision.products) })
  }

  static func rows(_ lengths: [Int]) -> [[Int32]] {
    lengths.enumerated().map { row, length in
      (0..<length).map { Int32(($0 * 7 + row * 31 + $0 * $0 % 13) % 70) }
    }
  }

  static func examples(_ count: Int) -> [TokenExample] {
    rows((0..<count).map { 3 + $0 % 5 }).enumerated().map { row, ids in
      TokenExample(
        row: RowID(hash: String(Digest(of: Array("row \(row)".utf8)).hex.prefix(32)), ordinal: 0),
        ids: ids, labels: ids.enumerated().map { $0.offset < 1 ? -100 : $0.element })
    }
  }

  static func bits(_ model: LanguageModel) -> [UInt32] {
    model.parameters.flatMap { $0.values.values().map(\.bitPattern) }
  }
}

/// Keeps checkpoints in a folder; may end like a killed process after some of them.
final class CardHost: TrainingHost {
  struct Death: Error {}

  private let folder: TemporaryFolder
  private(set) var steps: [StepReport] = []
  private(set) var saved: [Int] = []
  var diesAfterSaves: Int?
  /// Called after each step.
  var afterStep: () -> Void = {}
  private var newest: (arithmetic: String, tree: FileTree)?

  init(_ folder: TemporaryFolder) { self.folder = folder }

  func stepped(_ report: StepReport) {
    steps.append(report)
    afterStep()
  }
  func evaluated(step: Int, _ values: [NamedValue]) {}
  func warned(_ finding: Diagnostic) {}
  func scored(_ rows: Int, of total: Int, _ what: String) {}
  var isStopRequested: Bool { false }

  func save(step: Int, arithmetic: String, _ write: (String) throws -> Void) throws {
    let path = try folder.makeFolder("checkpoint-\(saved.count)")
    try write(path)
    newest = (arithmetic, try FileTree(folder: path))
    saved.append(step)
    if saved.count == diesAfterSaves { throw Death() }
  }

  func latestCheckpoint(arithmetic: String) throws -> FileTree? {
    newest?.arithmetic == arithmetic ? newest?.tree : nil
  }
}
