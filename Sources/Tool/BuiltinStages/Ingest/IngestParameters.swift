internal import Diagnostics
internal import Records
package import StageKit

package struct IngestParameters: StageParameters {
  enum OnBadRow: String, CaseIterable { case fail, quarantine }

  let sources: [IngestSource]
  let onBadRow: OnBadRow
  /// Raw rows taken of each source, at most.
  let maxRows: Int?

  package init(_ read: inout ParameterReader) {
    sources = read.list("sources", help: "Where rows come from, in this order.") {
      IngestSource(&$0)
    }
    onBadRow = read.choice(
      "on_bad_row", default: OnBadRow.fail,
      help: "fail: stop after naming every bad row; quarantine: set bad rows aside and go on.")
    maxRows = read.optionalInteger(
      "max_rows", in: 1...Int.max, smoke: .rows,
      help: "Rows taken from the start of each source, for a quick trial; all when it is left out.")
    if sources.isEmpty { read.problem("sources", "no source is given") }
  }

  /// Of every source, when one says anything.
  var licenses: [LicenseNote] {
    sources.allSatisfy { $0.license == nil } ? [] : allLicenses
  }

  /// The same, also where no source says any.
  var allLicenses: [LicenseNote] {
    sources.map { LicenseNote($0.files.pattern ?? "", license: $0.license) }
  }
}

/// One entry of `sources`.
struct IngestSource: Sendable {
  let files: FilePattern
  let shape: RowShape
  let columns: ColumnNames
  let delimiter: UInt8?
  let maxRows: Int?
  let license: String?
  private let textBy: TextUnit
  private let format: SourceFormat

  init(_ read: inout ParameterReader) {
    files = read.files(
      "path", foldersWith: SourceFormat.knownEndings,
      help:
        "A file, a glob or a folder, relative to the pipeline file; of a folder, all files below it whose ending is known."
    )
    shape = read.choice(
      "type", default: RowShape.auto,
      help: "What a row is; auto tells it by the columns of the first row that fits one.")
    format = read.choice(
      "format", default: SourceFormat.auto,
      help: "How the file is cut into rows; auto: by its ending, .gz and .zst left aside.")
    textBy = read.choice(
      "text_by", default: TextUnit.auto,
      help:
        "Plain text and Markdown: a row a line, a file, or a section from heading to heading; auto: a line of text, a file of Markdown."
    )
    maxRows = read.optionalInteger(
      "max_rows", in: 1...Int.max, help: "Rows taken from the start of this source.")
    license = read.optionalString(
      "license",
      help:
        "The licence of these rows, as the Hub writes it (cc-by-4.0, …): it goes with them into "
        + "the model's card and the registry.")
    delimiter = Self.delimiter(&read)
    columns = Self.columns(&read)
  }

  /// The format of a file, or nil when its name does not tell.
  func format(of name: String) -> SourceFormat? {
    format == .auto ? SourceFormat.byEnding(of: name) : format
  }

  /// Opens a file.
  ///
  /// - Parameter isDigested: whether the reader works out the digest of the file.
  func reader(_ file: InputFile, _ format: SourceFormat, isDigested: Bool) throws
    -> any RawRowReader
  {
    let packing = SourcePacking.byEnding(of: file.name).packing
    if format == .parquet {
      return try ParquetReader(file.path, file: file.name, isDigested: isDigested)
    }
    return try SourceReader(
      file.path, file: file.name, format: format, packing: packing, delimiter: delimiter,
      textBy: textBy, isDigested: isDigested)
  }

  /// What the first bytes of a file say against it.
  func problem(of file: InputFile, _ format: SourceFormat) -> Diagnostic? {
    do {
      return try SourceSniffer.problem(
        ofFile: file.path, format: format, packing: SourcePacking.byEnding(of: file.name).packing,
        file: file.name)
    } catch {
      return (error as? Failure)?.diagnostics.first
    }
  }

  static func unknownFormat(_ name: String) -> Diagnostic {
    Diagnostic(
      "source.unknown-format",
      "the ending of '\(SafeText.escaped(name))' is none of jsonl, ndjson, json, csv, tsv, txt, md, parquet (and .gz or .zst of them)",
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
