package import Curation
internal import Records
package import StageKit

/// Where stages that measure rows in tokens get them from: what knows models is elsewhere.
package protocol ReportTokens: Sendable {
  /// How the model at input `port` reads rows.
  static func tokens(of port: String, _ context: StageContext) throws -> any RowTokens
}

/// Says what a set of rows is like, for people, programs and data set catalogues.
package struct DataReport<Tokens: ReportTokens>: Stage {
  package static var kind: StageKind { "data_report" }
  package static var version: Int { 1 }
  package static var summary: String {
    "Reports lengths, labels, languages, repeats and losses of rows, with a card and metadata."
  }

  package typealias Parameters = DataReportParameters

  package static func ports(for parameters: Parameters) -> Ports {
    Ports(
      inputs: [
        Port("records", .records, help: "Rows to report on."),
        Port(
          "model", .model, optional: true,
          help: "Its tokenizer and template measure lengths in tokens, and what is trained."),
      ]
        + parameters.reports.map {
          Port($0, .report, optional: true, help: "The report of an earlier stage.")
        }
        + parameters.compare.map {
          Port($0, .records, optional: true, help: "Rows to compare with.")
        },
      outputs: [
        Port("report", .report, help: "report.json and report.md."),
        Port(
          "card", .files,
          help: "card.md for a README.md on the Hub, croissant.json for beside the records."),
      ])
  }

  package init() {}

  package func run(_ parameters: Parameters, in context: StageContext) throws -> StageOutcome {
    let tokens =
      context.optionalInput("model") == nil ? nil : try Tokens.tokens(of: "model", context)
    try DataReportRun(parameters, tokens, context).run()
    return .succeeded
  }
}
