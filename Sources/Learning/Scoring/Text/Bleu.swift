private import Foundation

/// BLEU (Papineni et al. 2002) as sacrebleu computes it: tokenizer 13a, n-grams up to 4, case kept.
/// With ``init(smoothing:usesEffectiveOrder:)``'s defaults its signature is
/// `case:mixed|eff:no|tok:13a|smooth:exp`.
///
/// Items are vectors of sums, so that a corpus is scored, and drawn again, by adding them up:
///
/// ```swift
/// let bleu = Bleu()
/// items.append(bleu.sums(answer, [reference]))
/// bleu.score(items.sums)  // 0 to 100
/// ```
package struct Bleu: Sendable, Hashable {
  /// What becomes of an order without matches (Chen and Cherry 2014).
  package enum Smoothing: Sendable, Hashable {
    case none
    /// Half a match, then a quarter, …: NIST's method.
    case exponential
    /// So many matches (0.1).
    case floor(Double)
    /// So many matches and n-grams more, above order 1 (1).
    case add(Double)
  }

  package static let orders = 4
  /// Words of the answer and of the reference, matches by order, n-grams of the answer by order.
  package static let width = 2 + 2 * orders

  package var smoothing: Smoothing
  /// Whether orders that the answer is too short for are left out: for single sentences.
  package var usesEffectiveOrder: Bool

  package init(smoothing: Smoothing = .exponential, usesEffectiveOrder: Bool = false) {
    self.smoothing = smoothing
    self.usesEffectiveOrder = usesEffectiveOrder
  }

  /// An item: ``width`` numbers. The reference length is the one closest to the answer's, the
  /// shorter of two.
  package func sums(_ answer: String, _ references: [String]) -> [Double] {
    precondition(!references.isEmpty, "a score against nothing")
    var table = WordTable()
    let wanted = references.map { BleuTokenizer.words($0).map { table.number($0) } }
    let given = BleuTokenizer.words(answer).map { table.known($0) }
    let lengths = wanted.map(\.count)
    let closest = lengths.dropFirst().reduce(lengths[0]) { best, length in
      let (old, new) = (abs(given.count - best), abs(given.count - length))
      return new < old || (new == old && length < best) ? length : best
    }
    let matches = NGramMatches.clipped(given, wanted, orders: Self.orders)
    let totals = (1...Self.orders).map { max(0, given.count - $0 + 1) }
    return ([given.count, closest] + matches + totals).map(Double.init)
  }

  /// 0 to 100, from sums of items.
  package func score(_ sums: [Double]) -> Double {
    precondition(sums.count == Self.width, "sums of another metric")
    var matches = Array(sums[2..<2 + Self.orders])
    var totals = Array(sums[(2 + Self.orders)...])
    guard matches.contains(where: { $0 > 0 }) else { return 0 }
    var logarithms = [Double](repeating: Self.logOfZero, count: Self.orders)
    var used = Self.orders
    var halving = 1.0
    for order in 0..<Self.orders {
      if case .add(let count) = smoothing, order > 0 {
        matches[order] += count
        totals[order] += count
      }
      if totals[order] == 0 { break }
      if usesEffectiveOrder { used = order + 1 }
      var precision = 100 * matches[order] / totals[order]
      if matches[order] == 0 {
        if smoothing == .exponential {
          halving *= 2
          precision = 100 / (halving * totals[order])
        } else if case .floor(let count) = smoothing {
          precision = 100 * count / totals[order]
        }
      }
      if precision != 0 { logarithms[order] = log(precision) }
    }
    let brevity = sums[0] < sums[1] ? exp(1 - sums[1] / sums[0]) : 1
    return brevity * exp(logarithms[..<used].reduce(0, +) / Double(used))
  }

  /// The score of one answer.
  package func score(_ answer: String, _ references: [String]) -> Double {
    score(sums(answer, references))
  }

  /// What sacrebleu takes for the logarithm of 0: the score becomes 0.
  private static let logOfZero = -9_999_999_999.0
}
