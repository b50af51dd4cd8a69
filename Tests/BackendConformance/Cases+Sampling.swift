import Foundation
import Tensors

extension ConformanceCase {
  static let sampling: [ConformanceCase] =
    [1, 2, 40, 300, 5000].map { columns in
      ConformanceCase("tokens drawn from \(columns)") { draws($0, columns) }
    } + [
      ConformanceCase("tokens of logits that are equal, or none", unusual),
      ConformanceCase("how often tokens are drawn", frequencies),
    ]

  /// What a draw takes, by its definition: sorted, in double precision.
  private static func drawn(_ logits: [Float], _ draw: TokenDraw) -> Int32 {
    var order = logits.indices.sorted { (-logits[$0], $0) < (-logits[$1], $1) }
    if draw.temperature == 0 { return Int32(order[0]) }
    if draw.topK > 0 { order = Array(order.prefix(draw.topK)) }
    func weight(_ id: Int) -> Double {
      exp((Double(logits[id]) - Double(logits[order[0]])) / draw.temperature)
    }
    let total = order.reduce(0) { $0 + weight($1) }
    if draw.topP < 1 {
      var mass = 0.0
      let end = order.firstIndex {
        mass += weight($0)
        return mass >= draw.topP * total
      }
      order = Array(order.prefix((end ?? order.count - 1) + 1))
    }
    let place = draw.uniform * order.reduce(0) { $0 + weight($1) }
    var mass = 0.0
    let index = order.firstIndex {
      mass += weight($0)
      return mass > place
    }
    return Int32(order[index ?? order.count - 1])
  }

  /// A row for each way of drawing, of logits that are the row's own.
  private static func check(_ t: Trial, _ what: String, _ logits: Numbers, _ draws: [TokenDraw]) {
    let found = t.backend.sample(t.matrix(logits, gap: 3), draws)
    for (row, draw) in draws.enumerated() {
      let values = (0..<logits.columns).map { Float(logits[row, $0]) }
      let sorted = values.sorted(by: >)
      let gap = sorted.count > 1 && sorted[1] > -.infinity ? sorted[0] - sorted[1] : 0
      t.require(
        "\(what), row \(row), \(draw): found \(found[row]?.id ?? -1)",
        found[row]?.id == drawn(values, draw))
      t.check("\(what), gap of row \(row)", [found[row]?.gap ?? .nan], Numbers(1, 1, [Double(gap)]))
    }
  }

  private static func draws(_ t: Trial, _ columns: Int) {
    var draws: [TokenDraw] = []
    for (temperature, topK, topP) in [
      (0, 0, 1), (1, 0, 1), (0.7, 0, 0.9), (1.5, 5, 1), (1, 40, 0.5), (0.2, 1, 1), (2, 7, 0.999),
    ] as [(Double, Int, Double)] {
      for step in 0..<3 {
        // Away from 0 and 1, and from each other.
        let uniform = (Double(step) + Numbers(1, 1, seed: draws.count)[0, 0] * 0.4 + 0.5) / 3
        draws.append(
          TokenDraw(temperature: temperature, topK: topK, topP: topP, uniform: uniform))
      }
    }
    draws += [
      TokenDraw(temperature: 1, uniform: 0), TokenDraw(temperature: 1, uniform: 1 - 0x1p-53),
    ]
    check(
      t, "\(columns) tokens", Numbers(draws.count, columns, seed: 8, scale: 6), draws)
  }

  private static func unusual(_ t: Trial) {
    // All equal: the lowest ids come first, and a share ends in the middle of them.
    var draws = [0, 0.24, 0.26, 0.74, 0.99].map { TokenDraw(temperature: 1, uniform: $0) }
    draws += [TokenDraw(temperature: 1, topK: 3, uniform: 0.99)]
    draws += [0.4, 0.6].map { TokenDraw(temperature: 1, topP: 0.5, uniform: $0) }
    check(
      t, "equal logits", Numbers(draws.count, 4, Array(repeating: 1.5, count: 4 * draws.count)),
      draws)
    // Signs of zero are one number; some tokens are forbidden.
    var row = [Double](repeating: -.infinity, count: 600)
    for (id, value) in [(3, -0.0), (9, 0.0), (400, -0.0), (401, -1.0), (599, -800.0)] {
      row[id] = value
    }
    let uniforms = [0.1, 0.5, 0.8, 0.999, 0.3, 0.6]
    check(
      t, "few tokens", Numbers(6, 600, Array((0..<6).map { _ in row }.joined())),
      uniforms.enumerated().map {
        TokenDraw(temperature: 1, topK: $0 > 3 ? 2 : 0, topP: $0 == 2 ? 0.7 : 1, uniform: $1)
      })
    // No numbers, no choice.
    var broken = Numbers(4, 300, seed: 9)
    broken[0, 299] = .nan
    broken[1, 0] = .infinity
    for column in 0..<300 { broken[2, column] = -.infinity }
    for draw in [TokenDraw(), TokenDraw(temperature: 1, uniform: 0.5)] {
      let found = t.backend.sample(t.matrix(broken), Array(repeating: draw, count: 4))
      t.require("rows without a choice", found.map { $0 == nil } == [true, true, true, false])
    }
  }

  /// Of 256 draws spread evenly, each token has its share, one more or less.
  private static func frequencies(_ t: Trial) {
    let logits: [Double] = [0.3, -1, 2, 0, 1.1, -0.4]
    let draws = (0..<256).map {
      TokenDraw(temperature: 0.8, uniform: (Double($0) + 0.5) / 256)
    }
    let found = t.backend.sample(
      t.matrix(Numbers(256, 6, Array((0..<256).map { _ in logits }.joined()))), draws)
    let total = logits.reduce(0) { $0 + exp(Double(Float($1)) / 0.8) }
    for (id, logit) in logits.enumerated() {
      t.check(
        "draws of token \(id)", [Float(found.count { $0?.id == Int32(id) })],
        Numbers(1, 1, [256 * exp(Double(Float(logit)) / 0.8) / total], errors: [1.01]))
    }
  }
}
