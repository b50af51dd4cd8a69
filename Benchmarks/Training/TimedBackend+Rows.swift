import Tensors

/// What goes row by row.
extension TimedBackend {
  func rmsNorm(_ y: Matrix, _ r: Matrix, _ x: Matrix, _ w: Matrix, _ shape: NormShape) {
    timed(.norms) { inner.rmsNorm(y, r, x, w, shape) }
  }

  func rmsNormAgain(_ y: Matrix, _ r: Matrix, _ x: Matrix, _ w: Matrix, _ shape: NormShape) {
    timed(.norms) { inner.rmsNormAgain(y, r, x, w, shape) }
  }

  func rmsNormBackward(
    _ dx: Matrix, _ dw: Matrix?, _ dy: Matrix, _ x: Matrix, _ w: Matrix, _ r: Matrix,
    _ shape: NormShape, accumulate: Bool, partial: Matrix
  ) {
    timed(.norms) {
      inner.rmsNormBackward(dx, dw, dy, x, w, r, shape, accumulate: accumulate, partial: partial)
    }
  }

  func rotate(
    _ x: Matrix, heads: Int, headSize: Int, dimensions: Int, cosine: Matrix, sine: Matrix,
    positions: [Int32], backward: Bool
  ) {
    timed(.rotary) {
      inner.rotate(
        x, heads: heads, headSize: headSize, dimensions: dimensions, cosine: cosine, sine: sine,
        positions: positions, backward: backward)
    }
  }

  func gate(_ h: Matrix, _ gateUp: Matrix, _ activation: GateActivation) {
    timed(.gates) { inner.gate(h, gateUp, activation) }
  }

  func gateBackward(
    _ gradient: Matrix, _ dh: Matrix, _ gateUp: Matrix, _ activation: GateActivation
  ) {
    timed(.gates) { inner.gateBackward(gradient, dh, gateUp, activation) }
  }

  func sumRows(_ sum: Matrix, _ x: Matrix, partial: Matrix) {
    timed(.rows) { inner.sumRows(sum, x, partial: partial) }
  }

  func sumProducts(_ sum: Matrix, _ x: Matrix, _ y: Matrix, partial: Matrix) {
    timed(.rows) { inner.sumProducts(sum, x, y, partial: partial) }
  }

  func dropout(_ y: Matrix, _ x: Matrix, keys: [UInt64], probability: Double) {
    timed(.rows) { inner.dropout(y, x, keys: keys, probability: probability) }
  }

  func dropoutBackward(_ dx: Matrix, _ dy: Matrix, keys: [UInt64], probability: Double) {
    timed(.rows) { inner.dropoutBackward(dx, dy, keys: keys, probability: probability) }
  }

  func addRow(_ x: Matrix, _ row: Matrix) { timed(.rows) { inner.addRow(x, row) } }

  func multiplyRow(_ y: Matrix, _ x: Matrix, _ row: Matrix, accumulate: Bool) {
    timed(.rows) { inner.multiplyRow(y, x, row, accumulate: accumulate) }
  }

  func rowDots(_ x: Matrix, _ y: Matrix) -> [Float] { timed(.rows) { inner.rowDots(x, y) } }

  func scaleRows(_ y: Matrix, _ x: Matrix, _ factors: [Float]) {
    timed(.rows) { inner.scaleRows(y, x, factors) }
  }

  func add(_ y: Matrix, _ x: Matrix, alpha: Float) {
    timed(.rows) { inner.add(y, x, alpha: alpha) }
  }

  func copy(_ target: Matrix, _ source: Matrix) { timed(.rows) { inner.copy(target, source) } }

  func zero(_ target: Matrix) { timed(.rows) { inner.zero(target) } }

  func rowNorms(
    _ norms: Matrix, _ w: WeightMatrix, rows: Range<Int>, a: Matrix, b: Matrix, scale: Float,
    scratch: Matrix
  ) {
    timed(.rows) {
      inner.rowNorms(norms, w, rows: rows, a: a, b: b, scale: scale, scratch: scratch)
    }
  }
}
