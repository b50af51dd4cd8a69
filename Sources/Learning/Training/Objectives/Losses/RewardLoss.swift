/// The loss of a pair of scores (Bradley and Terry 1952), as TRL 1.16's RewardTrainer computes it:
///
///     -logsigmoid(c - w - margin) + centering (c + w)^2
///
/// with c and w the scores of the chosen and the rejected text. The second term (Eisenstein et al.
/// 2023) pulls scores towards zero.
package struct RewardLoss: Sendable, Hashable {
  /// `center_rewards_coefficient`; 0: none.
  package var centering: Double

  package init(centering: Double = 0) { self.centering = centering }

  package struct Value: Sendable, Hashable {
    package var loss: Double
    package var dChosen: Double
    package var dRejected: Double
  }

  /// - Parameter margin: by how much the chosen text should lead; 0 where the row states none.
  package func value(chosen: Double, rejected: Double, margin: Double = 0) -> Value {
    let x = chosen - rejected - margin
    let slope = -Logistic.sigmoid(-x)
    let sum = chosen + rejected
    return Value(
      loss: -Logistic.logSigmoid(x) + centering * sum * sum,
      dChosen: slope + 2 * centering * sum, dRejected: -slope + 2 * centering * sum)
  }
}
