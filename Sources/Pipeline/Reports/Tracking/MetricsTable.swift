package import RunStore
internal import StageKit

/// Values of steps as CSV (RFC 4180): `run,stage,metric,step,time,value`. A resumed step comes
/// again; the later line counts.
package final class MetricsTable: Tracker {
  package let name = "csv"
  private let file: TrackedFile
  private let run: Int64

  /// - Throws: ``Failure`` when the file cannot be opened.
  package init(path: String, run: Int64) throws {
    self.run = run
    file = try TrackedFile(path)
    if file.isEmpty { try file.append(Array("run,stage,metric,step,time,value\r\n".utf8)) }
  }

  package func take(_ events: [RunEvent]) throws {
    var text = ""
    for event in events {
      guard case .stage(.metric(let name, let step, let value)) = event.body else { continue }
      text +=
        "\(run),\(Self.field(event.stage ?? "")),\(Self.field(name)),\(step),\(event.time),"
        + "\(value)\r\n"
    }
    if !text.isEmpty { try file.append(Array(text.utf8)) }
  }

  package func finish() {}

  private static func field(_ text: String) -> String {
    let isPlain = !text.contains { $0 == "," || $0 == "\"" || $0.isNewline }
    return isPlain ? text : "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}
