import Tensors

/// The embedding: the table's row of each token, and what an adapter makes of it.
final class Embedding {
  let table: TableWeight
  /// The copy that learns in place of the table (`modules_to_save`).
  var replacement: TableWeight?
  /// Set once, when the model is made.
  var adapter: EmbeddingAdapter?

  /// The token whose row does not learn.
  private let padding: Int32?

  init(_ table: TableWeight, padding: Int32?) {
    self.table = table
    self.padding = padding
  }

  private func current(in pass: Pass) -> TableWeight {
    pass.adapterIsOn ? replacement ?? table : table
  }

  /// Whether backward has anything to do.
  var learns: Bool {
    table.gradient != nil || replacement?.gradient != nil || adapter?.learns == true
  }

  /// y[t] = alpha · (E[ids[t]] + adapter).
  func forward(_ y: Matrix, _ ids: [Int32], alpha: Float, in pass: Pass) {
    if let adapter, pass.adapterIsOn {
      adapter.forward(y, table.weight, ids, alpha: alpha, in: pass)
    } else {
      pass.backend.gather(y, current(in: pass).weight, ids, alpha: alpha)
    }
  }

  /// Adds to the gradients of what learns; dy is used up.
  func backward(_ dy: Matrix, _ ids: [Int32], alpha: Float, in pass: Pass) {
    var learning: [Float]?
    if let padding, ids.contains(padding) { learning = ids.map { $0 == padding ? 0 : 1 } }
    if let adapter, pass.adapterIsOn {
      adapter.backward(dy, table.weight, ids, learning, alpha: alpha, in: pass)
    } else if let gradient = current(in: pass).gradient {
      if let learning { pass.backend.scaleRows(dy, dy, learning) }
      pass.backend.scatter(gradient, dy, ids, alpha: alpha)
    }
  }
}
