internal import Diagnostics

/// Words about metrics that stages report.
enum Metrics {
  /// - Parameter asker: what reads it, in quotes.
  static func missing(
    _ name: String, in reported: [String: Double], _ stage: String, _ asker: String
  ) -> Failure {
    let shown = SafeText.escaped(name, limit: 60)
    let names = reported.keys.sorted()
    let nearest = NearestName.suggestion(for: name, among: names)
    let listed =
      names.isEmpty
      ? "it reported none"
      : "it reported \(names.prefix(10).map { SafeText.escaped($0, limit: 60) }.joined(separator: ", "))"
        + (names.count > 10 ? " and \(names.count - 10) more" : "")
    return Diagnostic(
      "run.no-metric", "\(asker): stage '\(stage)' reported no metric '\(shown)' that is a number",
      fix: (nearest.map { "did you mean '\(SafeText.escaped($0, limit: 60))'? " } ?? "") + listed
    ).failure(.badInput)
  }
}
