/// What both orders of a pair say together.
package enum PairOutcome: String, Sendable, Hashable {
  case win, tie, loss
  /// A reply held no verdict, even when asked again: the pair counts nowhere.
  case invalid

  /// FastChat's rule: the same winner in both orders, else a tie.
  package init(_ comparison: Judge.Comparison) {
    guard let forward = comparison.forwardVerdict, let backward = comparison.backwardVerdict else {
      self = .invalid
      return
    }
    self =
      switch (forward, backward) {
      case (.first, .second): .win
      case (.second, .first): .loss
      default: .tie
      }
  }

  /// 1, ½ or 0.
  package var points: Double? {
    switch self {
    case .win: 1
    case .tie: 0.5
    case .loss: 0
    case .invalid: nil
    }
  }
}

extension Judge.Comparison {
  /// Whether both orders say the same; nil where one says nothing.
  package var agrees: Bool? {
    guard let forwardVerdict, let backwardVerdict else { return nil }
    switch (forwardVerdict, backwardVerdict) {
    case (.first, .second), (.second, .first), (.tie, .tie): return true
    default: return false
    }
  }
}
