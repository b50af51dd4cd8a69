import Tensors

/// The embedding: the table's row of each token, and what an adapter makes of it.
final class Embedding {
  let table: TableWeight
  /// The copy that learns in place of the table (`modules_to_save`).
  var replacement: TableWeight?
  /// Set once, when the model is made.
  var adapter: EmbeddingAdapter?

  init(_ table: TableWeight) { self.table = table }

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

  /// Adds to the gradients of what learns.
  func backward(_ dy: Matrix, _ ids: [Int32], alpha: Float, in pass: Pass) {
    if let gradient = current(in: pass).gradient {
      pass.backend.scatter(gradient, dy, ids, alpha: alpha)
    }
    if let adapter, pass.adapterIsOn {
      adapter.backward(dy, table.weight, ids, alpha: alpha, in: pass)
    }
  }
}
