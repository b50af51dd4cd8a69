import Tensors

/// Attention, cross-entropy, tokens and optimizers.
extension TimedBackend {
  func attention(
    _ o: Matrix, _ lse: Matrix, _ qkv: Matrix, _ sequences: SequenceLayout,
    _ shape: AttentionShape
  ) {
    timed(.attention, 4 * Self.attended(sequences, shape)) {
      inner.attention(o, lse, qkv, sequences, shape)
    }
  }

  func attentionBackward(
    _ gradient: Matrix, _ dO: Matrix, _ o: Matrix, _ lse: Matrix, _ qkv: Matrix,
    _ sequences: SequenceLayout, _ shape: AttentionShape
  ) {
    // Four products; the scores that are computed again are not useful ones.
    timed(.attentionBack, 8 * Self.attended(sequences, shape)) {
      inner.attentionBackward(gradient, dO, o, lse, qkv, sequences, shape)
    }
  }

  func attention(
    _ o: Matrix, _ qkv: Matrix, _ parts: [AttentionPart], _ shape: AttentionShape
  ) {
    let pairs = parts.reduce(0) { sum, part in
      let before = part.before.reduce(0) { $0 + $1.keys.rows }, own = part.rows.count
      return sum + own * min(before, shape.window) + own * (own + 1) / 2
    }
    timed(.attention, 4 * Double(pairs * shape.queryWidth)) {
      inner.attention(o, qkv, parts, shape)
    }
  }

  func attentionOverCache(
    _ o: Matrix, _ q: Matrix, caches: [[KeyValueRun]], _ shape: AttentionShape
  ) {
    let seen = caches.reduce(0) { sum, runs in
      sum + min(runs.reduce(0) { $0 + $1.keys.rows }, shape.window)
    }
    timed(.attention, 4 * Double(seen * shape.queryWidth)) {
      inner.attentionOverCache(o, q, caches: caches, shape)
    }
  }

  /// Pairs of a query and a key that it sees, times their components.
  private static func attended(_ sequences: SequenceLayout, _ shape: AttentionShape) -> Double {
    let starts = sequences.starts
    let sizes = zip(starts.dropFirst(), starts).map { $0 - $1 }
    var pairs = 0
    for (index, size) in sizes.enumerated() {
      let before = sequences.prefixes.isEmpty ? 0 : sequences.prefixes[index].map { sizes[$0] } ?? 0
      if before + size <= shape.window {
        pairs += size * before + size * (size + 1) / 2
      } else {
        pairs += (0..<size).reduce(0) { $0 + min(shape.window, before + $1 + 1) }
      }
    }
    return Double(pairs * shape.queryWidth)
  }

  func softcap(_ logits: Matrix, _ cap: Float) {
    timed(.crossEntropy) { inner.softcap(logits, cap) }
  }

  func crossEntropy(_ logp: Matrix, _ lse: Matrix, _ logits: Matrix, labels: [Int32]) {
    timed(.crossEntropy) { inner.crossEntropy(logp, lse, logits, labels: labels) }
  }

  func measureLabels(_ lse: Matrix, _ logits: Matrix, _ targets: [LabelTarget])
    -> [LabelMeasure]
  {
    timed(.crossEntropy) { inner.measureLabels(lse, logits, targets) }
  }

  func crossEntropyBackward(
    _ logits: Matrix, _ lse: Matrix, labels: [Int32], dlogp: [Float], softcap: Float
  ) {
    timed(.crossEntropy) {
      inner.crossEntropyBackward(logits, lse, labels: labels, dlogp: dlogp, softcap: softcap)
    }
  }

  func gather(_ y: Matrix, _ table: WeightMatrix, _ ids: [Int32], alpha: Float) {
    timed(.tokens) { inner.gather(y, table, ids, alpha: alpha) }
  }

  func gather(_ y: Matrix, _ x: Matrix, _ rows: [Int32]) {
    timed(.tokens) { inner.gather(y, x, rows) }
  }

  func scatter(_ table: Matrix, _ y: Matrix, _ ids: [Int32], alpha: Float) {
    timed(.tokens) { inner.scatter(table, y, ids, alpha: alpha) }
  }

  func gatherColumns(_ y: Matrix, _ x: Matrix, _ ids: [Int32]) {
    timed(.tokens) { inner.gatherColumns(y, x, ids) }
  }

  func scatterColumns(_ x: Matrix, _ y: Matrix, _ ids: [Int32], alpha: Float) {
    timed(.tokens) { inner.scatterColumns(x, y, ids, alpha: alpha) }
  }

  func sumOfSquares(_ x: Matrix) -> Double { timed(.optimizer) { inner.sumOfSquares(x) } }

  func adamW(
    _ values: Matrix, gradient: Matrix, first: Matrix, second: Matrix, _ step: AdamWStep
  ) {
    timed(.optimizer) {
      inner.adamW(values, gradient: gradient, first: first, second: second, step)
    }
  }

  func adamW8bit(
    _ values: Matrix, gradient: Matrix, first: Moment8bit, second: Moment8bit,
    _ step: AdamWStep
  ) {
    timed(.optimizer) {
      inner.adamW8bit(values, gradient: gradient, first: first, second: second, step)
    }
  }

  func momentum(_ values: Matrix, gradient: Matrix, buffer: Matrix?, _ step: MomentumStep) {
    timed(.optimizer) { inner.momentum(values, gradient: gradient, buffer: buffer, step) }
  }
}
