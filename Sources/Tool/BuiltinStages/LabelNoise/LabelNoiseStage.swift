internal import Curation
internal import Documents
internal import Parallelism
internal import Records
package import StageKit

/// Finds rows of the same input with different outputs.
package struct LabelNoiseStage: Stage {
  package static let kind: StageKind = "label_noise"
  package static let version = 1
  package static let summary =
    "Finds rows of the same input with different outputs, and labels that look misspelt."

  enum Match: String, CaseIterable { case normalized, exact }

  package struct Parameters: StageParameters {
    let action: LabelNoise.Action
    let labelField: String?
    let match: Match

    package init(_ read: inout ParameterReader) {
      action = read.choice(
        "action", default: LabelNoise.Action.drop_all,
        help: "What becomes of rows of one input with different outputs: all dropped, the most "
          + "frequent or the first output kept, or all kept with the column 'label_noise'.")
      labelField = read.optionalString(
        "label_field", help: "The column that is the output; without it, the last answer is.")
      match = read.choice(
        "match", default: Match.normalized,
        help: "Whether inputs are compared in lower case with white space collapsed, or exactly.")
    }
  }

  package static func ports(for parameters: Parameters) -> Ports {
    Ports(
      inputs: [
        Port("records", .records, help: "Rows to compare with each other."),
        Port(
          "clusters", .clusters, optional: true,
          help: "Clusters of minhash_dedup: inputs of one cluster are taken for the same."),
      ],
      outputs: [
        Port("records", .records, help: "The rows that stay, in order."),
        Port("report", .report, help: "Groups by ids and counts; labels that look misspelt."),
      ])
  }

  package init() {}

  package func run(_ parameters: Parameters, in context: StageContext) throws -> StageOutcome {
    let reader = try RecordsReader(context.input("records").tree)
    let corpus = try LabelNoiseCorpus(reader, parameters, context)
    let result = try corpus.write(reader, parameters, context)
    try LabelNoiseReport(corpus: corpus, result: result, parameters: parameters).write(context)
    return .succeeded
  }
}
