private import Foundation

/// Numbers and bars in the pages of reports.
enum Figures {
  /// `4.2 : 1`
  static func ratio(_ value: Double) -> String { "\(decimal(value, 1)) : 1" }

  static func decimal(_ value: Double, _ places: Int) -> String {
    String(format: "%.\(places)f", value)
  }

  /// `12.5 %`; `< 0.1 %` for a share that would read as nothing.
  static func percent(_ part: Int, of whole: Int) -> String {
    if whole == 0 { return "" }
    let share = 100 * Double(part) / Double(whole)
    return part > 0 && share < 0.05 ? "< 0.1 %" : "\(decimal(share, 1)) %"
  }

  /// `1,234,567`
  static func grouped(_ value: Int) -> String {
    var digits = String(value.magnitude)
    var parts: [String] = []
    while digits.count > 3 {
      parts.insert(String(digits.suffix(3)), at: 0)
      digits = String(digits.dropLast(3))
    }
    return (value < 0 ? "-" : "") + ([digits] + parts).joined(separator: ",")
  }

  /// A bar of up to 24 cells in eighths; something above 0 is always seen.
  static func bar(_ value: Int, of most: Int) -> String {
    if most <= 0 || value <= 0 { return "" }
    let eighths = max(1, Int((Double(value) / Double(most) * 24 * 8).rounded()))
    let rest = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8]
    return String(repeating: "█", count: eighths / 8) + rest
  }
}
