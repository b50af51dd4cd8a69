internal import Curation
internal import Diagnostics
internal import Documents
internal import Records
internal import StageKit

/// Reads everything a data report tells of, and writes it.
struct DataReportRun {
  let parameters: DataReportParameters
  let context: StageContext
  private let settings: DataProfile.Settings

  init(
    _ parameters: DataReportParameters, _ tokens: (any RowTokens)?, _ context: StageContext
  ) {
    self.parameters = parameters
    self.context = context
    settings = DataProfile.Settings(
      labels: parameters.labels, language: parameters.languageColumn,
      identify: { LanguageIdentifier.shared.identify($0) }, tokens: tokens)
  }

  func run() throws {
    let reader = try RecordsReader(context.input("records").tree)
    let profile = try self.profile(reader)
    var others: [(name: String, profile: DataProfile)] = []
    for name in parameters.compare {
      if let input = context.optionalInput(name) {
        others.append((name, try self.profile(try RecordsReader(input.tree))))
      }
    }
    var funnel: [FunnelStep] = []
    for name in parameters.reports {
      if let input = context.optionalInput(name) {
        funnel.append(try FunnelStep(name, input.tree))
      }
    }
    let facts = DataFacts(parameters, profile, funnel, others)
    try ReportFolder.write(facts.json, DataPage(facts).lines, to: context.output("report"))
    let card = DataCard(facts, reader.manifest)
    let folder = context.output("card")
    try OutputFile.write(Array(card.markdown.utf8), to: folder + "/card.md")
    try OutputFile.write(
      Array(JSONWriter.pretty(Croissant(facts, reader.manifest).json).utf8),
      to: folder + "/croissant.json")
    context.count("rows_in", profile.rows)
    for advice in facts.warnings {
      context.warn(Diagnostic("data.advice", advice, severity: .warning))
    }
  }

  private func profile(_ reader: RecordsReader) throws -> DataProfile {
    try DataProfile(reader, settings, context.pool) { rows in
      try context.checkCancelled()
      context.progress(rows, of: reader.rowCount, "rows read")
    }
  }
}
