import CUDADevices
import Foundation
import Parallelism
import Tensors

/// What a card reaches at best: the ceilings that speeds are measured against.
enum CardRates {
  static func run(card: Int) throws {
    let device = try DriverDevice(index: card)
    print(device.arithmetic)
    let backend = try CUDABackend(device, pool: ThreadPool(threads: 1), products: .bfloat16)
    let n = 8192
    let x = backend.allocate(n * n).matrix(rows: n, columns: n)
    let y = backend.allocate(n * n).matrix(rows: n, columns: n)
    x.write(values(n * n))
    let w = WeightMatrix(.bfloat16, stack: [n], columns: n, backend: backend)
    w.write(values(n * n), rows: 0..<n)
    let product = try seconds(backend) {
      backend.project(
        y, x, w, alpha: 1, accumulate: false, rowsAreIndependent: false, scratch: nil)
    }
    print("bf16 product of 8192: \(Int(2 * pow(Double(n), 3) / product / 1e12)) TFLOP/s")
    let copy = try seconds(backend) { backend.copy(y, x) }
    print("copy: \(Int(8 * Double(n * n) / copy / 1e9)) GB/s read and written")
    let one = backend.allocate(n).matrix(rows: 1, columns: n)
    let out = backend.allocate(n).matrix(rows: 1, columns: n)
    let decode = try seconds(backend) {
      backend.project(
        out, one, w, alpha: 1, accumulate: false, rowsAreIndependent: true, scratch: nil)
    }
    print("one row times 8192 x 8192 in bf16: \(Int(2 * Double(n * n) / decode / 1e9)) GB/s")
  }

  private static func values(_ count: Int) -> [Float] {
    (0..<count).map { Float(($0 &* 2_654_435_761) % 2001 - 1000) * 1e-3 }
  }

  /// The median of a few times, each of several calls.
  private static func seconds(_ backend: CUDABackend, _ body: () -> Void) throws -> Double {
    body()
    try backend.check()
    let clock = ContinuousClock()
    let times = try (0..<5).map { _ in
      try clock.measure {
        for _ in 0..<10 { body() }
        try backend.check()
      } / .seconds(10)
    }
    return times.sorted()[2]
  }
}
