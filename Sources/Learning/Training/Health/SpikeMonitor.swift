/// Finds values that stand out from those before them: a robust z-score over a window.
///
/// z = 0.6745 (x - median) / MAD with the median absolute deviation MAD (Iglewicz & Hoaglin 1993,
/// §3.5), which one outlier does not move. A value is a spike when z is above ``zMax`` and the value
/// is above ``ratioMin`` times the median; the second keeps a very even stretch from being noisy.
package struct SpikeMonitor: Sendable, Hashable {
  /// Values that are looked back on.
  package static let window = 64
  /// Values that must be known before one can stand out.
  package static let minimum = 16
  package static let zMax = 10.0
  package static let ratioMin = 1.5

  /// The last values, oldest first; spikes are left out, so that a second one is seen too.
  package private(set) var values: [Double]

  package init(values: [Double] = []) { self.values = values }

  /// Takes in the next value.
  ///
  /// - Returns: its z-score when it is a spike.
  package mutating func observe(_ value: Double) -> Double? {
    if let z = spike(value) { return z }
    values.append(value)
    if values.count > Self.window { values.removeFirst() }
    return nil
  }

  private func spike(_ value: Double) -> Double? {
    guard values.count >= Self.minimum else { return nil }
    let middle = Self.median(values)
    let deviation = Self.median(values.map { abs($0 - middle) })
    guard value > middle, abs(value) > Self.ratioMin * abs(middle) else { return nil }
    // Equal values have no deviation; the smallest that counts is a millionth of them.
    let z = 0.6745 * (value - middle) / max(deviation, 1e-6 * abs(middle), 1e-300)
    return z > Self.zMax ? z : nil
  }

  static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted(), half = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2
  }
}

/// What a spike of loss or gradient norm leads to.
package enum SpikeAction: String, Sendable, Hashable, CaseIterable {
  /// A warning that names the rows.
  case warn
  /// The step is not applied; a warning names its rows.
  case skip
  /// The run ends with an error that names the rows.
  case stop
}
