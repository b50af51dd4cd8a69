import CUDADevices
import ModelFiles
import Models
import Parallelism
import Tensors
import Training

/// Steps of LoRA on a small Llama: on a card beside the host, and left in the middle.
enum CardResume {
  private static let configuration = ModelConfiguration(
    modelType: "llama", vocabularySize: 1000, hiddenSize: 256, intermediateSize: 512, layerCount: 4,
    headCount: 8, keyValueHeadCount: 2, headSize: 32, contextLength: 512,
    tiesWordEmbeddings: false)

  private struct Run {
    let model: LanguageModel
    let optimizer: Optimizer
    var losses: [Float] = []

    init(_ backend: any Backend, offloads: Bool = false) {
      model = .initialized(
        CardResume.configuration, seed: 3,
        trainable: .newAdapter(LoRASettings(rank: 8, alpha: 16, dropout: 0.1), seed: 5),
        pool: backend.pool, precision: WeightPrecision(linears: .nf4, tables: .bfloat16),
        backend: backend)
      model.repeatedLayers = offloads ? CardResume.configuration.layerCount : 0
      model.offloads = offloads
      optimizer = Optimizer(
        OptimizerSettings(), parameters: model.parameters, learningRate: 1e-3, backend: backend)
    }

    mutating func step(_ number: Int) throws {
      let rows = (0..<4).map { row in
        (0..<100).map { Int32(($0 * 7 + row * 31 + number * 13 + $0 * $0 % 17) % 1000) }
      }
      model.zeroGradients()
      let found = model.forwardBackward(
        TokenBatch(predictingNextIn: rows), PassOptions(dropoutKey: UInt64(number)),
        .computed { $0.map { _ in -1 / 396 } })
      optimizer.step(learningRate: 1e-3, gradientScale: 1)
      try model.backend.check()
      losses.append(-found.reduce(0, +) / 396)
    }

    var bits: [UInt32] { model.parameters.flatMap { $0.values.values().map(\.bitPattern) } }
  }

  static func run(card: Int) throws -> Bool {
    let pool = ThreadPool(threads: 4)
    let device = try DriverDevice(index: card)
    var runs = try [false, false, true].map {
      Run(try CUDABackend(device, pool: pool), offloads: $0)
    }
    var host = Run(CPUBackend(pool: pool))
    for number in 1...8 {
      for index in runs.indices { try runs[index].step(number) }
      try host.step(number)
    }
    let isSame = runs[0].bits == runs[1].bits && runs[0].losses == runs[1].losses
    print("two runs of 8 steps have \(isSame ? "the same" : "OTHER") bits")
    let isSameOffloaded = runs[2].bits == runs[0].bits && runs[2].losses == runs[0].losses
    print(
      "layers' inputs in the host's memory: \(isSameOffloaded ? "the same" : "OTHER") bits")
    let distance = zip(runs[0].losses, host.losses).map { abs($0 - $1) }.max() ?? .infinity
    print("losses are at most \(distance) from the host's")
    return isSame && isSameOffloaded && distance < 1e-3
  }
}
