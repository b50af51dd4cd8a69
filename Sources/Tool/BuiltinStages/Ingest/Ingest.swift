package import Diagnostics
package import StageKit

/// Reads files of raw rows into records: JSON Lines, JSON, CSV, TSV, Parquet, Markdown and text,
/// plain or packed; the row types of the field; every bad row reported with its line, and set aside
/// when asked.
package struct Ingest: Stage {
  package static let kind: StageKind = "ingest"
  package static let version = 2
  package static let summary =
    "Reads JSON Lines, JSON, CSV, Parquet and text into records, and names every bad row."

  package typealias Parameters = IngestParameters

  package static func ports(for parameters: Parameters) -> Ports {
    Ports(outputs: [
      Port("records", .records, help: "The rows, each with its identity."),
      Port(
        "quarantine", .files,
        help: "quarantine.jsonl: bad rows with file, line, code, message and their raw text."),
      Port(
        "report", .report,
        help: "Counts by file and reason, and origins.jsonl: which row came from where."),
    ])
  }

  package static func licenses(of parameters: Parameters) -> [LicenseNote] {
    parameters.allLicenses
  }

  package static func preflight(_ parameters: Parameters, _ inputs: PreflightInputs)
    -> [Diagnostic]
  {
    var problems: [Diagnostic] = []
    for source in parameters.sources {
      for file in inputs.files[source.files.parameter] ?? [] {
        guard let format = source.format(of: file.name) else {
          problems.append(IngestSource.unknownFormat(file.name))
          continue
        }
        if let problem = source.problem(of: file, format) { problems.append(problem) }
      }
    }
    return problems
  }

  package init() {}

  package func run(_ parameters: Parameters, in context: StageContext) throws -> StageOutcome {
    try IngestRun(parameters, context).run()
    return .succeeded
  }
}
