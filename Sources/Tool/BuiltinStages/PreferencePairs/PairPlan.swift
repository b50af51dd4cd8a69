/// Which answers to one prompt become pairs.
struct PairPlan {
  struct Answer: Sendable, Hashable {
    /// The number of the sample; nil for the answer that the row came with.
    var sample: Int?
    var text: String
    var score: Double?
  }

  struct Pair: Sendable, Hashable {
    var chosen: Answer
    var rejected: Answer
    var margin: Double
  }

  /// Why a prompt gives no pair.
  enum Miss: String, Sendable {
    /// Fewer than two different answers have a score.
    case few = "pairs.too-few-answers"
    /// The best is not better than the others by more than the margin asked for.
    case equal = "pairs.no-margin"
    /// The row has no answer of its own, or it has no score.
    case noRowAnswer = "pairs.no-row-answer"
  }

  let pairs: [Pair]
  let miss: Miss?

  /// - Parameters:
  ///   - own: the row's answer, where that is to be chosen.
  ///   - marginMin: a margin must be above it.
  init(
    _ answers: [Answer], own: Answer?, takesOwn: Bool,
    pairing: PreferencePairsParameters.Pairing, marginMin: Double
  ) {
    // Of equal texts the first counts; an answer equal to the chosen one is no rejected one.
    var seen: Set<String> = []
    let scored = answers.filter { $0.score != nil && seen.insert($0.text).inserted }
    // Worst first, of equal scores the later sample.
    let ordered = scored.sorted {
      ($0.score ?? 0, -($0.sample ?? -1)) < ($1.score ?? 0, -($1.sample ?? -1))
    }
    let best = takesOwn ? own : ordered.last
    guard let best, let top = best.score else {
      pairs = []
      miss = takesOwn ? .noRowAnswer : .few
      return
    }
    let others = ordered.filter { $0.text != best.text }
    guard !others.isEmpty else {
      pairs = []
      miss = .few
      return
    }
    let found = others.compactMap { other -> Pair? in
      let margin = top - (other.score ?? 0)
      return margin > marginMin ? Pair(chosen: best, rejected: other, margin: margin) : nil
    }
    pairs = pairing == .all ? found : Array(found.prefix(1))
    miss = found.isEmpty ? .equal : nil
  }
}
