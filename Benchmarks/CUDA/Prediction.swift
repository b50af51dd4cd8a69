import Foundation

/// Times of a Llama-3-8B-shaped model on one card from operations and bytes alone. Nothing here was
/// measured: rates are a card's data sheet and the fractions that are assumed, which the table names.
enum Prediction {
  /// An H200, 141 GB.
  private enum Card {
    /// Dense bf16 on random data, as cuBLAS reaches it (989 TFLOP/s is the data sheet's).
    static let bf16 = 790e12
    /// Of that, products of these shapes.
    static let share = 0.8
    /// What the attention kernels are taken to reach of the same.
    static let attention = bf16 * 0.25
    /// 4.8 TB/s, of which 85 % is reached.
    static let bytes = 4.8e12 * 0.85
    /// Launches of a step that do not overlap with work, each.
    static let launch = 4e-6
  }

  private static let (layers, hidden, feedForward) = (32.0, 4096.0, 14_336.0)
  private static let (queryWidth, keyWidth, vocabulary) = (4096.0, 1024.0, 128_256.0)
  private static let rank = 16.0
  private static let linears =
    layers * (hidden * (2 * queryWidth + 2 * keyWidth) + 3 * hidden * feedForward)
  private static let head = hidden * vocabulary
  private static let tokens = 2048.0

  private struct Row {
    let name: String
    var product = 0.0
    var attention = 0.0
    var bytes = 0.0
    var launches = 0.0
    var tokens = Prediction.tokens

    var seconds: Double {
      product / (Card.bf16 * Card.share) + attention / Card.attention + bytes / Card.bytes
        + launches * Card.launch
    }
    var utilization: Double { (product + attention) / seconds / Card.bf16 }
  }

  /// Forward, and backward by the inputs alone: frozen weights have no gradient.
  private static var lora: Row {
    var row = Row(name: "LoRA r 16, bf16, one row of 2048")
    let adapter =
      layers * rank * (4 * hidden + 2 * (hidden + keyWidth) + 3 * (hidden + feedForward))
    row.product = 4 * (linears + head) * tokens + 6 * adapter * tokens
    // Causal: half of the pairs; 2 products forward, 5 backward and the scores anew twice.
    row.attention = (2 + 7) * 2 * tokens * tokens / 2 * queryWidth * layers
    // Float32 passes over activations of a layer, forward and backward, and their rounded copies.
    let cells = tokens * (30 * hidden + 10 * feedForward)
    row.bytes = layers * cells * 4 * 2.5 + 3 * (linears + head) * 2 + tokens * vocabulary * 4 * 6
    row.launches = layers * 90
    return row
  }

  private static var qlora: Row {
    var row = lora
    let plain = row
    // Each product reads codes, writes 16 bits to scratch and reads them again.
    row = Row(
      name: "QLoRA, NF4 with nested scales", product: plain.product, attention: plain.attention,
      bytes: plain.bytes + 2 * linears * (0.516 + 4), launches: plain.launches + layers * 14)
    return row
  }

  private static var decode: Row {
    Row(
      name: "decode, batch 1, bf16 weights, 512 tokens before",
      product: 0, bytes: 2 * (linears + head) + 512 * 2 * keyWidth * layers * 4,
      launches: layers * 20, tokens: 1)
  }

  static var table: String {
    let rows = [lora, qlora, decode]
    var lines = [
      "| case | TFLOP of products | TFLOP of attention | GB moved | predicted ms | tokens/s | "
        + "of 790 TFLOP/s |",
      "|---|---|---|---|---|---|---|",
    ]
    for row in rows {
      let figures = String(
        format: "%.1f | %.2f | %.1f | %.1f | %.0f", row.product / 1e12, row.attention / 1e12,
        row.bytes / 1e9, row.seconds * 1e3, row.tokens / row.seconds)
      let share = row.product == 0 ? "–" : String(format: "%.0f %%", row.utilization * 100)
      lines.append("| \(row.name) | \(figures) | \(share) |")
    }
    return lines.joined(separator: "\n")
  }
}
