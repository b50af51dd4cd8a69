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
    if case .gather(let runParts) = context.shard { try runParts() }
    if context.shard.isPart { return try runPart() }
    let reader = try RecordsReader(context.input("records").tree)
    let profile = try self.profile("records", reader)
    var others: [(name: String, profile: DataProfile)] = []
    for name in parameters.compare {
      if let input = context.optionalInput(name) {
        others.append((name, try self.profile(name, try RecordsReader(input.tree))))
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

  /// Counts the chunks that are this process's part; the whole report reads what was kept of them.
  private func runPart() throws {
    for port in ["records"] + parameters.compare {
      guard let input = context.optionalInput(port) else { continue }
      let reader = try RecordsReader(input.tree)
      let mine = (0..<reader.chunkCount).filter { context.shard.does($0) }
      try kept(port, reader).make(mine, reader, settings, context.pool) {
        try context.checkCancelled()
      }
    }
  }

  private func profile(_ port: String, _ reader: RecordsReader) throws -> DataProfile {
    let profile = try DataProfile(
      reader, settings, context.pool, kept: kept(port, reader)
    ) { rows in
      try context.checkCancelled()
      context.progress(rows, of: reader.rowCount, "rows read")
    }
    try context.chunkResults(of: port, for: "profile").trim(
      to: reader.manifest.chunks.map(\.digest))
    return profile
  }

  private func kept(_ port: String, _ reader: RecordsReader) -> KeptProfiles {
    let results = context.chunkResults(of: port, for: "profile")
    let chunks = reader.manifest.chunks
    var kept = KeptProfiles()
    kept.find = { try results.find(chunks[$0].digest)?.summary }
    kept.keep = { _ = try results.keep(chunks[$0].digest, summary: $1, files: []) }
    return kept
  }
}
