import Tensors

/// LoRA (Hu et al. 2021) on a group of linears: y += s · B (A (dropout(x))), or DoRA where it has
/// magnitudes.
///
/// The members' A are stacked, so that without dropout one product serves them all.
final class LowRankAdapter {
  struct Member {
    let path: String
    /// Rows of the group's output.
    let outputs: Range<Int>
    /// Columns of the stacked A (x).
    let ranks: Range<Int>
    let scale: Float
    let b: Matrix
    let bGradient: Matrix?
    /// What keys this member's dropout mask, unique in the model.
    let site: UInt64

    /// As an operation takes it.
    var operand: LowRankMember {
      LowRankMember(outputs: outputs, ranks: ranks, b: b, scale: scale)
    }
    /// The same where its outputs and ranks are all that is given.
    var alone: LowRankMember {
      LowRankMember(
        outputs: 0..<outputs.count, ranks: 0..<ranks.count, b: b, scale: scale)
    }
  }

  /// What a member is made from.
  struct Description {
    let path: String
    let outputs: Range<Int>
    let rank: Int
    let scale: Double
    let site: UInt64
  }

  let members: [Member]
  /// (Σ ranks, K)
  let a: Matrix
  let aGradient: Matrix?
  let magnitudes: Magnitudes?
  let dropout: Double

  /// - Parameter outputs: of the whole group.
  init(
    _ descriptions: [Description], inputSize: Int, outputs: Int, dropout: Double,
    hasMagnitudes: Bool, learns: Bool, backend: any Backend
  ) {
    self.dropout = dropout
    func matrix(_ rows: Int, _ columns: Int) -> Matrix {
      backend.allocate(rows * columns).matrix(rows: rows, columns: columns)
    }
    var end = 0
    members = descriptions.map { member in
      defer { end += member.rank }
      return Member(
        path: member.path, outputs: member.outputs, ranks: end..<end + member.rank,
        scale: Float(member.scale), b: matrix(member.outputs.count, member.rank),
        bGradient: learns ? matrix(member.outputs.count, member.rank) : nil, site: member.site)
    }
    a = matrix(end, inputSize)
    aGradient = learns ? matrix(end, inputSize) : nil
    magnitudes =
      hasMagnitudes
      ? Magnitudes(
        descriptions.map { ($0.path, $0.outputs) }, outputs: outputs, learns: learns,
        backend: backend) : nil
  }

  /// By PEFT's names.
  var tensors: [WeightTensor] {
    members.flatMap { member in
      let name = "base_model.model." + member.path
      return [
        WeightTensor(
          name: name + ".lora_A.weight", shape: [member.ranks.count, a.columns],
          storage: .cells(a.rows(member.ranks)),
          gradient: aGradient?.rows(member.ranks)),
        WeightTensor(
          name: name + ".lora_B.weight", shape: [member.outputs.count, member.ranks.count],
          storage: .cells(member.b), gradient: member.bGradient),
      ]
    } + (magnitudes?.tensors ?? [])
  }

  /// What forward keeps for backward.
  struct Saved {
    /// A (dropout(x)): (T, Σ ranks).
    let low: Matrix
    /// Of DoRA, what is multiplied by m / n: (T, N).
    let product: Matrix?

    /// The first rows, for a shorter input.
    func rows(_ count: Int) -> Saved {
      Saved(low: low.rows(0..<count), product: product?.rows(0..<count))
    }
  }

  /// Where ``Saved`` lies in the arena.
  struct SavedSlots {
    let low: ArenaSlot
    let product: ArenaSlot?

    func matrices(_ arena: Arena) -> Saved {
      Saved(low: arena.matrix(low), product: product.map(arena.matrix))
    }
  }

  /// Room for ``Saved`` of `tokens` rows.
  func slots(_ plan: inout ArenaPlan, tokens: Int) -> SavedSlots {
    SavedSlots(
      low: plan.take(tokens, a.rows),
      product: magnitudes.map { plan.take(tokens, $0.ratios.columns) })
  }

  // MARK: - Forward

  /// y (+)= x Wᵀ + b + adapter.
  func forward(
    _ y: Matrix, _ x: Matrix, _ weight: WeightMatrix, bias: Matrix?, _ saved: Saved,
    in pass: Pass, accumulate: Bool
  ) {
    let backend = pass.backend
    if let magnitudes, let product = saved.product, !pass.dropsOut(dropout) {
      prepare(weight, in: pass)
      pass.project(product, x, weight)
      pass.addLowRank(product, saved.low, x, a, members.map(\.operand))
      backend.multiplyRow(y, product, magnitudes.ratios, accumulate: accumulate)
      if let bias { backend.addRow(y, bias) }
      return
    }
    pass.project(y, x, weight, accumulate: accumulate)
    if let bias { backend.addRow(y, bias) }
    if magnitudes != nil, let product = saved.product {
      addDropped(y, x, weight, saved.low, product, in: pass)
    } else if pass.dropsOut(dropout) {
      for member in members {
        let dropped = pass.dropped(x, site: member.site, probability: dropout)
        addLow(y, saved.low, dropped, of: member, in: pass)
      }
    } else {
      pass.addLowRank(y, saved.low, x, a, members.map(\.operand))
    }
  }

  /// PEFT's form of DoRA with dropout: y += (m/n - 1) · W drop(x) + (m/n) · s B A drop(x).
  private func addDropped(
    _ y: Matrix, _ x: Matrix, _ weight: WeightMatrix, _ low: Matrix, _ product: Matrix,
    in pass: Pass
  ) {
    guard let magnitudes else { return }
    prepare(weight, in: pass)
    for member in members {
      let dropped = pass.dropped(x, site: member.site, probability: dropout)
      pass.project(product.columns(member.outputs), dropped, weight.part(member.outputs))
      pass.backend.add(
        y.columns(member.outputs), product.columns(member.outputs), alpha: -1)
      addLow(product, low, dropped, of: member, in: pass)
      pass.backend.multiplyRow(
        y.columns(member.outputs), product.columns(member.outputs),
        magnitudes.ratios.columns(member.outputs), accumulate: true)
    }
  }

  /// One member, whose input is dropped out by a mask of its own.
  private func addLow(
    _ y: Matrix, _ low: Matrix, _ x: Matrix, of member: Member, in pass: Pass
  ) {
    pass.addLowRank(
      y.columns(member.outputs), low.columns(member.ranks), x, a.rows(member.ranks),
      [member.alone])
  }

  /// The magnitudes' ratios for this state of the weights.
  private func prepare(_ weight: WeightMatrix, in pass: Pass) {
    magnitudes?.prepare(for: pass.weightsState) { norms in
      measure(norms, weight, pass.backend, scratch: pass.weightScratch)
    }
  }

  /// The norms of the members' rows of W + s · B A.
  func measure(_ norms: Matrix, _ weight: WeightMatrix, _ backend: any Backend, scratch: Matrix) {
    for member in members {
      backend.rowNorms(
        norms.columns(member.outputs), weight, rows: member.outputs, a: a.rows(member.ranks),
        b: member.b, scale: member.scale, scratch: scratch)
    }
  }

  // MARK: - Backward

  /// Adds to the gradients of what learns; overwrites dx where it is wanted.
  func backward(
    _ dy: Matrix, _ x: Matrix, dx: Matrix?, _ weight: WeightMatrix, _ saved: Saved,
    in pass: Pass
  ) {
    guard let magnitudes, let product = saved.product else {
      if let dx { pass.projectBack(dx, dy, weight) }
      lowBackward(dy, x, dx: dx, saved.low, in: pass)
      return
    }
    magnitudes.addGradient(dy, product, in: pass)
    if pass.dropsOut(dropout) {
      if let dx { pass.projectBack(dx, dy, weight) }
      for member in members {
        pass.backend.multiplyRow(
          product.columns(member.outputs), dy.columns(member.outputs),
          magnitudes.ratios.columns(member.outputs))
      }
      lowBackward(product, x, dx: dx, saved.low, in: pass) { member, dropped in
        // Through W drop(x): (m/n - 1) dy, in the memory of (m/n) dy.
        let slice = product.columns(member.outputs)
        pass.backend.add(slice, dy.columns(member.outputs), alpha: -1)
        pass.projectBack(dropped, slice, weight.part(member.outputs))
      }
    } else {
      pass.backend.multiplyRow(product, dy, magnitudes.ratios)
      if let dx { pass.projectBack(dx, product, weight) }
      lowBackward(product, x, dx: dx, saved.low, in: pass)
    }
  }

  /// With u = s · dy B:  dB += s · dyᵀ low;  dA += uᵀ dropout(x);  dx += mask · (u A + more).
  private func lowBackward(
    _ dy: Matrix, _ x: Matrix, dx: Matrix?, _ low: Matrix, in pass: Pass,
    more: ((Member, _ overwritten: Matrix) -> Void)? = nil
  ) {
    let backend = pass.backend
    let up = pass.lowScratch(rows: dy.rows, columns: a.rows)
    let dropsOut = pass.dropsOut(dropout)
    backend.lowRankBack(dropsOut ? nil : dx, up, dy, a, members.map(\.operand))
    for member in members {
      if let gradient = member.bGradient {
        backend.multiplyTransposing(
          gradient, dy.columns(member.outputs), low.columns(member.ranks), alpha: member.scale,
          accumulate: true)
      }
    }
    guard dropsOut else {
      if let aGradient {
        backend.multiplyTransposing(aGradient, up, x, alpha: 1, accumulate: true)
      }
      return
    }
    for member in members {
      let slice = up.columns(member.ranks)
      let dropped = pass.dropped(x, site: member.site, probability: dropout)
      if let gradient = aGradient?.rows(member.ranks) {
        backend.multiplyTransposing(gradient, slice, dropped, alpha: 1, accumulate: true)
      }
      if let dx {
        // The dropped input is used up: its memory takes u A.
        more?(member, dropped)
        backend.multiply(dropped, slice, a.rows(member.ranks), accumulate: more != nil)
        backend.dropoutBackward(
          dx, dropped, keys: pass.dropoutKeys(member.site), probability: dropout)
      }
    }
  }
}
