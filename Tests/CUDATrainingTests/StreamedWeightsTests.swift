import BlockFormats
import CUDADevices
import CountedCards
import EmulatedCards
import Foundation
import ModelFiles
import Models
import Parallelism
import Reproducibility
import Tensors
import TestSupport
import Testing
import Training

/// Weights go from the file to a card piece by piece, in the type that they are stored in.
@Suite struct StreamedWeightsTests {
  /// 42 million values, 84 MB in bfloat16: 168 MB in float32, 67 MB of them in one tensor.
  static let wide = ModelConfiguration(
    modelType: "llama", vocabularySize: 32_768, hiddenSize: 512, intermediateSize: 16_384,
    layerCount: 1, headCount: 8, keyValueHeadCount: 2, headSize: 64, contextLength: 64)

  static let small = ModelConfiguration(
    modelType: "llama", vocabularySize: 71, hiddenSize: 32, intermediateSize: 70, layerCount: 2,
    headCount: 4, keyValueHeadCount: 2, headSize: 8, contextLength: 64,
    tiesWordEmbeddings: false)

  /// A folder of random weights in one float type.
  private static func folder(
    _ configuration: ModelConfiguration, _ type: TensorType, in scratch: TemporaryFolder
  ) throws -> ModelFolder {
    let path = try scratch.makeFolder(type.rawValue)
    try ModelFolderWriter.full(
      to: path, configuration: configuration,
      weights: configuration.tensorShapes.map { name, shape in
        OutputTensor(name: name, type: type, shape: shape) {
          let random = CounterRandom(seed: 1, stream: "weights", UInt64(name.utf8.count))
          // A few values again and again: it is their number that counts.
          let some = (0..<4093).map { Float(random.normal(UInt64($0))) * 0.02 }
          return (0..<shape.reduce(1, *)).map { some[$0 % some.count] }
        }
      }, tokenizer: FileTree(paths: [:]))
    return try ModelFolder(FileTree(folder: path))
  }

  private static let quantized = WeightPrecision(linears: .nf4, tables: .bfloat16)

  @Test(
    "loading a model onto a card takes some MiB of the host, whatever the model's size",
    .timeLimit(.minutes(5)))
  func bounded() async {
    await #expect(processExitsWith: .success) {
      let scratch = try TemporaryFolder()
      let folder = try Self.folder(Self.wide, .BF16, in: scratch)
      for isQuantized in [false, true] {
        let device = CountingDevice()
        let backend = try CUDABackend(device, pool: ThreadPool(threads: 2))
        // 5 resets the peak (man 5 proc).
        try "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .utf8)
        let before = MachineMemory.resident
        let model = try LanguageModel.load(
          folder, trainable: .nothing, pool: backend.pool,
          precision: isQuantized ? Self.quantized : .forInference(folder, on: backend),
          backend: backend)
        let growth = MachineMemory.residentPeak - before
        print("\(isQuantized ? "NF4" : "bfloat16"): the host grew by \(growth >> 20) MiB")
        precondition(device.largestWrite <= 16 << 20, "a piece of \(device.largestWrite) bytes")
        precondition(device.writtenBytes >= model.memory.total * 9 / 10, "all weights came")
        precondition(
          model.memory.total < (isQuantized ? 50 : 90) << 20, "weights stay as they are stored")
        precondition(growth < 40 << 20, "the host grew by \(growth) bytes")
      }
    }
  }

  @Test(
    "what comes in pieces is what comes as a whole",
    arguments: [TensorType.F32, .F16, .BF16])
  func same(type: TensorType) throws {
    let scratch = try TemporaryFolder()
    // More than a piece of 2²² values in each linear of the feed-forward block.
    var configuration = Self.small
    configuration.intermediateSize = 140_002
    configuration.layers = [configuration.layers[0]]
    configuration.layerCount = 1
    let folder = try Self.folder(configuration, type, in: scratch)
    for precision in [WeightPrecision.float32, Self.quantized] {
      func weights(_ backend: (any Backend)?) throws -> [[Float]] {
        try LanguageModel.load(
          folder, trainable: .nothing, pool: ThreadPool(threads: 1), precision: precision,
          backend: backend
        ).weights().map(\.values)
      }
      let card = try CUDABackend(EmulatedDevice(), pool: ThreadPool(threads: 1))
      #expect(try weights(card) == weights(nil))
    }
    let (name, pool) = ("model.layers.0.mlp.up_proj.weight", ThreadPool(threads: 1))
    let whole = NF4Tensor(
      try folder.floats(name), shape: [140_002, 32], doubleQuantized: true)
    let model = try LanguageModel.load(
      folder, trainable: .nothing, pool: pool, precision: Self.quantized)
    #expect(model.weight(name) == whole.decoded())
  }

  @Test("types are kept on a card and give the logits of float32")
  func types() throws {
    let scratch = try TemporaryFolder()
    for (type, bytes) in [(TensorType.F32, 4), (.F16, 2), (.BF16, 2)] {
      let folder = try Self.folder(Self.small, type, in: scratch)
      let card = try CUDABackend(EmulatedDevice(), pool: ThreadPool(threads: 1))
      let batch = TokenBatch(predictingNextIn: [[1, 5, 9, 70]])
      var found: [[[Float]]] = []
      for precision in [.float32, WeightPrecision.forInference(folder, on: card)] {
        let model = try LanguageModel.load(
          folder, trainable: .nothing, pool: ThreadPool(threads: 1), precision: precision,
          backend: card)
        found.append(model.logits(batch, positions: [0, 3]))
        if precision != .float32 || bytes == 4 {
          let cells = Self.small.parameterCount
          #expect(model.memory.total < (bytes * cells * 11) / 10, "\(type): \(model.memory)")
        }
      }
      #expect(found[0] == found[1], "\(type)")
    }
  }
}
