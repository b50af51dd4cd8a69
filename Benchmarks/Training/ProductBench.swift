import Foundation
import ModelFiles
import Models
import Parallelism
import Tensors

/// GFLOP/s of the products of a layer: forward, gradient of the input, gradient of the weight, and
/// those of an adapter.
struct ProductBench {
  private let options: BenchOptions
  private let backend: CPUBackend

  init(_ options: BenchOptions) {
    self.options = options
    backend = CPUBackend(
      pool: ThreadPool(threads: options.threads),
      products: options.dtype == .bf16 ? .bfloat16 : .float32)
  }

  func run() {
    let shape = options.shape.configuration
    let tokens = options.batch * options.sequence
    let (c, f) = (shape.hiddenSize, shape.intermediateSize)
    let heads = shape.headCount * shape.headSize
    let width = heads + 2 * shape.keyValueHeadCount * shape.headSize
    let r = options.rank
    for (name, n, k) in [
      ("qkv", width, c), ("o", c, heads), ("gate_up", 2 * f, c), ("down", c, f),
      ("head", shape.vocabularySize, c), ("lora_a", r, c), ("lora_a3", 3 * r, c),
      ("lora_a down", r, f), ("lora_b", c, r), ("lora_b up", f, r),
    ] {
      // The head's logits exist for a part of the rows only.
      let rows = name == "head" ? min(tokens, 256) : tokens
      measure("\(name) \(rows) x \(n) x \(k)", rows, n, k)
    }
  }

  private func measure(_ name: String, _ t: Int, _ n: Int, _ k: Int) {
    func matrix(_ rows: Int, _ columns: Int) -> Matrix {
      let matrix = backend.allocate(rows * columns).matrix(rows: rows, columns: columns)
      matrix.write((0..<rows * columns).map { Float($0 % 97) * 0.01 - 0.5 })
      return matrix
    }
    let (y, x, dw) = (matrix(t, n), matrix(t, k), matrix(n, k))
    let format: WeightMatrix.Format = options.dtype == .bf16 ? .bfloat16 : .float32
    let w = WeightMatrix(format, stack: [n], columns: k, backend: backend)
    w.write((0..<n * k).map { Float($0 % 89) * 0.01 - 0.4 }, rows: 0..<n)
    let flop = 2e-9 * Double(t) * Double(n) * Double(k)
    let figures = [
      rate(flop) {
        backend.project(
          y, x, w, alpha: 1, accumulate: false, rowsAreIndependent: false, scratch: nil)
      },
      rate(flop) { backend.projectBack(x, y, w, alpha: 1e-4, accumulate: false, scratch: nil) },
      rate(flop) { backend.multiplyTransposing(dw, y, x, alpha: 1, accumulate: true) },
    ]
    let padded = name.padding(toLength: 32, withPad: " ", startingAt: 0)
    print(padded, figures.joined(separator: "   "))
  }

  /// Of the wall's time and of the processors', best of some.
  private func rate(_ gflop: Double, _ body: () -> Void) -> String {
    let clock = ContinuousClock()
    body()
    var (wall, processor) = (Double.infinity, Double.infinity)
    for _ in 0..<max(3, min(30, Int(20 / gflop))) {
      let before = Usage.now.processorSeconds
      wall = min(wall, clock.measure(body) / .seconds(1))
      processor = min(processor, Usage.now.processorSeconds - before)
    }
    return String(format: "%7.1f %7.1f/cpu", gflop / wall, gflop / processor)
  }
}
