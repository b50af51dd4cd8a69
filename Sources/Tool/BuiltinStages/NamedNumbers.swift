internal import Diagnostics
internal import Documents
internal import StageKit

extension ParameterReader {
  /// A mapping of names to numbers, in the order written: `{hard: 2, easy: 0.5}`.
  mutating func numbers(_ key: String, in range: ClosedRange<Double>, help: String)
    -> [(name: String, value: Double)]
  {
    var numbers: [(name: String, value: Double)] = []
    for (name, text) in pairs(key, help: help) {
      guard let value = Double(text), value.isFinite, range.contains(value) else {
        problem(
          "\(key)",
          "'\(SafeText.escaped(name))' is '\(SafeText.escaped(text, limit: 40))', expected a number "
            + "from \(ValueText.number(range.lowerBound)) to \(ValueText.number(range.upperBound))")
        continue
      }
      numbers.append((name, value))
    }
    return numbers
  }
}
