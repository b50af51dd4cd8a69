import Tensors

/// One layer: x + o(attention(norm(x))), then + down(SwiGLU(gate, up)(norm(…))).
///
/// Pre-norm, rotary positions on q and k, grouped key-value heads. Source: Touvron et al. 2023.
final class DecoderLayer {
  let shape: DecoderShape
  let inputNorm: Weight
  let attentionInput: Linear
  let attentionOutput: Linear
  let feedForwardNorm: Weight
  let gateUp: Linear
  let down: Linear

  /// What forward saves for backward. Without gradients, the layers share one.
  struct Activations {
    /// The residual stream before the layer, after attention, after the layer: (T, C) each.
    let input: Matrix
    let middle: Matrix
    let output: Matrix
    let normalized1: Matrix
    let scale1: Matrix
    /// (T, (H + 2K) D), q and k rotated.
    let qkv: Matrix
    let attention: Matrix
    let logSumExp: Matrix
    let normalized2: Matrix
    let scale2: Matrix
    /// (T, 2F); backward overwrites it by its gradient.
    let gateUp: Matrix
    let hidden: Matrix
    /// A (dropout(x)) of the four groups of linears, where they have adapters.
    let low: [Matrix?]
  }

  /// Gradients that no two layers need at once.
  struct Gradients {
    let normalized: Matrix
    let qkv: Matrix
    let attention: Matrix
    let hidden: Matrix
  }

  init(_ shape: DecoderShape, index: Int, biases: Biases, learns: Bool) {
    self.shape = shape
    let prefix = "model.layers.\(index)."
    let (c, f, attention) = (shape.hidden, shape.feedForward, shape.attention)
    inputNorm = Weight(prefix + "input_layernorm.weight", rows: 1, columns: c, learns: learns)
    feedForwardNorm = Weight(
      prefix + "post_attention_layernorm.weight", rows: 1, columns: c, learns: learns)
    attentionInput = Linear(
      [
        (prefix + "self_attn.q_proj", attention.queryWidth),
        (prefix + "self_attn.k_proj", attention.keyWidth),
        (prefix + "self_attn.v_proj", attention.keyWidth),
      ], inputSize: c, hasBias: biases.queryKeyValue, learns: learns)
    attentionOutput = Linear(
      [(prefix + "self_attn.o_proj", c)], inputSize: attention.queryWidth,
      hasBias: biases.output, learns: learns)
    gateUp = Linear(
      [(prefix + "mlp.gate_proj", f), (prefix + "mlp.up_proj", f)], inputSize: c,
      hasBias: biases.feedForward, learns: learns)
    down = Linear(
      [(prefix + "mlp.down_proj", c)], inputSize: f, hasBias: biases.feedForward, learns: learns)
  }

  struct Biases {
    let queryKeyValue: Bool
    let output: Bool
    let feedForward: Bool
  }

  var linears: [Linear] { [attentionInput, attentionOutput, gateUp, down] }

  var tensors: [WeightTensor] {
    [inputNorm.tensor, feedForwardNorm.tensor] + linears.flatMap(\.tensors)
  }

  func forward(_ a: Activations, in pass: Pass, attend: (Activations) -> Void) {
    let backend = pass.backend
    backend.rmsNorm(a.normalized1, a.scale1, a.input, inputNorm.values, epsilon: shape.epsilon)
    attentionInput.forward(a.qkv, a.normalized1, low: a.low[0], in: pass)
    rotate(a.qkv, in: pass)
    attend(a)
    backend.copy(a.middle, a.input)
    attentionOutput.forward(a.middle, a.attention, low: a.low[1], in: pass, accumulate: true)
    backend.rmsNorm(
      a.normalized2, a.scale2, a.middle, feedForwardNorm.values, epsilon: shape.epsilon)
    gateUp.forward(a.gateUp, a.normalized2, low: a.low[2], in: pass)
    backend.swiGLU(a.hidden, a.gateUp)
    backend.copy(a.output, a.middle)
    down.forward(a.output, a.hidden, low: a.low[3], in: pass, accumulate: true)
  }

  /// dx: the gradient of the layer's output, turned into that of its input in place; not completed
  /// where nothing before this layer learns (`inputLearns` false).
  func backward(
    _ dx: Matrix, _ a: Activations, _ g: Gradients, in pass: Pass, inputLearns: Bool
  ) {
    let backend = pass.backend
    down.backward(dx, a.hidden, dx: g.hidden, low: a.low[3], in: pass)
    backend.swiGLUBackward(a.gateUp, g.hidden, a.gateUp)
    gateUp.backward(a.gateUp, a.normalized2, dx: g.normalized, low: a.low[2], in: pass)
    normBackward(dx, g.normalized, a.middle, feedForwardNorm, a.scale2, in: pass)
    attentionOutput.backward(dx, a.attention, dx: g.attention, low: a.low[1], in: pass)
    backend.attentionBackward(
      g.qkv, g.attention, a.attention, a.logSumExp, a.qkv, starts: pass.batch.starts,
      shape.attention)
    rotate(g.qkv, in: pass, backward: true)
    attentionInput.backward(
      g.qkv, a.normalized1, dx: inputLearns ? g.normalized : nil, low: a.low[0], in: pass)
    if inputLearns {
      normBackward(dx, g.normalized, a.input, inputNorm, a.scale1, in: pass)
    }
  }

  /// Queries and keys are neighbours in qkv: one rotation for both.
  private func rotate(_ qkv: Matrix, in pass: Pass, backward: Bool = false) {
    pass.backend.rotate(
      qkv, heads: shape.attention.headCount + shape.attention.keyValueHeadCount,
      headSize: shape.attention.headSize, cosine: pass.rotary.cosine, sine: pass.rotary.sine,
      positions: pass.positions, backward: backward)
  }

  private func normBackward(
    _ dx: Matrix, _ dy: Matrix, _ x: Matrix, _ weight: Weight, _ scale: Matrix, in pass: Pass
  ) {
    pass.backend.rmsNormBackward(
      dx, weight.gradient, dy, x, weight.values, scale,
      partial: pass.partial.reshaped(
        rows: CPUBackend.blockCount(x.rows), columns: x.columns))
  }
}
