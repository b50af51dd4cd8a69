import CUDADevices
import Foundation
import ModelFiles
import Models
import OracleFiles
import Parallelism
import Reproducibility
import Tensors

/// The models of a folder of oracles on a card, in float32: logits, likelihoods and gradients within
/// ten times the noise of the Python stack.
enum CardOracles {
  static func run(card: Int, folder: String) throws -> Bool {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
      .filter { FileManager.default.fileExists(atPath: "\(folder)/\($0)/expected.json") }
    guard !names.isEmpty else {
      print("oracles: skipped: no oracles in '\(folder)'")
      return true
    }
    var failed = 0
    for usesLibrary in [false, true] {
      let device = try DriverDevice(index: card, usesLibrary: usesLibrary)
      for name in names {
        let path = folder + "/" + name
        let pool = ThreadPool(threads: 1)
        let distances = ForwardDistances(
          model: try LanguageModel.load(
            ModelFolder(FileTree(folder: path)), trainable: .all, pool: pool,
            backend: try CUDABackend(device, pool: pool)),
          oracle: try ForwardOracle(path))
        let all = try distances.logits() + distances.gradients()
        try distances.model.backend.check()
        for found in all where !found.isWithin {
          failed += 1
          print("FAILED \(name): \(found.what): \(found.distance), at most \(found.bound)")
        }
        let worst = all.map { $0.distance / $0.bound }.max() ?? 0
        print(
          "oracle \(name)\(device.library == nil ? "" : ", cuBLAS"): "
            + "\(Int((worst * 100).rounded())) % of the bound at most, \(all.count) numbers")
      }
      if device.library == nil && usesLibrary { break }
    }
    return failed == 0
  }
}
