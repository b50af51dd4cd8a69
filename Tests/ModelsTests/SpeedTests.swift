import Foundation
import ModelFiles
import Models
import Parallelism
import Testing

/// Figures, not promises: run with ORCHESTRATE_MEASURE=1 on a quiet machine.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["ORCHESTRATE_MEASURE"] != nil), .serialized)
struct SpeedTests {
  static let configuration = ModelConfiguration(
    modelType: "llama", vocabularySize: 2048, hiddenSize: 256, intermediateSize: 688,
    layerCount: 4, headCount: 4, keyValueHeadCount: 4, headSize: 64, contextLength: 512,
    tiesWordEmbeddings: true)

  @Test("tokens per second of a step of 4096 tokens in rows of 100", arguments: [1, 2])
  func steps(threads: Int) {
    var rows: [[Int32]] = []
    for row in 0..<41 {
      let length = row == 40 ? 96 : 100
      rows.append((0..<length).map { Int32(($0 * 7 + row * 31) % 2048) })
    }
    let batch = TokenBatch(predictingNextIn: rows)
    let pool = ThreadPool(threads: threads)
    let adapter = LoRASettings(rank: 16, alpha: 32)
    let dropping = LoRASettings(rank: 16, alpha: 32, dropout: 0.05)
    let cases: [(String, Trainable)] = [
      ("full", .all), ("LoRA r16", .newAdapter(adapter, seed: 1)),
      ("LoRA r16 dropout", .newAdapter(dropping, seed: 1)),
    ]
    for (name, trainable) in cases {
      let model = LanguageModel.initialized(
        Self.configuration, seed: 1, trainable: trainable, pool: pool)
      let step = Self.best {
        model.forwardBackward(
          batch, PassOptions(dropoutKey: 1),
          .computed { [Float](repeating: -1e-4, count: $0.count) })
      }
      let score = Self.best { _ = model.logProbabilities(batch) }
      // Products of a step: 2 per weight and token forward, 4 backward (2 with frozen weights).
      let weights = Double(Self.configuration.parameterCount)
      let flops = weights * 4096 * (name == "full" ? 6 : 4)
      print(
        "\(threads) threads, \(name): \(Int(4096 / step.wall)) tokens/s, "
          + "\(Int(flops / step.wall * 1e-9)) GFLOP/s, \(Int(flops / step.cpu * 1e-9)) per "
          + "CPU-second; scoring \(Int(4096 / score.wall)) tokens/s, "
          + "\(Int(4096 / score.cpu)) per CPU-second; arena "
          + "\(model.activationBytes(tokens: 4096, labels: 4055, gradients: true) >> 20) MiB, "
          + model.arithmeticClass)
    }
  }

  /// The best of five, in seconds of the wall and of the processors.
  private static func best(_ body: () -> Void) -> (wall: Double, cpu: Double) {
    body()
    var best = (wall: Double.infinity, cpu: Double.infinity)
    for _ in 0..<5 {
      let (start, clockStart) = (Date(), clock())
      body()
      best.wall = min(best.wall, Date().timeIntervalSince(start))
      best.cpu = min(best.cpu, Double(clock() - clockStart) / Double(CLOCKS_PER_SEC))
    }
    return best
  }
}
