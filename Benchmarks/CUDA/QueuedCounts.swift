import CUDADevices
import CountedCards
import ModelFiles
import Models
import Parallelism
import Tensors
import Training

/// How many kernels, products and copies a step or a token queues, on a card that only counts.
enum QueuedCounts {
  /// Forward and backward of one row of 2048 tokens that are all trained.
  static func step(_ make: (any Backend) throws -> LanguageModel) throws -> Int {
    let (device, backend) = try card()
    let model = try make(backend)
    let ids = (0..<2048).map { Int32($0 * 7 % model.configuration.vocabularySize) }
    model.reserve(tokens: ids.count, labels: ids.count - 1)
    model.zeroGradients()
    let before = device.queuedCount
    model.forwardBackward(
      TokenBatch(predictingNextIn: [ids]), PassOptions(),
      .known(Array(repeating: -1, count: ids.count - 1)))
    try backend.check()
    return device.queuedCount - before
  }

  /// One token behind 512 others.
  static func token() throws -> Int {
    let (device, backend) = try card()
    let model = try PublishedShape.llama3Of8B.frozen(backend)
    let cache = KeyValueCache(model.configuration, slots: 1, capacity: 513, backend: backend)
    func advance(_ count: Int) {
      _ = model.advance(
        cache, (0..<count).map { LanguageModel.NextToken(slot: 0, id: Int32($0)) },
        wanted: [count - 1])
    }
    advance(512)
    let before = device.queuedCount
    advance(1)
    try backend.check()
    return device.queuedCount - before
  }

  private static func card() throws -> (CountingDevice, CUDABackend) {
    let device = CountingDevice()
    return (
      device,
      try CUDABackend(device, pool: ThreadPool(threads: 1), products: .bfloat16)
    )
  }
}
