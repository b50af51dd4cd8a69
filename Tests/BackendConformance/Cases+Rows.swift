import Foundation
import Tensors

extension ConformanceCase {
  static let rows: [ConformanceCase] =
    [(1, 1, 1, 0), (3, 1, 5, 0), (70, 1, 64, 3), (130, 3, 16, 0), (4, 1, 2600, 0), (65, 2, 300, 2)]
    .flatMap { rows, groups, width, gap in
      [false, true].map { addsOne in
        ConformanceCase(
          "norms of \(rows) x \(groups) x \(width), gap \(gap), one added \(addsOne)"
        ) { norm($0, rows, NormShape(groups: groups, epsilon: 1e-5, addsOne: addsOne), width, gap) }
      }
    } + [
      ConformanceCase("sums over rows", sums), ConformanceCase("rotations", rotations),
      ConformanceCase("gates", gates), ConformanceCase("dot products of rows", dots),
    ]

  private static func norm(_ t: Trial, _ count: Int, _ shape: NormShape, _ width: Int, _ gap: Int) {
    let columns = shape.groups * width
    let x = Numbers(count, columns, seed: 1, scale: 2), w = Numbers(1, width, seed: 2)
    let dy = Numbers(count, columns, seed: 3)
    let terms = Double(width + 8) * unit
    var (r, y) = (Numbers(count, shape.groups), Numbers(count, columns))
    var dx = Numbers(count, columns, seed: 4)
    var dw = Numbers(1, width, seed: 5)
    let (startX, startW) = (dx, dw)
    for row in 0..<count {
      for group in 0..<shape.groups {
        let cells = group * width..<(group + 1) * width
        let mean = cells.reduce(0) { $0 + x[row, $1] * x[row, $1] } / Double(width)
        let scale = 1 / (mean + Double(shape.epsilon)).squareRoot()
        r[row, group] = scale
        r.errors[row * shape.groups + group] = terms * scale
        func weight(_ c: Int) -> Double { (shape.addsOne ? 1 : 0) + w[0, c - cells.lowerBound] }
        let dot = cells.reduce(0) { $0 + weight($1) * dy[row, $1] * x[row, $1] } / Double(width)
        let size =
          cells.reduce(0) { $0 + abs(weight($1) * dy[row, $1] * x[row, $1]) } / Double(width)
        for c in cells {
          y[row, c] = x[row, c] * scale * weight(c)
          y.errors[row * columns + c] =
            (terms + 4 * unit) * abs(x[row, c]) * scale * (abs(weight(c)) + 1)
          let (own, other) = (weight(c) * dy[row, c], x[row, c] * scale * scale * dot)
          dx[row, c] += scale * (own - other)
          dx.errors[row * columns + c] =
            4 * terms * scale * (abs(own) + abs(x[row, c]) * scale * scale * size)
            + 4 * unit * (abs(startX[row, c]) + abs(own * scale))
          dw[0, c - cells.lowerBound] += dy[row, c] * x[row, c] * scale
          dw.errors[c - cells.lowerBound] +=
            (terms + Double(count * shape.groups + 4) * unit) * abs(dy[row, c] * x[row, c] * scale)
        }
      }
    }
    for c in 0..<width { dw.errors[c] += Double(count + 2) * unit * abs(startW[0, c]) }
    let (cells, weights) = (t.matrix(x, gap: gap), t.matrix(w))
    let (out, kept) = (t.empty(count, columns, gap: gap), t.empty(count, shape.groups))
    t.backend.rmsNorm(out, kept, cells, weights, shape)
    t.expect("norm", out, y)
    t.expect("r", kept, r)
    let again = t.matrix(x, gap: gap)
    t.backend.rmsNormAgain(again, kept, again, weights, shape)
    t.expect("norm again, in place", again, y)
    let partial = t.empty((count + 63) / 64, columns)
    let (slope, slopeW) = (t.matrix(startX, gap: gap), t.matrix(startW))
    t.backend.rmsNormBackward(
      slope, slopeW, t.matrix(dy, gap: gap), cells, weights, kept, shape, accumulate: true,
      partial: partial)
    t.expect("gradient, added", slope, dx)
    t.expect("gradient of weights, added", slopeW, dw)
    var over = dx
    for i in over.values.indices { over.values[i] -= startX.values[i] }
    let inPlace = t.matrix(dy, gap: gap)
    t.backend.rmsNormBackward(
      inPlace, nil, inPlace, cells, weights, kept, shape, accumulate: false, partial: partial)
    t.expect("gradient, in place", inPlace, over)
  }

  private static func sums(_ t: Trial) {
    for (rows, columns, gap) in [(1, 1, 0), (64, 5, 0), (65, 130, 2), (300, 9, 1)] {
      let (x, y) = (Numbers(rows, columns, seed: 1), Numbers(rows, columns, seed: 2))
      let start = Numbers(1, columns, seed: 3)
      var (plain, crossed) = (start, start)
      for c in 0..<columns {
        for row in 0..<rows {
          plain[0, c] += x[row, c]
          plain.errors[c] += abs(x[row, c]) * Double(rows + 2) * unit
          crossed[0, c] += x[row, c] * y[row, c]
          crossed.errors[c] += abs(x[row, c] * y[row, c]) * Double(rows + 3) * unit
        }
        plain.errors[c] += Double(rows / 64 + 2) * unit * (abs(start[0, c]) + abs(plain[0, c]))
        crossed.errors[c] += Double(rows / 64 + 2) * unit * (abs(start[0, c]) + abs(crossed[0, c]))
      }
      let partial = t.empty((rows + 63) / 64, columns + 3)
      let (one, two) = (t.matrix(start), t.matrix(start))
      t.backend.sumRows(one, t.matrix(x, gap: gap), partial: partial)
      t.expect("sum of \(rows) x \(columns)", one, plain)
      t.backend.sumProducts(two, t.matrix(x, gap: gap), t.matrix(y, gap: gap), partial: partial)
      t.expect("sum of products of \(rows) x \(columns)", two, crossed)
    }
  }

  private static func rotations(_ t: Trial) {
    for (heads, size, dimensions, gap) in [(1, 8, 8, 0), (3, 10, 6, 4), (5, 64, 64, 0)] {
      let positions: [Int32] = (0..<9).map { ($0 * 5) % 13 }
      let half = dimensions / 2
      let (cosine, sine) = (Numbers(13, half, seed: 1), Numbers(13, half, seed: 2))
      let x = Numbers(9, heads * size + 5, seed: 3)
      for backward in [false, true] {
        var expected = x
        for row in 0..<9 {
          for head in 0..<heads {
            for k in 0..<half {
              let (a, b) = (head * size + k, head * size + k + half)
              let (c, s) = (
                cosine[Int(positions[row]), k], sine[Int(positions[row]), k] * (backward ? -1 : 1)
              )
              expected[row, a] = x[row, a] * c - x[row, b] * s
              expected[row, b] = x[row, b] * c + x[row, a] * s
              for cell in [a, b] {
                expected.errors[row * x.columns + cell] =
                  4 * unit * (abs(x[row, a]) + abs(x[row, b]))
              }
            }
          }
        }
        let cells = t.matrix(x, gap: gap)
        t.backend.rotate(
          cells, heads: heads, headSize: size, dimensions: dimensions, cosine: t.matrix(cosine),
          sine: t.matrix(sine), positions: positions, backward: backward)
        t.expect("\(heads) heads of \(size), \(dimensions) turned", cells, expected)
      }
    }
  }

  /// Functions of the gate and their slopes.
  private static func activated(_ x: Double, _ activation: GateActivation) -> (Double, Double) {
    switch activation {
    case .silu:
      let s = 1 / (1 + exp(-x))
      return (x * s, s * (1 + x * (1 - s)))
    case .geluTanh:
      let c = (2 / Double.pi).squareRoot()
      let h = tanh(c * (x + 0.044715 * x * x * x))
      return (
        0.5 * x * (1 + h),
        0.5 * (1 + h) + 0.5 * x * (1 - h * h) * c * (1 + 3 * 0.044715 * x * x)
      )
    }
  }

  private static func gates(_ t: Trial) {
    for activation in [GateActivation.silu, .geluTanh] {
      for (rows, width) in [(1, 1), (9, 130), (65, 40)] {
        let gateUp = Numbers(rows, 2 * width, seed: 1, scale: 6), dh = Numbers(rows, width, seed: 2)
        var (h, slope) = (Numbers(rows, width), Numbers(rows, 2 * width))
        for row in 0..<rows {
          for c in 0..<width {
            let (g, u, d) = (gateUp[row, c], gateUp[row, width + c], dh[row, c])
            let (f, df) = activated(g, activation)
            // exp and tanh are right to a few units, and multiply what the exponent is off by.
            let error = (24 + 4 * abs(g)) * unit
            h[row, c] = f * u
            h.errors[row * width + c] = error * (abs(g) + 1) * abs(u)
            slope[row, c] = d * u * df
            slope.errors[row * 2 * width + c] = error * (abs(g) + 1) * 2 * abs(d * u)
            slope[row, width + c] = d * f
            slope.errors[row * 2 * width + width + c] = error * (abs(g) + 1) * abs(d)
          }
        }
        let out = t.empty(rows, width), cells = t.matrix(gateUp)
        t.backend.gate(out, cells, activation)
        t.expect("\(activation) of \(rows) x \(width)", out, h)
        t.backend.gateBackward(cells, t.matrix(dh), cells, activation)
        t.expect("\(activation) backward, in place", cells, slope)
      }
    }
  }

  private static func dots(_ t: Trial) {
    for (rows, columns, gap) in [(1, 1, 0), (70, 300, 3), (3, 2500, 0)] {
      let (x, y) = (Numbers(rows, columns, seed: 1), Numbers(rows, columns, seed: 2))
      var expected = Numbers(rows, 1)
      for row in 0..<rows {
        for c in 0..<columns {
          expected[row, 0] += x[row, c] * y[row, c]
          expected.errors[row] += abs(x[row, c] * y[row, c]) * 0x1p-40
        }
        expected.errors[row] += abs(expected[row, 0]) * 2 * unit
      }
      t.check(
        "dots of \(rows) x \(columns)",
        t.backend.rowDots(t.matrix(x, gap: gap), t.matrix(y, gap: gap)), expected)
    }
  }
}
