/// Numbers as reports write them.
enum FigureText {
  /// Four significant digits, never an exponent for what people read as a share: `0.8333`, `12.5`.
  static func number(_ value: Double) -> String {
    guard value.isFinite else { return "\(value)" }
    if value == 0 { return "0" }
    var scale = 1.0
    while abs(value) * scale < 1000, scale < 1e12 { scale *= 10 }
    let text = "\((value * scale).rounded() / scale)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  static func signed(_ value: Double) -> String { (value > 0 ? "+" : "") + number(value) }

  static func interval(_ interval: GateScore.Interval) -> String {
    "\(number(interval.value)) (\(number(interval.lower)) to \(number(interval.upper)))"
  }

  /// `0.3 s`, `12 s`, `1 m 5 s`, `2 h 3 m`
  static func duration(_ seconds: Double) -> String {
    let whole = Int(max(0, min(seconds, 1e9)).rounded())
    if seconds < 10 { return "\((max(0, seconds) * 10).rounded() / 10) s" }
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) m \(whole % 60) s" }
    return "\(whole / 3600) h \(whole % 3600 / 60) m"
  }
}
