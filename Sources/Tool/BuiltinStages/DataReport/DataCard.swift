internal import Curation
internal import Documents
private import Foundation
internal import Records
internal import StageKit

/// A data set card in the form of the Hugging Face Hub: YAML between two lines of dashes, then
/// Markdown.
struct DataCard {
  private let facts: DataFacts
  private let manifest: RecordsManifest

  init(_ facts: DataFacts, _ manifest: RecordsManifest) {
    self.facts = facts
    self.manifest = manifest
  }

  /// The Hub's names of sizes.
  static func sizeCategory(_ rows: Int) -> String {
    let steps = [
      (1000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"),
      (10_000_000, "1M<n<10M"), (100_000_000, "10M<n<100M"), (1_000_000_000, "100M<n<1B"),
    ]
    return steps.first { rows < $0.0 }?.1 ?? "n>1B"
  }

  /// Codes of the card: those given, or those of at least 1 % of the rows.
  static func languages(_ facts: DataFacts) -> [String] {
    if !facts.parameters.languages.isEmpty { return facts.parameters.languages }
    return facts.languages.filter { 100 * $0.sums.rows >= facts.profile.rows }.map(\.code)
  }

  var markdown: String {
    let parameters = facts.parameters
    var lines = ["---", "pretty_name: \(Self.quoted(parameters.title))"]
    lines.append("license: \(Self.quoted(parameters.license))")
    lines += Self.list("language", Self.languages(facts))
    lines += Self.list("size_categories", [Self.sizeCategory(facts.profile.rows)])
    lines += Self.list("task_categories", parameters.tasks)
    lines += [
      "configs:", "- config_name: default", "  data_files:", "  - split: train",
      "    path: chunks/*.jsonl", "---", "", "# \(Self.line(parameters.title))", "",
    ]
    if !parameters.text.isEmpty { lines += [parameters.text, ""] }
    lines += [
      "\(Figures.grouped(facts.profile.rows)) rows in \(manifest.chunks.count) files of JSON lines, "
        + "listed with their SHA-256 in `records.json`.", "", "## Columns", "",
      "| column | rows | holds |", "|:---|---:|:---|",
    ]
    lines += Self.contents(facts.profile).map { name, text in "| `\(name)` | | \(text) |" }
    lines += DataColumns(facts.profile).list.map {
      "| `fields.\(ReportFolder.cell(Self.line($0.name)))` | \(Figures.grouped($0.rows)) | \($0.holds) |"
    }
    // Headings of the report become parts of the card.
    let report = DataPage(facts).lines.dropFirst(2)
    return
      (lines + ["", "## Report", ""]
      + report.map { $0.hasPrefix("## ") ? "#" + $0 : $0 }).joined(separator: "\n") + "\n"
  }

  /// What rows hold beside their columns.
  static func contents(_ profile: DataProfile) -> [(name: String, text: String)] {
    var out = [
      ("id", "the row's identity: a hash of what it holds"), ("type", "the kind of row"),
    ]
    let types = Set(profile.types.sorted.map { String(decoding: $0.name, as: UTF8.self) })
    let members: [(String, String, [String])] = [
      ("text", "a text", ["text"]),
      ("messages", "turns of `role` and `content`", ["conversation"]),
      ("prompt", "what is asked", ["completion", "preference", "unpaired"]),
      ("completion", "the answer", ["completion", "unpaired"]),
      ("chosen", "the better answer", ["preference"]),
      ("rejected", "the worse answer", ["preference"]),
      ("label", "whether the answer is wanted", ["unpaired"]),
      ("input_ids", "token ids", ["tokens"]),
      ("labels", "trained token ids, -100 elsewhere", ["tokens"]),
    ]
    out += members.filter { !types.isDisjoint(with: $0.2) }.map { ($0.0, $0.1) }
    return out
  }

  private static func list(_ key: String, _ items: [String]) -> [String] {
    items.isEmpty ? [] : ["\(key):"] + items.map { "- \(quoted($0))" }
  }

  /// A YAML scalar that is a text whatever it looks like: JSON strings are YAML.
  private static func quoted(_ text: String) -> String {
    let isPlain =
      text.utf8.allSatisfy {
        (97...122).contains($0) || (48...57).contains($0) || [45, 46].contains($0)
      }
      && text.utf8.first.map { (97...122).contains($0) } == true
      && !["no", "yes", "on", "off", "true", "false", "null", "y", "n"].contains(text)
    return isPlain ? text : JSONWriter.compact(.string(text))
  }

  private static func line(_ text: String) -> String {
    text.replacingOccurrences(of: "\n", with: " ").replacingOccurrences(of: "\r", with: " ")
  }
}

/// The user's columns with what they hold.
struct DataColumns {
  struct Column {
    var name: String
    var rows: Int
    var holds: String
    /// schema.org's name of the type.
    var type: String
  }

  /// In order of name.
  let list: [Column]

  init(_ profile: DataProfile) {
    list = zip(profile.columnNames.names, profile.columns).map { name, column in
      let (holds, type) = Self.kind(column.kinds)
      return Column(name: TagText.text(name), rows: column.rows, holds: holds, type: type)
    }.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  private static func kind(_ kinds: DataProfile.Kinds) -> (String, String) {
    switch kinds {
    case [.text]: ("text", "sc:Text")
    case [.number]: ("whole numbers", "sc:Integer")
    case [.number, .fraction]: ("numbers", "sc:Float")
    case [.flag]: ("true or false", "sc:Boolean")
    case []: ("nothing", "sc:Text")
    default: ("JSON", "sc:Text")
    }
  }
}
