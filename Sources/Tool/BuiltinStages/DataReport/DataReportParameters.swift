internal import Diagnostics
package import StageKit

package struct DataReportParameters: StageParameters {
  /// What the rows are for: how many are usual.
  enum Task: String, CaseIterable {
    case any, style, classification, domain
    case newTask = "new_task"
    case reasoning
    case multiTurn = "multi_turn"
    case preference
    case multiTask = "multi_task"

    /// Rows that the field's guides name for it (mission D19).
    var rows: ClosedRange<Int>? {
      switch self {
      case .any: nil
      case .style: 500...2000
      case .classification: 2000...10_000
      case .domain: 2000...5000
      case .newTask: 5000...50_000
      case .reasoning: 50_000...500_000
      case .multiTurn: 10_000...50_000
      case .preference: 1000...10_000
      case .multiTask: 500...1_000_000_000
      }
    }
  }

  let reports: [String]
  let compare: [String]
  let labels: [String]
  let languageColumn: String
  let task: Task
  let sequenceLength: Int?
  let title: String
  let text: String
  let license: String
  let languages: [String]
  let tasks: [String]
  let url: String

  package init(_ read: inout ParameterReader) {
    reports = read.strings(
      "reports", default: [],
      help: "Inputs of reports of earlier stages, in their order, for the funnel: [scrub, dedup].")
    compare = read.strings(
      "compare", default: [],
      help: "Inputs of other rows whose lengths and labels are compared: [validation, test].")
    labels = read.strings("labels", default: ["label"], help: "Columns whose values are counted.")
    languageColumn = read.string(
      "language_column", default: "language", help: "The column that holds a row's language.")
    task = read.choice("task", default: Task.any, help: "What the rows teach, for advice on size.")
    sequenceLength = read.optionalInteger(
      "sequence_len", in: 1...100_000_000,
      help: "Tokens that a row may have in training: the report says how many have more.")
    title = read.string("title", default: "Dataset", help: "Title of the card.")
    text = read.string("description", default: "", help: "What the rows are, in the card.")
    license = read.string(
      "license", default: "unknown", help: "The license, by its name on the Hugging Face Hub.")
    languages = read.strings(
      "languages", default: [], help: "Language codes of the card; by default those of the rows.")
    tasks = read.strings(
      "task_categories", default: [], help: "Task categories of the card: [text-generation].")
    url = read.string(
      "url", default: "https://example.org/dataset",
      help: "Where the data set is to be found, for its metadata.")
    let names = reports + compare + ["records", "model"]
    if Set(names).count != names.count {
      read.problem("reports", "the names of all inputs must differ, and not be records or model")
    }
  }
}
