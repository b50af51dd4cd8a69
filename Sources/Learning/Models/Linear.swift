import BlockFormats
import Tensors

/// Linear layers that read the same input, stored as one: y (T, N) = x (T, K) · Wᵀ + b.
///
/// q, k, v are one such group, gate and up another, o and down are groups of one; each member keeps
/// its own name and rows. A low-rank adapter adds s · B (A (dropout(x))) to the rows of its members.
final class Linear {
  struct Member {
    /// `model.layers.0.self_attn.q_proj`
    let path: String
    let rows: Range<Int>
  }

  let members: [Member]
  let inputSize: Int
  let outputSize: Int
  let weight: WeightMatrix
  let weightGradient: Matrix?
  let bias: Matrix?
  let biasGradient: Matrix?
  /// Set once, when the model is made.
  var adapter: LowRankAdapter?

  /// How weights are stored, and whether they learn (then in float32).
  struct Storage {
    let format: WeightMatrix.Format
    /// Weights that stay in the blocks of their file, by name.
    var blocks: [String: BlockFormat] = [:]
    let learns: Bool
    let backend: any Backend

    /// Memory for a stack of tensors.
    func weight(_ members: [(name: String, rows: Int)], columns: Int) -> WeightMatrix {
      let formats = members.compactMap { blocks[$0.name] }
      if formats.count == members.count {
        precondition(!learns, "weights in blocks are frozen")
        return WeightMatrix(
          blocks: zip(members, formats).map { ($0.rows, $1) }, columns: columns, backend: backend)
      }
      return WeightMatrix(
        learns ? .float32 : format.fitting(columns), stack: members.map(\.rows),
        columns: columns, backend: backend)
    }
  }

  /// - Parameter members: paths with their numbers of outputs.
  init(
    _ members: [(path: String, size: Int)], inputSize: Int, hasBias: Bool, _ storage: Storage
  ) {
    var end = 0
    self.members = members.map { path, size in
      defer { end += size }
      return Member(path: path, rows: end..<end + size)
    }
    self.inputSize = inputSize
    outputSize = end
    let (backend, learns) = (storage.backend, storage.learns)
    func matrix(_ rows: Int, _ columns: Int) -> Matrix {
      backend.allocate(rows * columns).matrix(rows: rows, columns: columns)
    }
    weight = storage.weight(
      members.map { ($0.path + ".weight", $0.size) }, columns: inputSize)
    weightGradient = learns ? matrix(end, inputSize) : nil
    bias = hasBias ? matrix(1, end) : nil
    biasGradient = hasBias && learns ? matrix(1, end) : nil
  }

  /// The members' tensors by Hugging Face's names.
  var tensors: [WeightTensor] {
    members.flatMap { member in
      var list = [
        WeightTensor(
          name: member.path + ".weight", shape: [member.rows.count, inputSize],
          storage: .rows(weight, member.rows), gradient: weightGradient?.rows(member.rows))
      ]
      if let bias {
        list.append(
          WeightTensor(
            name: member.path + ".bias", shape: [member.rows.count],
            storage: .cells(bias.columns(member.rows)),
            gradient: biasGradient?.columns(member.rows)))
      }
      return list
    }
  }

  /// What forward keeps for backward.
  struct Saved {
    let adapter: LowRankAdapter.Saved?
  }

  /// Where ``Saved`` lies in the arena.
  struct SavedSlots {
    let adapter: LowRankAdapter.SavedSlots?

    func matrices(_ arena: Arena) -> Saved { Saved(adapter: adapter?.matrices(arena)) }
  }

  /// Room for ``Saved`` of `tokens` rows.
  func slots(_ plan: inout ArenaPlan, tokens: Int, adapterIsOn: Bool) -> SavedSlots {
    SavedSlots(adapter: adapterIsOn ? adapter?.slots(&plan, tokens: tokens) : nil)
  }

  /// y = x Wᵀ + b (+ adapter), overwriting y or adding to it.
  func forward(
    _ y: Matrix, _ x: Matrix, _ saved: Saved, in pass: Pass, accumulate: Bool = false
  ) {
    pass.observer?.add(x, self, in: pass)
    if let adapter, let kept = saved.adapter, pass.adapterIsOn {
      adapter.forward(y, x, weight, bias: bias, kept, in: pass, accumulate: accumulate)
      return
    }
    pass.project(y, x, weight, accumulate: accumulate)
    if let bias { pass.backend.addRow(y, bias) }
  }

  /// Adds to the gradients of what learns; overwrites dx where it is wanted.
  func backward(_ dy: Matrix, _ x: Matrix, dx: Matrix?, _ saved: Saved, in pass: Pass) {
    let backend = pass.backend
    if let weightGradient {
      backend.multiplyTransposing(weightGradient, dy, x, alpha: 1, accumulate: true)
    }
    if let biasGradient { backend.sumRows(biasGradient, dy, partial: pass.partial) }
    if let adapter, let kept = saved.adapter, pass.adapterIsOn {
      adapter.backward(dy, x, dx: dx, weight, kept, in: pass)
    } else if let dx {
      pass.projectBack(dx, dy, weight)
    }
  }
}
