import CUDADevices
import EmulatedCards
import ModelFiles
import Models
import OracleFiles
import Parallelism
import Reproducibility
import Tensors
import TestSupport
import Testing

/// The smallest oracles by the kernels of the cards, emulated: as far from the Python stack as the host
/// may be. 'make test-cuda' runs all of them on a card.
@Suite(
  "oracles on an emulated card",
  .enabled(if: SharedMaterial.oracles.exists, "the oracles are absent (set ORACLES)"))
struct CardOracleTests {
  private func backend() throws -> CUDABackend {
    try CUDABackend(EmulatedDevice(), pool: ThreadPool(threads: 1))
  }

  @Test(
    "logits, likelihoods and gradients are those of transformers",
    arguments: OracleFolder.cases("models").filter {
      ["llama", "llama_bf16", "gemma2", "qwen3"].contains($0.split(separator: "/").last)
    })
  func models(_ folder: String) throws {
    let checks = ForwardChecks(
      model: try LanguageModel.load(
        ModelFolder(FileTree(folder: folder)), trainable: .all, pool: ThreadPool(threads: 1),
        backend: try backend()),
      oracle: try ForwardOracle(folder))
    try checks.logits()
    try checks.gradients()
    try checks.model.backend.check()
  }

  @Test(
    "adapters are those of PEFT",
    arguments: OracleFolder.cases("adapters").filter {
      ["lora_qv", "dora_qwen2"].contains($0.split(separator: "/").last)
    })
  func adapters(_ folder: String) throws {
    let oracle = try ForwardOracle(folder)
    let checks = ForwardChecks(
      model: try LanguageModel.load(
        AdapterOracleTests.folder(folder, oracle), trainable: .loadedAdapter,
        pool: ThreadPool(threads: 1), backend: try backend()), oracle: oracle)
    try checks.logits()
    try checks.gradients()
    try checks.model.backend.check()
  }

  @Test("weights stay in their stored types and give the same logits")
  func stored() throws {
    for name in ["llama_bf16", "llama"] {
      let path = SharedMaterial.oracles.path("models/" + name)
      let folder = try ModelFolder(FileTree(folder: path))
      let (card, oracle) = (try backend(), try ForwardOracle(path))
      let kept = WeightPrecision.forInference(folder, on: card)
      let stored: WeightMatrix.Format = name == "llama" ? .float32 : .bfloat16
      #expect(kept.linears == stored && kept.tables == stored)
      #expect(WeightPrecision.forInference(folder, on: nil) == .float32)
      func logits(_ precision: WeightPrecision) throws -> [[Float]] {
        try LanguageModel.load(
          folder, trainable: .nothing, pool: ThreadPool(threads: 1), precision: precision,
          backend: card
        ).logits(oracle.batch, positions: [0, 5])
      }
      #expect(try logits(kept) == logits(.float32))
    }
  }
}
