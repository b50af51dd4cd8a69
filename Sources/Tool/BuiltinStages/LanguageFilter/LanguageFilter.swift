internal import Curation
internal import Diagnostics
internal import Documents
internal import Records
package import StageKit

/// Keeps rows in wanted languages, told by our own identifier.
package struct LanguageFilter: Stage {
  package static let kind: StageKind = "language_filter"
  package static let version = 1
  package static let summary =
    "Keeps rows in the languages wanted, and can write the language down."

  enum OnUnknown: String, CaseIterable { case keep, drop }

  package struct Parameters: StageParameters {
    let languages: [String]
    let minConfidence: Double
    let field: TextChoice
    let onUnknown: OnUnknown
    let record: Bool

    package init(_ read: inout ParameterReader) {
      languages = read.strings(
        "languages", default: [],
        help: "Codes of the languages to keep (BCP 47: en, de, zh, …); none keeps all.")
      minConfidence = read.number(
        "min_confidence", default: 0.5, in: 0...1,
        help: "A language told with less probability is unknown.")
      field = TextChoice(
        read.string(
          "field", default: "all",
          help: "What is looked at: all, assistant, prompt, or a column that holds text."))
      onUnknown = read.choice(
        "on_unknown", default: OnUnknown.keep,
        help: "What becomes of rows whose language cannot be told: too short, or no text.")
      record = read.flag(
        "record", default: false, help: "Write the language into the column 'language'.")
      let known = LanguageIdentifier.shared.codes
      for code in languages where !known.contains(code) {
        read.problem(
          "languages", "'\(SafeText.escaped(code))' is no language this version tells",
          fix: code == "no"
            ? "Norwegian is nb and nn" : "it tells \(known.joined(separator: ", "))")
      }
      if languages.isEmpty, !record {
        read.problem(
          "languages", "nothing to do: no languages to keep and 'record' is off",
          fix: "list the codes to keep, or set 'record: true'")
      }
    }
  }

  package static func ports(for parameters: Parameters) -> Ports {
    Ports(
      inputs: [Port("records", .records, help: "Rows in any language.")],
      outputs: [
        Port("records", .records, help: "Rows in the wanted languages, in order."),
        Port("report", .report, help: "Rows by language, kept and dropped."),
      ])
  }

  package init() {}

  package func run(_ parameters: Parameters, in context: StageContext) throws -> StageOutcome {
    let result = try MapRun(context, input: "records", output: "records", report: "report")
      .run(LanguageMap(parameters: parameters))
    try FilterReport(
      title: "Language filter", result: result,
      facts: [
        JSONMember("field", .string(parameters.field.name)),
        JSONMember("kept_languages", .array(parameters.languages.map { .string($0) })),
        JSONMember("min_confidence", .number(parameters.minConfidence)),
        JSONMember("languages", ReportFolder.counts(result.counts)),
      ],
      notes: ["'\(LanguageIdentifier.unknown)' are rows whose language could not be told."],
      tables: [("language", result.counts)]
    ).write(context)
    return .succeeded
  }
}

/// Tells each row's language and keeps the wanted ones.
private struct LanguageMap: RowMap {
  let parameters: LanguageFilter.Parameters

  func map(_ rows: [StoredRow], into chunk: inout MappedChunk) throws {
    let wanted = Set(parameters.languages)
    var scratch = TextScratch()
    for row in rows {
      var (code, confidence) = try parameters.field.withText(of: row, &scratch) {
        LanguageIdentifier.shared.identify($0)
      }
      if confidence < parameters.minConfidence { code = LanguageIdentifier.unknown }
      chunk.count(code)
      let detail = JSONValue.object([
        "language": .string(code), "confidence": .number((confidence * 1000).rounded() / 1000),
      ])
      if code == LanguageIdentifier.unknown {
        if parameters.onUnknown == .drop {
          chunk.drop(row, rule: "language.unknown", detail: detail)
          continue
        }
      } else if !wanted.isEmpty, !wanted.contains(code) {
        chunk.drop(row, rule: "language.wrong", detail: detail)
        continue
      }
      guard parameters.record else {
        chunk.keep(row)
        continue
      }
      var whole = try row.row()
      whole.fields.removeAll { $0.key == "language" }
      whole.fields.append(JSONMember("language", .string(code)))
      chunk.change(
        row, to: EncodedRow(whole.content, whole.fields), rule: "language.recorded", detail: detail)
    }
  }
}
