internal import Curation
internal import Records
package import StageKit

/// Mixes several sources of rows by shares.
package struct Mix<Tokens: ReportTokens>: Stage {
  package static var kind: StageKind { "mix" }
  package static var version: Int { 1 }
  package static var summary: String {
    "Mixes rows of several sources by their shares, evenly from the first row to the last."
  }

  package typealias Parameters = MixParameters

  package static func ports(for parameters: Parameters) -> Ports {
    Ports(
      inputs: parameters.sources.map {
        Port($0.name, .records, help: "Rows of this source.")
      }
        + (parameters.unit == .tokens
          ? [
            Port(
              MixParameters.modelPort, .model,
              help: "Its tokenizer and template measure rows, for 'unit: tokens'.")
          ] : []),
      outputs: [
        Port("records", .records, help: "The mixture."),
        Port("report", .report, help: "What each source gave, by rows and by unit."),
      ])
  }

  package init() {}

  package func run(_ parameters: Parameters, in context: StageContext) throws -> StageOutcome {
    let readers = try parameters.sources.map {
      try RecordsReader(context.input($0.name).tree)
    }
    let tokens =
      parameters.unit == .tokens
      ? try Tokens.tokens(of: MixParameters.modelPort, context) : nil
    var corpus: [MixPlan.Source] = []
    for (source, reader) in zip(parameters.sources, readers) {
      corpus.append(try MixSource.read(reader, ratio: source.ratio, parameters, tokens, context))
    }
    let plan = MixPlan(
      corpus, stop: parameters.stop, rowsMax: parameters.rowsMax, seed: UInt64(parameters.seed))
    let report = MixReport(parameters, corpus, plan)
    try report.check()
    let emitter = try RowEmitter(
      output: context.output("records"), report: context.output("report"))
    var cursors = zip(parameters.sources, zip(readers, plan.rows)).map { source, item in
      MixCursor(item.0, item.1, column: parameters.sourceColumn, name: source.name, context.pool)
    }
    for (index, source) in plan.order.enumerated() {
      if index % 4096 == 0 {
        try context.checkCancelled()
        context.progress(index, of: plan.order.count, "rows written")
      }
      switch try cursors[Int(source)].next() {
      case .same(let row): try emitter.emit(row)
      case .labelled(let row, let was): try emitter.emit(row, was: was, rule: "mix.source")
      }
    }
    try emitter.finish()
    try ReportFolder.write(report.json, report.markdown, to: context.output("report"))
    context.count("rows_in", readers.reduce(0) { $0 + $1.rowCount })
    context.count("rows_out", emitter.rowCount)
    for (source, count) in zip(parameters.sources, report.rows) {
      context.count("rows_out.\(source.name)", count)
    }
    report.warn(context)
    return .succeeded
  }
}
