internal import Documents

/// Lengths of time as written in a pipeline: `500ms`, `10s`, `5m`, `2h`, `1d`, `1h30m`.
package enum DurationText {
  private static let units: [(name: String, seconds: Double)] = [
    ("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("d", 86400),
  ]

  /// Seconds, or nil when `text` is not a duration or longer than a year.
  package static func seconds(_ text: String) -> Double? {
    var rest = Substring(text)
    var total = 0.0
    var last = Double.infinity
    while !rest.isEmpty {
      let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
      rest = rest.dropFirst(digits.count)
      let name = rest.prefix { $0.isASCII && $0.isLetter }
      rest = rest.dropFirst(name.count)
      // Units go down: 1h30m, never 30m1h.
      guard let value = CoreSchema.number(text: String(digits)),
        let unit = units.first(where: { $0.name == name })?.seconds, unit < last
      else { return nil }
      total += value * unit
      last = unit
    }
    return last < .infinity && total <= 366 * 86400 ? total : nil
  }
}
