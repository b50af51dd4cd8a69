import Foundation
import Tensors

extension ConformanceCase {
  static let tokens: [ConformanceCase] =
    [(4, 3, 5), (70, 130, 40), (300, 9, 11)].map { count, columns, table in
      ConformanceCase("\(count) rows of \(columns) out of and into \(table)") {
        rowsByID($0, count, columns, table)
      }
    }
    + [(1, 2, 0), (5, 300, 0), (20, 1000, 0), (3, 5000, 0)].map { rows, labels, _ in
      ConformanceCase("cross-entropy of \(rows) rows over \(labels) labels") {
        crossEntropy($0, rows, labels)
      }
    } + [ConformanceCase("greatest logits and ties", greatest)]

  private static func rowsByID(_ t: Trial, _ count: Int, _ columns: Int, _ table: Int) {
    let ids = (0..<count).map { Int32(($0 * $0 + 3 * $0) % table) }
    let rows = Numbers(table, columns, seed: 1), y = Numbers(count, columns, seed: 2)
    var gathered = Numbers(count, columns)
    var scattered = rows
    for (row, id) in ids.enumerated() {
      for c in 0..<columns {
        gathered[row, c] = rows[Int(id), c]
        scattered[Int(id), c] += 0.5 * y[row, c]
        scattered.errors[Int(id) * columns + c] += Double(count + 2) * unit
      }
    }
    let out = t.empty(count, columns, gap: 2)
    t.backend.gather(out, t.matrix(rows, gap: 3), ids)
    t.expect("gathered", out, gathered)
    let target = t.matrix(rows)
    t.backend.scatter(target, t.matrix(y), ids, alpha: 0.5)
    t.expect("scattered", target, scattered)
    // The same across: columns of a table that is turned.
    let across = t.empty(count, columns, gap: 2)
    t.backend.gatherColumns(across, t.matrix(rows.transposed), ids)
    t.expect("gathered columns", across, gathered)
    let turned = t.matrix(rows.transposed)
    t.backend.scatterColumns(turned, t.matrix(y, gap: 1), ids, alpha: 0.5)
    var expected = scattered.transposed
    for i in 0..<table {
      for c in 0..<columns { expected.errors[c * table + i] = scattered.errors[i * columns + c] }
    }
    t.expect("scattered columns", turned, expected)
  }

  private static func crossEntropy(_ t: Trial, _ rows: Int, _ count: Int) {
    let logits = Numbers(rows, count, seed: 3, scale: 20)
    let labels = (0..<rows).map { Int32(($0 * 37 + 1) % count) }
    let slopes = Numbers(rows, 1, seed: 4)
    var (logp, lse, slope) = (Numbers(rows, 1), Numbers(rows, 1), logits)
    for row in 0..<rows {
      let values = (0..<count).map { logits[row, $0] }
      let top = values.max() ?? 0
      let sum = values.reduce(0) { $0 + exp($1 - top) }
      lse[row, 0] = top + log(sum)
      let error = (Double(count + 40) + 4 * abs(top)) * unit
      lse.errors[row] = error
      logp[row, 0] = logits[row, Int(labels[row])] - lse[row, 0]
      logp.errors[row] = error + 4 * unit * (abs(logp[row, 0]) + abs(top))
      for c in 0..<count {
        let p = exp(logits[row, c] - lse[row, 0])
        slope[row, c] = slopes[row, 0] * ((c == Int(labels[row]) ? 1 : 0) - p)
        slope.errors[row * count + c] =
          abs(slopes[row, 0]) * (p * (4 * error + 80 * unit) + 2 * unit)
      }
    }
    let cells = t.matrix(logits)
    let (out, kept) = (t.empty(rows, 1), t.empty(rows, 1))
    t.backend.crossEntropy(out, kept, cells, labels: labels)
    t.expect("log p", out, logp)
    t.expect("lse", kept, lse)
    let measured = t.empty(rows, 1)
    let targets = labels.enumerated().flatMap { row, label in
      [LabelTarget(row: row, label: label), LabelTarget(row: row, label: 0)]
    }
    let measures = t.backend.measureLabels(measured, cells, targets)
    t.expect("lse of measures", measured, lse)
    for (index, target) in targets.enumerated() {
      let row = target.row
      t.check(
        "measure \(index)", [measures[index].logProbability],
        Numbers(
          1, 1, [logits[row, Int(target.label)] - lse[row, 0]],
          errors: [logp.errors[row] + 80 * unit]))
      let greatest = (0..<count).allSatisfy { logits[row, $0] <= logits[row, Int(target.label)] }
      t.require("measure \(index): likeliest", measures[index].isLikeliest == greatest)
    }
    t.backend.crossEntropyBackward(
      cells, kept, labels: labels, dlogp: slopes.floats, softcap: 0)
    t.expect("slopes", cells, slope)
    softcapped(t, logits, labels, slopes)
  }

  /// z = cap tanh(x / cap) went in: slopes by x are those by z times 1 - (z / cap)².
  private static func softcapped(
    _ t: Trial, _ x: Numbers, _ labels: [Int32], _ slopes: Numbers
  ) {
    let cap = 15.0
    let (rows, count) = (x.rows, x.columns)
    let cells = t.matrix(x)
    t.backend.softcap(cells, Float(cap))
    let capped = Numbers(rows, count, cells.values().map { Double($0) })
    let (logp, kept) = (t.empty(rows, 1), t.empty(rows, 1))
    t.backend.crossEntropy(logp, kept, cells, labels: labels)
    t.backend.crossEntropyBackward(
      cells, kept, labels: labels, dlogp: slopes.floats, softcap: Float(cap))
    var slope = capped
    for row in 0..<rows {
      let sum = (0..<count).reduce(0) { $0 + exp(capped[row, $1]) }
      for c in 0..<count {
        let (z, p) = (capped[row, c], exp(capped[row, c]) / sum)
        slope[row, c] =
          slopes[row, 0] * ((c == Int(labels[row]) ? 1 : 0) - p) * (1 - z * z / (cap * cap))
        slope.errors[row * count + c] =
          abs(slopes[row, 0]) * (p * (Double(4 * count + 400)) + 12) * unit
      }
    }
    t.expect("slopes behind a soft cap", cells, slope)
  }

  private static func greatest(_ t: Trial) {
    var logits = Numbers(4, 600, seed: 5)
    for (row, columns) in [[3, 599], [256, 257], [0, 599], [598, 599]].enumerated() {
      for column in columns { logits[row, column] = 7 }
    }
    let targets = (0..<4).flatMap { row in
      [0, 3, 256, 257, 598, 599].map { LabelTarget(row: row, label: $0) }
    }
    let lse = t.empty(4, 1)
    let found = t.backend.measureLabels(lse, t.matrix(logits), targets)
    let likeliest = zip(targets, found).filter { $1.isLikeliest }.map { Int($0.0.label) }
    t.check(
      "the first of equal logits", likeliest.map { Float($0) }, Numbers(1, 4, [3, 256, 0, 598]))
  }
}
