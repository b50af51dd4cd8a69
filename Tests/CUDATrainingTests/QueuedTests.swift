import CUDADevices
import CountedCards
import Parallelism
import Tensors
import Testing

/// How much is queued: what a card waits for between kernels.
@Suite struct QueuedTests {
  @Test("positions that are the same again are not copied again")
  func positions() throws {
    let device = CountingDevice(), pool = ThreadPool(threads: 1)
    let backend = try CUDABackend(device, pool: pool)
    func matrix(_ rows: Int, _ columns: Int) -> Matrix {
      backend.allocate(rows * columns).matrix(rows: rows, columns: columns)
    }
    let (cosine, sine) = (matrix(2000, 4), matrix(2000, 4))
    func queued(_ positions: [Int32]) -> Int {
      let x = matrix(positions.count, 8), before = device.queuedCount
      backend.rotate(
        x, heads: 1, headSize: 8, dimensions: 8, cosine: cosine, sine: sine, positions: positions,
        backward: false)
      return device.queuedCount - before
    }
    let long = (0..<2000).map { Int32($0) }
    #expect(
      [[5, 6], [5, 6], [5, 7], [5, 7], long, long, [5, 7]].map(queued) == [2, 1, 2, 1, 2, 1, 2])
    try backend.check()
  }
}
