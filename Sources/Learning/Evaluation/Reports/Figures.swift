private import Foundation
package import Scoring

/// Numbers as sentences and tables show them.
package enum Figures {
  /// Three decimals below 10, one above, six where three would show next to nothing; without a
  /// point of its own for infinity.
  package static func number(_ value: Double) -> String {
    guard value.isFinite else {
      return value.isNaN ? "undefined" : value > 0 ? "infinite" : "-infinite"
    }
    let size = abs(value)
    let decimals = size >= 1e-6 && size < 1e-3 ? 6 : size < 10 ? 3 : size < 1000 ? 1 : 0
    let text = String(format: "%.\(decimals)f", value)
    return text == "-0.000" ? "0.000" : text
  }

  /// The same with a sign.
  package static func signed(_ value: Double) -> String {
    let text = number(value)
    return value > 0 && text != "0.000" ? "+" + text : text
  }

  /// `95 % interval 0.871 to 0.943`
  package static func interval(_ interval: ConfidenceInterval) -> String {
    let percent = interval.confidence * 100
    let confidence =
      percent == percent.rounded() ? String(Int(percent)) : String(format: "%.1f", percent)
    return "\(confidence) % interval \(number(interval.lower)) to \(number(interval.upper))"
  }

  /// `5 %`, `2.5 %`.
  package static func percent(_ share: Double) -> String {
    let value = (share * 1000).rounded() / 10
    return value == value.rounded() ? "\(Int(value)) %" : String(format: "%.1f %%", value)
  }

  /// `+3.2 %`.
  package static func signedPercent(_ share: Double) -> String {
    (share > 0 ? "+" : "") + String(format: "%.1f %%", share * 100)
  }

  package static func rows(_ count: Int) -> String { count == 1 ? "1 row" : "\(count) rows" }
}
