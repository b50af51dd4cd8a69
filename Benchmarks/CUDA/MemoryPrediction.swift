import CUDADevices
import CountedCards
import Foundation
import Models
import Parallelism
import Tensors
import Training

/// The memory that QLoRA takes of a card, planned for published shapes with one row of 2048 tokens,
/// all of them trained: rank 16 on every linear, NF4 with nested scales, paged 8-bit AdamW, cuBLAS.
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
      let backend = try CUDABackend(
        CountingDevice(), pool: ThreadPool(threads: 1), products: .bfloat16)
      let plan = try MemoryPlan.fitting(
        PublishedShape.needs(shape.qlora(backend), tokens: tokens), .auto,
        limit: limit * 1_000_000_000 - ofDriver,
        BatchSettings(microBatchSize: 1, gradientAccumulationSteps: 1, sequenceLength: tokens))
      func gigabytes(_ bytes: Int) -> String { String(format: "%.2f", Double(bytes) / 1e9) }
      lines.append(
        "| \(shape.rawValue) | \(limit) GB | \(gigabytes(plan.total)) | "
          + "\(gigabytes(plan.total + ofDriver)) | \(plan.repeatedLayers) | "
          + "\(plan.offloads ? gigabytes(plan.hostBytes) : "–") |")
    }
    return lines.joined(separator: "\n")
  }
}
