import BackendConformance
import CUDADevices
import Parallelism
import Tensors

/// The conformance list on a card: own products and cuBLAS, in float32 and in bfloat16.
enum CardConformance {
  static func run(card: Int) throws -> Bool {
    var failed = 0
    for usesLibrary in [false, true] {
      let device = try DriverDevice(index: card, usesLibrary: usesLibrary)
      for products in [ProductPrecision.float32, .bfloat16] {
        let backend = try CUDABackend(device, pool: ThreadPool(threads: 1), products: products)
        let traits = products == .bfloat16 ? .roundedCard : BackendTraits()
        var passed = 0
        for example in ConformanceCase.all {
          let problems = try example.problems(backend, traits)
          if problems.isEmpty { passed += 1 } else { failed += 1 }
          for problem in problems { print("FAILED \(example.name): \(problem)") }
        }
        print("\(backend.arithmeticClass): \(passed) of \(ConformanceCase.all.count) cases passed")
      }
    }
    return failed == 0
  }
}
