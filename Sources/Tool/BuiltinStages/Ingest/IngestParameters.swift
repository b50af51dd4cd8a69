internal import Diagnostics
internal import Records
package import StageKit

package struct IngestParameters: StageParameters {
  enum OnBadRow: String, CaseIterable { case fail, quarantine }

  let sources: [IngestSource]
  let onBadRow: OnBadRow

  package init(_ read: inout ParameterReader) {
    sources = read.list("sources", help: "Where rows come from, in this order.") {
      IngestSource(&$0)
    }
    onBadRow = read.choice(
      "on_bad_row", default: OnBadRow.fail,
      help: "fail: stop after naming every bad row; quarantine: set bad rows aside and go on.")
    if sources.isEmpty { read.problem("sources", "no source is given") }
  }
}

/// One entry of `sources`.
struct IngestSource: Sendable {
  enum TextBy: String, CaseIterable { case line, file }

  let files: FilePattern
  let shape: RowShape
  let columns: ColumnNames
  let delimiter: UInt8?
  let textBy: TextBy
  private let format: SourceFormat

  init(_ read: inout ParameterReader) {
    files = read.files("path", help: "A file or a glob, relative to the pipeline file.")
    shape = read.choice(
      "type", default: RowShape.auto,
      help: "What a row is; auto tells it by the columns of the first row that fits one.")
    format = read.choice(
      "format", default: SourceFormat.auto,
      help: "How the file is cut into rows; auto: by its ending.")
    textBy = read.choice(
      "text_by", default: TextBy.line, help: "Plain text: a row a line, or a row a file.")
    delimiter = Self.delimiter(&read)
    columns = Self.columns(&read)
  }

  /// The format of a file, or nil when its name does not tell.
  func format(of name: String) -> SourceFormat? {
    format == .auto ? SourceFormat.byEnding(of: name) : format
  }

  static func unknownFormat(_ name: String) -> Diagnostic {
    Diagnostic(
      "source.unknown-format",
      "the ending of '\(SafeText.escaped(name))' is none of jsonl, ndjson, json, csv, tsv, txt, md",
      at: SourceSpan(file: name, line: 1), fix: "set 'format:' of the source")
  }

  private static func delimiter(_ read: inout ParameterReader) -> UInt8? {
    guard
      let text = read.optionalString(
        "delimiter", help: "CSV: what stands between fields; a comma, and a tab for TSV.")
    else { return nil }
    let bytes = Array(text == "\\t" ? "\t".utf8 : text.utf8)
    guard bytes.count == 1, bytes[0] < 0x80, ![0x22, 0x0A, 0x0D].contains(bytes[0]) else {
      read.problem("delimiter", "expected one ASCII character that is no quote and no line end")
      return nil
    }
    return bytes[0]
  }

  private static func columns(_ read: inout ParameterReader) -> ColumnNames {
    var names = ColumnNames()
    for column in ColumnNames.Column.allCases where column.isConfigurable {
      let name = read.optionalString(
        column.rawValue, help: "The column to read as \(column.meaning), where it has another name."
      )
      if let name { names.given[column] = name }
    }
    let properties = read.pairs(
      "message_property_mappings",
      help: "The members of a message: role and content, where they have other names.")
    for (key, name) in properties {
      switch key {
      case "role": names.roleKey = name
      case "content": names.contentKey = name
      default:
        read.problem("message_property_mappings", "'\(key)' is neither role nor content")
      }
    }
    for (name, role) in read.pairs("roles", help: "Names of roles in the data, and what they are.")
    {
      if let known = Message.Role(rawValue: role) {
        names.roles[name] = known
      } else {
        read.problem("roles", "'\(role)' is none of system, user, assistant, tool")
      }
    }
    return names
  }
}

extension ColumnNames.Column {
  /// Whether the pipeline file may name it.
  var isConfigurable: Bool { rawValue.hasPrefix("field") }

  var meaning: String { self == .text ? "text" : String(rawValue.dropFirst("field_".count)) }
}
