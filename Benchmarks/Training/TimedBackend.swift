import Parallelism
import Synchronization
import Tensors

/// Another backend's operations, with the time and the arithmetic of each kind of them.
///
/// A call returns when its work is done on all threads, so its wall time is the work's, the wait for
/// the last thread included. Weights that need it are expanded in a call of its own, as the backend
/// would do it, so that its time shows.
final class TimedBackend: Backend {
  let inner: any Backend
  private let weightsLearn: Bool
  private let tallies = Mutex<[OperationKind: OperationTally]>([:])

  /// - Parameter weightsLearn: gradients by products are those of weights, not of adapters.
  init(_ inner: any Backend, weightsLearn: Bool) {
    self.inner = inner
    self.weightsLearn = weightsLearn
  }

  /// What was counted since the last ``forget()``.
  var counted: [OperationKind: OperationTally] { tallies.withLock { $0 } }

  func forget() { tallies.withLock { $0 = [:] } }

  /// - Parameter operations: floating-point ones, where they are counted.
  func timed<Result>(
    _ kind: OperationKind, _ operations: Double = 0, _ body: () -> Result
  ) -> Result {
    let (start, processor) = (ContinuousClock.now, Usage.processorSeconds)
    let result = body()
    let busy = Usage.processorSeconds - processor
    let wall = (ContinuousClock.now - start) / .seconds(1)
    tallies.withLock {
      $0[kind, default: OperationTally()] += OperationTally(
        calls: 1, seconds: wall, processorSeconds: busy, operations: operations)
    }
    return result
  }

  var pool: ThreadPool { inner.pool }
  func check() throws { try inner.check() }
  var memoryLimit: Int? { inner.memoryLimit }
  var arithmeticClass: String { inner.arithmeticClass }
  func hostStore() -> any HostStore { inner.hostStore() }

  func allocate(_ count: Int) -> DeviceMemory { inner.allocate(count) }
  func allocate(_ count: Int, pagedIn folder: String) throws -> DeviceMemory {
    try inner.allocate(count, pagedIn: folder)
  }

  // MARK: - Products with stored weights

  func needsExpansion(_ format: WeightMatrix.Format) -> Bool { inner.needsExpansion(format) }

  func expand(_ target: Matrix, _ w: WeightMatrix, rows: Range<Int>) {
    timed(.expansion) { inner.expand(target, w, rows: rows) }
  }

  private func expanded(_ w: WeightMatrix, _ scratch: Matrix?) -> Matrix? {
    guard needsExpansion(w.format), let scratch else { return nil }
    let cells = scratch.reshaped(rows: w.rows, columns: w.columns)
    expand(cells, w, rows: 0..<w.rows)
    return cells
  }

  func project(
    _ y: Matrix, _ x: Matrix, _ w: WeightMatrix, alpha: Float, accumulate: Bool,
    rowsAreIndependent: Bool, scratch: Matrix?
  ) {
    // Independent rows have products that read stored weights as they are.
    let cells = rowsAreIndependent ? nil : expanded(w, scratch)
    timed(.weights, Self.product(x, w.rows)) {
      if let cells {
        inner.multiplyTransposed(y, x, cells, alpha: alpha, accumulate: accumulate)
      } else {
        inner.project(
          y, x, w, alpha: alpha, accumulate: accumulate, rowsAreIndependent: rowsAreIndependent,
          scratch: scratch)
      }
    }
  }

  func projectPrompt(
    _ y: Matrix, _ x: Matrix, _ w: WeightMatrix, alpha: Float, accumulate: Bool, scratch: Matrix?
  ) {
    let cells = expanded(w, scratch)
    timed(.weights, Self.product(x, w.rows)) {
      if let cells {
        inner.multiplyPromptTransposed(y, x, cells, alpha: alpha, accumulate: accumulate)
      } else {
        inner.projectPrompt(y, x, w, alpha: alpha, accumulate: accumulate, scratch: scratch)
      }
    }
  }

  func projectBack(
    _ dx: Matrix, _ dy: Matrix, _ w: WeightMatrix, alpha: Float, accumulate: Bool,
    scratch: Matrix?
  ) {
    let cells = expanded(w, scratch)
    timed(.weightsBack, Self.product(dy, w.columns)) {
      if let cells {
        inner.multiply(dx, dy, cells, alpha: alpha, accumulate: accumulate)
      } else {
        inner.projectBack(dx, dy, w, alpha: alpha, accumulate: accumulate, scratch: scratch)
      }
    }
  }

  // MARK: - Products of cells

  func multiplyTransposed(_ c: Matrix, _ a: Matrix, _ b: Matrix, alpha: Float, accumulate: Bool) {
    timed(.adapters, Self.product(a, c.columns)) {
      inner.multiplyTransposed(c, a, b, alpha: alpha, accumulate: accumulate)
    }
  }

  func multiplyRowsTransposed(
    _ c: Matrix, _ a: Matrix, _ b: Matrix, alpha: Float, accumulate: Bool
  ) {
    timed(.adapters, Self.product(a, c.columns)) {
      inner.multiplyRowsTransposed(c, a, b, alpha: alpha, accumulate: accumulate)
    }
  }

  func multiplyPromptTransposed(
    _ c: Matrix, _ a: Matrix, _ b: Matrix, alpha: Float, accumulate: Bool
  ) {
    timed(.adapters, Self.product(a, c.columns)) {
      inner.multiplyPromptTransposed(c, a, b, alpha: alpha, accumulate: accumulate)
    }
  }

  func multiply(_ c: Matrix, _ a: Matrix, _ b: Matrix, alpha: Float, accumulate: Bool) {
    timed(.adaptersBack, Self.product(a, c.columns)) {
      inner.multiply(c, a, b, alpha: alpha, accumulate: accumulate)
    }
  }

  func multiplyTransposing(_ c: Matrix, _ a: Matrix, _ b: Matrix, alpha: Float, accumulate: Bool) {
    timed(weightsLearn ? .weightGradients : .adapterGradients, Self.product(a, c.columns)) {
      inner.multiplyTransposing(c, a, b, alpha: alpha, accumulate: accumulate)
    }
  }

  /// A multiplication and an addition for each cell of one operand and each row or column of the
  /// other.
  private static func product(_ operand: Matrix, _ times: Int) -> Double {
    2 * Double(operand.count) * Double(times)
  }
}
