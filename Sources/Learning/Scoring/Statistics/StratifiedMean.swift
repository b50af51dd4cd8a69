/// Values of one stratum: a slice, a task of a group.
package struct Stratum: Sendable, Hashable {
  package var values: [Double]
  /// Its share in the whole, in any unit; the values' number for a mean over all items.
  package var weight: Double

  package init(_ values: [Double], weight: Double? = nil) {
    precondition(!values.isEmpty && (weight ?? 1) > 0, "a stratum without values or weight")
    self.values = values
    self.weight = weight ?? Double(values.count)
  }
}

extension ConfidenceInterval {
  /// The weighted mean of the strata's means, with standard error √Σ W² s² / n and Student's t at
  /// Satterthwaite's degrees of freedom (Cochran 1977, "Sampling Techniques", 5.4).
  ///
  /// A stratum of one value takes the variance pooled over the others; where all have one, the ends
  /// are infinite.
  package static func stratified(_ strata: [Stratum], confidence: Double) -> ConfidenceInterval {
    precondition(!strata.isEmpty, "no stratum")
    let total = strata.reduce(0) { $0 + $1.weight }
    let variances = strata.map { Self.variance($0.values) }
    let freedom = strata.reduce(0) { $0 + $1.values.count - 1 }
    let pooled =
      freedom == 0
      ? nil
      : zip(strata, variances).reduce(0) { $0 + Double($1.0.values.count - 1) * ($1.1 ?? 0) }
        / Double(freedom)
    var (estimate, square, satterthwaite) = (0.0, 0.0, 0.0)
    for (stratum, variance) in zip(strata, variances) {
      let share = stratum.weight / total
      estimate += share * Summary.mean(stratum.values)
      guard let known = variance ?? pooled else { continue }
      let n = Double(stratum.values.count)
      let part = share * share * known / n
      square += part
      satterthwaite += part * part / (variance == nil ? Double(freedom) : n - 1)
    }
    var interval = ConfidenceInterval(
      estimate: estimate, lower: estimate, upper: estimate, confidence: confidence,
      method: "stratified")
    if pooled == nil {
      interval.lower = -.infinity
      interval.upper = .infinity
    } else if square > 0 {
      let t = StudentDistribution.quantile(
        0.5 + confidence / 2, degrees: square * square / satterthwaite)
      interval.lower -= t * square.squareRoot()
      interval.upper += t * square.squareRoot()
    }
    return interval
  }

  /// With n - 1; nil for one value.
  private static func variance(_ values: [Double]) -> Double? {
    guard values.count > 1 else { return nil }
    let mean = Summary.mean(values)
    return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
  }
}
