import Tensors

/// LoRA (Hu et al. 2021) on a group of linears: y += s · B (A (dropout(x))).
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
  private let dropout: Double

  init(
    _ descriptions: [Description], inputSize: Int, dropout: Double, learns: Bool,
    backend: any Backend
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
    }
  }

  /// Adds to y; `low` (T, Σ ranks) is overwritten by A (dropout(x)).
  func forward(_ y: Matrix, _ x: Matrix, low: Matrix, in pass: Pass) {
    if pass.dropsOut(dropout) {
      for member in members {
        let dropped = pass.dropped(x, site: member.site, probability: dropout)
        pass.project(low.columns(member.ranks), dropped, a.rows(member.ranks))
      }
    } else {
      pass.project(low, x, a)
    }
    for member in members {
      pass.project(
        y.columns(member.outputs), low.columns(member.ranks), member.b, alpha: member.scale,
        accumulate: true)
    }
  }

  /// With u = s · dy B:  dB += s · dyᵀ low;  dA += uᵀ dropout(x);  dx += mask · (u A).
  /// Adds to dx where it is wanted.
  func backward(_ dy: Matrix, _ x: Matrix, dx: Matrix?, low: Matrix, in pass: Pass) {
    let backend = pass.backend
    let up = pass.lowScratch(rows: dy.rows, columns: a.rows)
    for member in members {
      let slice = dy.columns(member.outputs)
      backend.multiply(
        up.columns(member.ranks), slice, member.b, alpha: member.scale, accumulate: false)
      if let gradient = member.bGradient {
        backend.multiplyTransposing(
          gradient, slice, low.columns(member.ranks), alpha: member.scale, accumulate: true)
      }
    }
    guard pass.dropsOut(dropout) else {
      if let aGradient {
        backend.multiplyTransposing(aGradient, up, x, alpha: 1, accumulate: true)
      }
      if let dx { backend.multiply(dx, up, a, accumulate: true) }
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
        backend.multiply(dropped, slice, a.rows(member.ranks))
        backend.dropoutBackward(
          dx, dropped, keys: pass.dropoutKeys(member.site), probability: dropout)
      }
    }
  }
}
