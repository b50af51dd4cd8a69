import Tensors

/// The magnitudes of DoRA (Liu et al. 2024): outputs are multiplied by m / n, n the norms of the
/// rows of W + s · B A, which count as constants in backward (§ 4.3 there).
final class Magnitudes {
  struct Member {
    let path: String
    /// Columns of the group's output.
    let outputs: Range<Int>
    /// m: (1, outputs)
    let values: Matrix
    let gradient: Matrix?
  }

  let members: [Member]
  /// m / n, 1 where no member is: (1, N).
  let ratios: Matrix
  /// n: (1, N), 1 where no member is.
  private let norms: Matrix
  /// 1 / n
  private let inverses: Matrix
  private let sums: Matrix
  /// The state of the weights that ``ratios`` are of.
  private var state: Int?

  init(
    _ members: [(path: String, outputs: Range<Int>)], outputs: Int, learns: Bool,
    backend: any Backend
  ) {
    func row(_ columns: Int) -> Matrix {
      backend.allocate(columns).matrix(rows: 1, columns: columns)
    }
    self.members = members.map { path, outputs in
      Member(
        path: path, outputs: outputs, values: row(outputs.count),
        gradient: learns ? row(outputs.count) : nil)
    }
    (ratios, norms, inverses, sums) = (row(outputs), row(outputs), row(outputs), row(outputs))
    let ones = [Float](repeating: 1, count: outputs)
    norms.write(ones)
    ratios.write(ones)
  }

  /// By PEFT's names.
  var tensors: [WeightTensor] {
    members.map { member in
      WeightTensor(
        name: "base_model.model." + member.path + ".lora_magnitude_vector",
        shape: [member.outputs.count], storage: .cells(member.values), gradient: member.gradient)
    }
  }

  /// Sets the ratios for a state of the weights, once.
  ///
  /// - Parameter state: a new number for every pass over other weights.
  /// - Parameter measure: writes the norms of all members.
  func prepare(for state: Int, _ measure: (_ norms: Matrix) -> Void) {
    if self.state == state { return }
    self.state = state
    measure(norms)
    let norms = norms.values()
    // A row of zeros stays zero whatever its magnitude.
    inverses.write(norms.map { $0 == 0 ? 0 : 1 / $0 })
    for member in members {
      ratios.columns(member.outputs).write(
        zip(member.values.values(), norms[member.outputs]).map { $1 == 0 ? 0 : $0 / $1 })
    }
  }

  /// m = n: an adapter that changes nothing yet.
  func begin(_ measure: (_ norms: Matrix) -> Void) {
    measure(norms)
    for member in members {
      member.values.write(norms.columns(member.outputs).values())
    }
    state = nil
  }

  /// dm += Σ dy ∘ y / n, y being the outputs before they are multiplied.
  func addGradient(_ dy: Matrix, _ y: Matrix, in pass: Pass) {
    for member in members {
      guard let gradient = member.gradient else { continue }
      let sum = sums.columns(member.outputs)
      pass.backend.zero(sum)
      pass.backend.sumProducts(
        sum, dy.columns(member.outputs), y.columns(member.outputs), partial: pass.partial)
      pass.backend.multiplyRow(
        gradient, sum, inverses.columns(member.outputs), accumulate: true)
    }
  }
}
