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
  let weight: Matrix
  let weightGradient: Matrix?
  let bias: Matrix?
  let biasGradient: Matrix?
  /// Set once, when the model is made.
  var adapter: LowRankAdapter?
  private let storage: [Storage]

  /// - Parameter members: paths with their numbers of outputs.
  init(_ members: [(path: String, size: Int)], inputSize: Int, hasBias: Bool, learns: Bool) {
    var end = 0
    self.members = members.map { path, size in
      defer { end += size }
      return Member(path: path, rows: end..<end + size)
    }
    self.inputSize = inputSize
    outputSize = end
    var storage: [Storage] = []
    func matrix(_ rows: Int, _ columns: Int) -> Matrix {
      let part = Storage(count: rows * columns)
      storage.append(part)
      return part.matrix(rows: rows, columns: columns)
    }
    weight = matrix(end, inputSize)
    weightGradient = learns ? matrix(end, inputSize) : nil
    bias = hasBias ? matrix(1, end) : nil
    biasGradient = hasBias && learns ? matrix(1, end) : nil
    self.storage = storage
  }

  /// The members' tensors by Hugging Face's names.
  var tensors: [WeightTensor] {
    members.flatMap { member in
      var list = [
        WeightTensor(
          name: member.path + ".weight", shape: [member.rows.count, inputSize],
          values: weight.rows(member.rows), gradient: weightGradient?.rows(member.rows))
      ]
      if let bias {
        list.append(
          WeightTensor(
            name: member.path + ".bias", shape: [member.rows.count],
            values: bias.columns(member.rows), gradient: biasGradient?.columns(member.rows)))
      }
      return list
    }
  }

  /// y = x Wᵀ + b (+ adapter), overwriting y or adding to it. `low` keeps A (dropout(x)) for
  /// backward.
  func forward(_ y: Matrix, _ x: Matrix, low: Matrix?, in pass: Pass, accumulate: Bool = false) {
    pass.project(y, x, weight, accumulate: accumulate)
    if let bias { pass.backend.addRow(y, bias) }
    if let adapter, let low, pass.adapterIsOn { adapter.forward(y, x, low: low, in: pass) }
  }

  /// Adds to the gradients of what learns; overwrites dx where it is wanted.
  func backward(_ dy: Matrix, _ x: Matrix, dx: Matrix?, low: Matrix?, in pass: Pass) {
    let backend = pass.backend
    if let weightGradient { backend.multiplyTransposing(weightGradient, dy, x) }
    if let biasGradient { backend.sumRows(biasGradient, dy, partial: pass.partial) }
    if let dx { backend.multiply(dx, dy, weight) }
    if let adapter, let low, pass.adapterIsOn {
      adapter.backward(dy, x, dx: dx, low: low, in: pass)
    }
  }
}
