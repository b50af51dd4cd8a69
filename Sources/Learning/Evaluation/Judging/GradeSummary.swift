/// Grades of one model's answers, or of two models' answers to the same questions.
package struct GradeSummary: Sendable {
  /// Grades that differ by no more are equal (FastChat's TIE_DELTA).
  package static let tieDelta = 0.1

  package var candidate: [Double] = []
  package var baseline: [Double] = []
  /// Items without a grade of either.
  package var invalid = 0
  package var retried = 0
  package var wins = 0
  package var ties = 0
  package var losses = 0

  /// - Parameter baseline: of the same items; nil where there is no other model.
  package init(_ candidate: [Judge.Grade], _ baseline: [Judge.Grade]?) {
    retried = (candidate + (baseline ?? [])).count { $0.reply.isRetried }
    for index in candidate.indices {
      guard let own = candidate[index].grade else {
        invalid += 1
        continue
      }
      guard let others = baseline else {
        self.candidate.append(own)
        continue
      }
      guard let other = others[index].grade else {
        invalid += 1
        continue
      }
      self.candidate.append(own)
      self.baseline.append(other)
      switch Self.outcome(own, other) {
      case .win: wins += 1
      case .loss: losses += 1
      case .tie, .invalid: ties += 1
      }
    }
  }

  package var count: Int { candidate.count }

  /// Grades carry a tenth at most; the sum with a thousandth keeps 7.1 and 7 equal in binary.
  package static func outcome(_ own: Double, _ other: Double) -> PairOutcome {
    if abs(own - other) <= tieDelta + 1e-9 { return .tie }
    return own > other ? .win : .loss
  }
}
