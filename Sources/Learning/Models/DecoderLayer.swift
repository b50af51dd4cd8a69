import ModelFiles
import Tensors

/// One layer: x + attention(x), then + feed-forward(…), with the norms of the family around both.
///
/// Before a branch (Llama), after it (OLMo 2), or both (Gemma 2). Rotary positions on q and k,
/// grouped key-value heads. Source: Touvron et al. 2023.
final class DecoderLayer {
  let shape: DecoderShape
  let attentionShape: AttentionShape
  /// The rotary table in use; nil: none.
  let rope: Int?
  let attentionNorms: BranchNorms
  let queryNorm: NormWeight?
  let keyNorm: NormWeight?
  let attentionInput: Linear
  let attentionOutput: Linear
  let feedForwardNorms: BranchNorms
  let feedForward: any FeedForward

  /// The norms around a branch.
  struct BranchNorms {
    let before: NormWeight?
    let after: NormWeight?

    var tensors: [WeightTensor] { [before, after].compactMap { $0?.tensor } }
  }

  struct Biases {
    let queryKeyValue: Bool
    let output: Bool
    let feedForward: Bool
  }

  /// - Parameter router: how the router of experts is stored.
  init(
    _ shape: DecoderShape, index: Int, biases: Biases, _ storage: Linear.Storage,
    router: Linear.Storage
  ) {
    self.shape = shape
    attentionShape = shape.attention[index]
    rope = shape.kinds[index].rope
    let prefix = "model.layers.\(index)."
    let heads = attentionShape
    func norm(_ name: String, _ size: Int) -> NormWeight {
      NormWeight(
        prefix + name + ".weight", size: size, learns: storage.learns, backend: storage.backend)
    }
    let (before, after) = (shape.flags.hasNormsBefore, shape.flags.hasNormsAfter)
    attentionNorms = BranchNorms(
      before: before ? norm("input_layernorm", shape.hidden) : nil,
      after: after ? norm("post_attention_layernorm", shape.hidden) : nil)
    feedForwardNorms = BranchNorms(
      before: before
        ? norm(after ? "pre_feedforward_layernorm" : "post_attention_layernorm", shape.hidden)
        : nil,
      after: after ? norm("post_feedforward_layernorm", shape.hidden) : nil)
    switch shape.flags.queryKeyNorm {
    case .none: (queryNorm, keyNorm) = (nil, nil)
    case .perHead:
      (queryNorm, keyNorm) = (
        norm("self_attn.q_norm", heads.headSize), norm("self_attn.k_norm", heads.headSize)
      )
    case .wholeWidth:
      (queryNorm, keyNorm) = (
        norm("self_attn.q_norm", heads.queryWidth), norm("self_attn.k_norm", heads.keyWidth)
      )
    }
    attentionInput = Linear(
      shape.flags.fusesProjections
        ? [(prefix + "self_attn.qkv_proj", heads.width)]
        : [
          (prefix + "self_attn.q_proj", heads.queryWidth),
          (prefix + "self_attn.k_proj", heads.keyWidth),
          (prefix + "self_attn.v_proj", heads.keyWidth),
        ], inputSize: shape.hidden, hasBias: biases.queryKeyValue, storage)
    attentionOutput = Linear(
      [(prefix + "self_attn.o_proj", shape.hidden)], inputSize: heads.queryWidth,
      hasBias: biases.output, storage)
    if let experts = shape.flags.experts, shape.kinds[index].isSparse {
      feedForward = SparseFeedForward(shape, experts, prefix: prefix, storage, router: router)
    } else {
      feedForward = DenseFeedForward(
        shape, prefix: prefix, hasBias: biases.feedForward, storage)
    }
  }

  var linears: [Linear] { [attentionInput, attentionOutput] + feedForward.linears }

  var tensors: [WeightTensor] {
    attentionNorms.tensors + [queryNorm, keyNorm].compactMap { $0?.tensor }
      + attentionInput.tensors + attentionOutput.tensors + feedForwardNorms.tensors
      + feedForward.tensors
  }

  // MARK: - Forward

  /// - Parameter isRepeated: the layer is computed again for backward, which does not need what
  ///   comes after the last thing that is kept.
  func forward(
    _ a: Activations, in pass: Pass, isRepeated: Bool = false, attend: (Activations) -> Void
  ) {
    attentionInput.forward(
      a.qkv, normalize(a.input, attentionNorms.before, a.attentionBefore, in: pass),
      a.attentionInput, in: pass)
    normalizeHeads(a, in: pass)
    rotate(a.qkv, in: pass, backward: false)
    attend(a)
    add(to: a.middle, a.input, attentionNorms.after, a.attentionAfter, in: pass) {
      attentionOutput.forward(
        $0, a.attention, a.attentionOutput, in: pass, accumulate: $1)
    }
    feedForward.begin(
      normalize(a.middle, feedForwardNorms.before, a.feedForwardBefore, in: pass),
      a.feedForward, in: pass)
    if isRepeated, feedForwardNorms.after == nil, !feedForward.keepsWhenFinishing { return }
    add(to: a.output, a.middle, feedForwardNorms.after, a.feedForwardAfter, in: pass) {
      feedForward.finish($0, a.feedForward, in: pass, accumulate: $1)
    }
  }

  /// The branch's input: norm(x) in scratch, or x itself.
  private func normalize(
    _ x: Matrix, _ norm: NormWeight?, _ scale: Matrix?, in pass: Pass
  ) -> Matrix {
    guard let norm, let scale else { return x }
    pass.backend.rmsNorm(pass.normalized, scale, x, norm.values, shape.norm)
    return pass.normalized
  }

  /// The same from the scale that was kept.
  private func normalizeAgain(
    _ x: Matrix, _ norm: NormWeight?, _ scale: Matrix?, in pass: Pass
  ) -> Matrix {
    guard let norm, let scale else { return x }
    pass.backend.rmsNormAgain(pass.normalized, scale, x, norm.values, shape.norm)
    return pass.normalized
  }

  /// sum = x + s · norm(branch): straight into the sum where there is neither norm nor scale.
  private func add(
    to sum: Matrix, _ x: Matrix, _ norm: NormWeight?, _ saved: AfterNorm?, in pass: Pass,
    _ branch: (_ y: Matrix, _ accumulate: Bool) -> Void
  ) {
    let backend = pass.backend
    guard norm != nil || shape.flags.residualScale != 1 else {
      backend.copy(sum, x)
      branch(sum, true)
      return
    }
    let raw = saved?.branch ?? pass.branch
    branch(raw, false)
    var result = raw
    if let norm, let saved {
      backend.rmsNorm(pass.branch, saved.scale, raw, norm.values, shape.norm)
      result = pass.branch
    }
    backend.copy(sum, x)
    backend.add(sum, result, alpha: Float(shape.flags.residualScale))
  }

  /// Queries and keys are neighbours in qkv: one rotation for both.
  private func rotate(_ qkv: Matrix, in pass: Pass, backward: Bool) {
    guard let rope else { return }
    pass.backend.rotate(
      qkv, heads: attentionShape.headCount + attentionShape.keyValueHeadCount,
      headSize: attentionShape.headSize, dimensions: shape.ropes[rope].dimensions,
      cosine: pass.rotary[rope].cosine, sine: pass.rotary[rope].sine,
      positions: pass.rotary[rope].ownRows ?? pass.positions, backward: backward)
  }

  /// Norms of queries and keys in place; backward needs what they were.
  private func normalizeHeads(_ a: Activations, in pass: Pass) {
    guard let queryNorm, let keyNorm, let heads = a.heads else { return }
    let (q, k) = (a.qkv.columns(attentionShape.queries), a.qkv.columns(attentionShape.keys))
    if let raw = heads.raw { pass.backend.copy(raw, a.qkv.columns(0..<raw.columns)) }
    pass.backend.rmsNorm(
      q, heads.queryScale, q, queryNorm.values, shape.headNorm(attentionShape.headCount))
    pass.backend.rmsNorm(
      k, heads.keyScale, k, keyNorm.values, shape.headNorm(attentionShape.keyValueHeadCount))
  }

  // MARK: - Backward

  /// dx: the gradient of the layer's output, turned into that of its input in place; not completed
  /// where nothing before this layer learns (`inputLearns` false).
  func backward(
    _ dx: Matrix, _ a: Activations, _ g: Gradients, in pass: Pass, inputLearns: Bool
  ) {
    branchBackward(dx, feedForwardNorms.after, a.feedForwardAfter, g, in: pass) { dy in
      feedForward.backward(
        dy,
        { normalizeAgain(a.middle, feedForwardNorms.before, a.feedForwardBefore, in: pass) },
        dx: g.normalized, dHidden: g.hidden, a.feedForward, in: pass)
    }
    addInput(dx, g, a.middle, feedForwardNorms.before, a.feedForwardBefore, in: pass)
    branchBackward(dx, attentionNorms.after, a.attentionAfter, g, in: pass) { dy in
      attentionOutput.backward(
        dy, a.attention, dx: g.attention, a.attentionOutput, in: pass)
    }
    pass.backend.attentionBackward(
      g.qkv, g.attention, a.attention, a.logSumExp, a.qkv, pass.sequences, attentionShape)
    rotate(g.qkv, in: pass, backward: true)
    headNormsBackward(a, g, in: pass)
    attentionInput.backward(
      g.qkv, normalizeAgain(a.input, attentionNorms.before, a.attentionBefore, in: pass),
      dx: inputLearns ? g.normalized : nil, a.attentionInput, in: pass)
    if inputLearns {
      addInput(dx, g, a.input, attentionNorms.before, a.attentionBefore, in: pass)
    }
  }

  /// Calls `body` with the gradient of what the branch gave before norm and scale.
  private func branchBackward(
    _ dx: Matrix, _ norm: NormWeight?, _ saved: AfterNorm?, _ g: Gradients, in pass: Pass,
    _ body: (Matrix) -> Void
  ) {
    guard norm != nil || shape.flags.residualScale != 1, let branch = g.branch else {
      body(dx)
      return
    }
    let backend = pass.backend
    backend.zero(branch)
    backend.add(branch, dx, alpha: Float(shape.flags.residualScale))
    if let norm, let saved {
      backend.rmsNormBackward(
        branch, norm.gradient, branch, saved.branch, norm.values, saved.scale, shape.norm,
        accumulate: false, partial: pass.partial)
    }
    body(branch)
  }

  /// dx += the gradient of the branch's input, through the norm before it.
  private func addInput(
    _ dx: Matrix, _ g: Gradients, _ x: Matrix, _ norm: NormWeight?, _ scale: Matrix?,
    in pass: Pass
  ) {
    guard let norm, let scale else {
      pass.backend.add(dx, g.normalized, alpha: 1)
      return
    }
    pass.backend.rmsNormBackward(
      dx, norm.gradient, g.normalized, x, norm.values, scale, shape.norm, accumulate: true,
      partial: pass.partial)
  }

  private func headNormsBackward(_ a: Activations, _ g: Gradients, in pass: Pass) {
    guard let queryNorm, let keyNorm, let heads = a.heads, let raw = heads.raw else { return }
    let parts = [
      (queryNorm, heads.queryScale, attentionShape.queries, attentionShape.headCount),
      (keyNorm, heads.keyScale, attentionShape.keys, attentionShape.keyValueHeadCount),
    ]
    for (norm, scale, columns, count) in parts {
      let slice = g.qkv.columns(columns)
      pass.backend.rmsNormBackward(
        slice, norm.gradient, slice, raw.columns(columns), norm.values, scale,
        shape.headNorm(count), accumulate: false, partial: pass.partial)
    }
  }
}
