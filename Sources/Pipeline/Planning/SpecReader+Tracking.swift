internal import Diagnostics
internal import Documents
internal import StageKit

/// `tracking:`.
extension SpecReader {
  static let trackingKeys = ["tensorboard", "openlineage", "csv", "mlflow"]

  mutating func tracking(_ node: Node?) -> TrackingTargets? {
    guard let node, !node.isNull, let entries = mapping(node, "'tracking'") else { return nil }
    check(entries, of: "'tracking'", known: Self.trackingKeys)
    var targets = TrackingTargets()
    for entry in entries {
      guard let text = text(entry.value, "tracking.\(entry.name)") else { continue }
      if entry.name == "mlflow", !text.hasPrefix("http://"), !text.hasPrefix("https://") {
        report(
          "spec.wrong-type", "'tracking.mlflow' is '\(SafeText.escaped(text))', expected a URL",
          entry.value.span, fix: "write 'mlflow: http://127.0.0.1:5000'")
      }
      switch entry.name {
      case "tensorboard": targets.tensorboard = text
      case "openlineage": targets.openlineage = text
      case "csv": targets.csv = text
      case "mlflow": targets.mlflow = text
      default: break
      }
    }
    return targets.isEmpty ? nil : targets
  }
}
