import CountedCards
import Foundation

/// Times of a Llama-3-8B-shaped model on one card from operations, bytes and what is queued, beside what is
/// asked of them. Nothing here was measured: rates are a card's data sheet and the fractions that are
/// assumed, which the text names.
enum Prediction {
  /// An H200, 141 GB.
  private enum Card {
    /// Dense bf16 on random data, as cuBLAS reaches it (989 TFLOP/s is the data sheet's).
    static let bf16 = 790e12
    /// Of that, products of these shapes.
    static let share = 0.8
    /// The float32 units, and what cuBLAS reaches of them in narrow products.
    static let float32 = 67e12 * 0.5
    static let bandwidth = 4.8e12
    /// Of that, what passes over activations and weights reach.
    static let reached = bandwidth * 0.85
    /// A kernel, product or copy begins when the one before it has ended.
    static let queued = 2e-6
    static let (multiprocessors, clock) = (132.0, 1.755e9)
    /// Of the cycles that shared memory is read or written in, attention's part of time.
    static let overlap = 0.7
    /// What PyTorch's flash attention is taken to reach backward, heads of 128, causal, 2048 tokens.
    static let flashBackward = 250e12
  }

  private static let (layers, heads, headSize) = (32.0, 32.0, 128.0)
  private static let (hidden, feedForward) = (4096.0, 14_336.0)
  private static let (queryWidth, keyWidth, vocabulary) = (4096.0, 1024.0, 128_256.0)
  private static let rank = 16.0
  private static let linears =
    layers * (hidden * (2 * queryWidth + 2 * keyWidth) + 3 * hidden * feedForward)
  private static let head = hidden * vocabulary
  private static let adapter =
    layers * rank * (4 * hidden + 2 * (hidden + keyWidth) + 3 * (hidden + feedForward))
  private static let tokens = 2048.0
  /// One product over the causal half of the pairs, all layers.
  private static let attentionProduct = tokens * tokens * queryWidth * layers

  /// Seconds of attention in one layer: cycles of shared memory of 64 rows by 64 (forward) or 32 (backward)
  /// others, docs/cuda-kernels.md.
  private static func attention(cycles: Double, others: Double) -> Double {
    let blocks = tokens / 64, steps = heads * blocks * (blocks + 1) / 2 * (64 / others)
    return steps * cycles / Card.multiprocessors / Card.clock / Card.overlap
  }
  private static let attentionForward = attention(cycles: 1280, others: 64)
  private static let attentionBackward = attention(cycles: 896 + 1408, others: 32)

  /// The parts of a case, in seconds one after the other.
  private struct Parts {
    var products = 0.0
    var attention = 0.0
    var adapters = 0.0
    var passes = 0.0
    var queue = 0.0
    var seconds: Double { products + attention + adapters + passes + queue }

    func line(_ name: String) -> String {
      let figures = [products, attention, adapters, passes, queue, seconds].map {
        String(format: "%.1f", $0 * 1e3)
      }
      return "| \(name) | " + figures.joined(separator: " | ") + " |"
    }
  }

  /// Forward, and backward by the inputs alone: frozen weights have no gradient.
  private static func lora(queued: Int) -> Parts {
    // Cells of a layer that kernels other than products and attention read or write, forward and backward:
    // norms, rotations, gates, residuals, rounding for products, adapters' x, y, dx, dy.
    let cells = tokens * (66.5 * hidden + 27.5 * feedForward)
    let logits = 6 * tokens * vocabulary
    return Parts(
      products: 4 * (linears + head) * tokens / (Card.bf16 * Card.share),
      attention: layers * (attentionForward + attentionBackward),
      // Gradients of A and B; the other products hide behind their passes.
      adapters: 2 * adapter * tokens / Card.float32,
      passes: 4 * (layers * cells + logits) / Card.reached, queue: Double(queued) * Card.queued)
  }

  /// Each product reads codes and writes 16 bits, forward and backward.
  private static func qlora(queued: Int) -> Parts {
    var parts = lora(queued: queued)
    parts.passes += 2 * linears * (0.516 + 2) / Card.reached
    return parts
  }

  /// Bytes of a token behind 512: weights in bfloat16, keys and values in float32.
  private static let tokenBytes = 2 * (linears + head) + 4 * 512 * 2 * keyWidth * layers

  /// Useful operations, as training-bench counts them: attention's backward as two forwards.
  private static let useful =
    4 * (linears + head) * tokens + 6 * adapter * tokens + 6 * attentionProduct

  static func table() throws -> String {
    let lora = lora(queued: try QueuedCounts.step { try PublishedShape.llama3Of8B.lora($0) })
    let qlora = qlora(queued: try QueuedCounts.step { try PublishedShape.llama3Of8B.qlora($0) })
    let decode = Parts(
      passes: tokenBytes / Card.reached, queue: Double(try QueuedCounts.token()) * Card.queued)
    let backward = 5 * attentionProduct / layers / attentionBackward
    func percent(_ part: Double) -> String { String(format: "%.0f %%", part * 100) }
    func milliseconds(_ seconds: Double) -> String { String(format: "%.2f", seconds * 1e3) }
    return """
      One H200; a Llama-3-8B's shape, rows of 2048 tokens, rank 16 on every linear. Assumed: products at 80 % of
      790 TFLOP/s in bf16, float32 products at half of 67 TFLOP/s, passes over memory at 85 % of 4.8 TB/s, 2 µs
      for each kernel, product and copy (counted on a card that only counts), attention by its cycles of shared
      memory at 70 % overlap and 1.755 GHz, PyTorch's flash attention at 250 TFLOP/s backward.

      | what | predicted ms | tokens/s | predicted | asked |
      |---|---|---|---|---|
      | LoRA, bf16: share of 790 TFLOP/s | \(milliseconds(lora.seconds)) | \
      \(Int(tokens / lora.seconds)) | \(percent(useful / lora.seconds / Card.bf16)) | 45 % |
      | QLoRA, NF4 nested: share of LoRA's speed | \(milliseconds(qlora.seconds)) | \
      \(Int(tokens / qlora.seconds)) | \(percent(lora.seconds / qlora.seconds)) | 80 % |
      | attention backward of a layer: share of PyTorch's flash, \(Int(backward / 1e12)) TFLOP/s | \
      \(milliseconds(attentionBackward)) | – | \(percent(backward / Card.flashBackward)) | 60 % |
      | decode, batch 1, 512 tokens before, bf16: share of the bandwidth bound | \
      \(milliseconds(decode.seconds)) | \(Int(1 / decode.seconds)) | \
      \(percent(tokenBytes / Card.bandwidth / decode.seconds)) | 70 % |

      | ms of | products | attention | adapters' gradients | passes over memory | queue | together |
      |---|---|---|---|---|---|---|
      \(lora.line("LoRA"))
      \(qlora.line("QLoRA"))
      \(decode.line("decode"))
      """
  }
}
