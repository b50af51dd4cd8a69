import CUDADevices
import CountedCards
import Foundation
import Models
import Parallelism
import Tensors
import Training

/// The memory of a card, planned for published shapes with one row of 2048 tokens, all of them trained:
/// rank 16 on every linear, cuBLAS.
enum MemoryPrediction {
  private static let tokens = 2048
  /// A context with its stacks, and what the driver rounds allocations up to: taken for it, not planned.
  private static let ofDriver = 700_000_000

  static func table() throws -> String {
    var lines = [
      "| QLoRA of | card | planned GB | with the driver's | layers again | GB in the host's memory |",
      "|---|---|---|---|---|---|",
    ]
    for (shape, limit) in [
      (PublishedShape.llama2Of7B, 8), (.mistral7B, 8), (.llama3Of70B, 48),
    ] {
      let plan = try plan(shape.qlora(backend()), .auto, limit: limit * 1_000_000_000 - ofDriver)
      lines.append(
        "| \(shape.rawValue) | \(limit) GB | \(gigabytes(plan.total)) | "
          + "\(gigabytes(plan.total + ofDriver)) | \(plan.repeatedLayers) | "
          + "\(plan.offloads ? gigabytes(plan.hostBytes) : "–") |")
    }
    let assumed = """
      QLoRA: NF4 with nested scales, tables in bfloat16, paged 8-bit AdamW. The driver's own (context, rounding of
      allocations) is taken for 0.7 GB.
      """
    return [assumed, lines.joined(separator: "\n"), try beside()].joined(separator: "\n\n")
  }

  /// LoRA of the 8B shape beside an estimate of PyTorch's.
  private static func beside() throws -> String {
    let model = try PublishedShape.llama3Of8B.lora(backend())
    let moments = 8 * model.memory.learningCells
    let other = PyTorch(weights: model.memory.weights.reduce(0) { $0 + $1.bytes }, moments: moments)
    var lines = [
      "| LoRA of Llama-3-8B in bf16, AdamW | GB with the driver's | of PyTorch's (asked: 50 %) |",
      "|---|---|---|",
      "| PyTorch, transformers, PEFT, no layers again: an estimate | \(gigabytes(other.bytes)) | 100 % |",
    ]
    for (name, mode) in [
      ("no layers again", GradientCheckpointing.off), ("all layers again", .on),
      ("all again, inputs in the host's memory", .offload),
    ] {
      let bytes = try plan(model, mode, limit: nil, optimizerBytes: moments).total + ofDriver
      lines.append(
        "| \(name) | \(gigabytes(bytes)) | "
          + String(format: "%.0f %% |", 100 * Double(bytes) / Double(other.bytes)))
    }
    return lines.joined(separator: "\n") + "\n\n" + PyTorch.assumptions
  }

  /// What autograd keeps of a Llama with LoRA on every linear, in bytes of a token and layer.
  private struct PyTorch {
    let weights, moments: Int
    static let assumptions = """
      PyTorch's is an estimate: weights, adapters and AdamW as here; of each token and layer two norms with a copy in
      float32 (6 bytes of the width each), their outputs for A (2 each), q, k, v and the output of attention (5
      widths), gate, up, silu and product (8 of the inner width); 14 bytes for each logit; 1.2 GB of its own.
      """

    var bytes: Int {
      let (width, inner) = (4096, 14_336)
      let layer = 2 * 6 * width + 2 * 2 * width + 5 * width + 8 * inner
      return weights + moments * 2 + 32 * tokens * layer + 14 * tokens * 128_256 + 1_200_000_000
    }
  }

  private static func backend() throws -> CUDABackend {
    try CUDABackend(CountingDevice(), pool: ThreadPool(threads: 1), products: .bfloat16)
  }

  private static func plan(
    _ model: LanguageModel, _ mode: GradientCheckpointing, limit: Int?, optimizerBytes: Int = 0
  ) throws -> MemoryPlan {
    let extent = BatchExtent(tokens: tokens, labels: tokens - 1)
    return try MemoryPlan.fitting(
      MemoryNeeds(
        model, batches: [extent], optimizerBytes: optimizerBytes, keepsBest: false, isOnCard: true),
      mode, limit: limit,
      BatchSettings(microBatchSize: 1, gradientAccumulationSteps: 1, sequenceLength: tokens))
  }

  private static func gigabytes(_ bytes: Int) -> String {
    String(format: "%.2f", Double(bytes) / 1e9)
  }
}
