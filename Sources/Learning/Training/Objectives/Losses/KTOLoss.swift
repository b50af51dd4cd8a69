/// The loss of one answer with a verdict (Ethayarajh et al. 2024, eq. 7), as TRL 1.16 computes it.
///
/// With r = policy - reference log-probability of the whole answer and z the divergence of the
/// micro-batch (see ``divergence(_:)``), which has no gradient:
///
///     kto                 desirable    D (1 - sigmoid(beta (r - z)))
///                         undesirable  U (1 - sigmoid(beta (z - r)))
///     apo_zero_unpaired   desirable    D (1 - sigmoid(beta r))         D'Oosterlinck et al. 2024
///                         undesirable  U sigmoid(beta r)
package struct KTOLoss: Sendable, Hashable {
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    case kto
    case apoZeroUnpaired = "apo_zero_unpaired"

    /// Whether the answers of other rows must be scored for z.
    package var needsDivergence: Bool { self == .kto }
  }

  package var kind: Kind
  package var beta: Double
  /// D and U.
  package var desirableWeight: Double
  package var undesirableWeight: Double

  package init(
    _ kind: Kind = .kto, beta: Double, desirableWeight: Double = 1, undesirableWeight: Double = 1
  ) {
    self.kind = kind
    self.beta = beta
    self.desirableWeight = desirableWeight
    self.undesirableWeight = undesirableWeight
  }

  /// - Parameters:
  ///   - logRatio: r.
  ///   - divergence: z; 0 where the kind needs none.
  /// - Returns: the weighted loss and its slope by r, the same for each token.
  package func value(isDesirable: Bool, logRatio: Double, divergence: Double)
    -> (loss: Double, slope: Double)
  {
    let z = kind.needsDivergence ? divergence : 0
    let weight = isDesirable ? desirableWeight : undesirableWeight
    let x = beta * (isDesirable ? logRatio - z : z - logRatio)
    let (up, down) = (Logistic.sigmoid(x), Logistic.sigmoid(-x))
    let slope = weight * beta * up * down
    return (weight * down, isDesirable ? -slope : slope)
  }

  /// max(0, mean of policy - reference log-probability) over the mismatched answers of a
  /// micro-batch; not multiplied by beta.
  package static func divergence(_ logRatios: [Double]) -> Double {
    guard !logRatios.isEmpty else { return 0 }
    return max(0, logRatios.reduce(0, +) / Double(logRatios.count))
  }

  /// Whose answer each row is given for the divergence: within consecutive blocks of
  /// `microBatchSize` rows in the order of the data, row i gets that of row i - 1 and the first one
  /// that of the last; a short last block turns in itself.
  package static func mismatched(rows: Int, microBatchSize: Int) -> [Int] {
    precondition(microBatchSize > 0, "blocks of at least one row")
    return (0..<rows).map { row in
      let start = row / microBatchSize * microBatchSize
      let end = min(start + microBatchSize, rows)
      return row == start ? end - 1 : row - 1
    }
  }

  /// The weights that Ethayarajh et al. advise (eq. 8): the ratio of weighted desirable to weighted
  /// undesirable rows between 1 and 4/3. Nil when a side has no rows.
  package func desirableShare(desirable: Int, undesirable: Int) -> Double? {
    guard desirable > 0, undesirable > 0 else { return nil }
    return desirableWeight * Double(desirable) / (undesirableWeight * Double(undesirable))
  }
}
