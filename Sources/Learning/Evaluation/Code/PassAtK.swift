private import Scoring

/// `pass@k` over problems: how likely at least one of k samples passes.
package enum PassAtK {
  /// The mean over problems, each the verdicts of its samples, of ``Summary/passAtK(samples:correct:k:)``.
  ///
  /// - Returns: nil when there is no problem, or one has fewer than `k` samples.
  package static func mean(of problems: [[CodeVerdict]], k: Int) -> Double? {
    guard k >= 1, !problems.isEmpty, problems.allSatisfy({ $0.count >= k }) else { return nil }
    let sum = problems.reduce(0.0) { sum, verdicts in
      sum
        + Summary.passAtK(
          samples: verdicts.count, correct: verdicts.count { $0 == .passed }, k: k)
    }
    return sum / Double(problems.count)
  }
}
