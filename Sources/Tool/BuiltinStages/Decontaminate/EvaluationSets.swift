internal import Curation
internal import Diagnostics
internal import Documents
internal import Records
internal import StageKit

/// The evaluation sets of a ``Decontaminate`` stage, read from files and from the input `test`.
struct EvaluationSets {
  private(set) var sets: [ContaminationSet] = []
  /// The texts of each item by set, for near-duplicates; empty when they are not asked for.
  private(set) var texts: [[[String]]] = []
  private let keepsTexts: Bool

  init(_ parameters: DecontaminateParameters, _ context: StageContext) throws {
    keepsTexts = parameters.nearDuplicate != nil
    for entry in parameters.against {
      begin(entry.name)
      for file in context.files(entry.path.parameter) { try read(file, entry.fields) }
      if sets[sets.count - 1].items.isEmpty {
        throw Diagnostic(
          "decontaminate.empty",
          "the evaluation set '\(SafeText.escaped(entry.name))' has no items",
          fix: "check 'path' and 'fields' of this set"
        ).failure(.badInput)
      }
    }
    if let test = context.optionalInput("test") {
      begin("test")
      try RecordsReader(test.tree).forEach { add($0.content.texts) }
    }
    if sets.isEmpty {
      throw Diagnostic(
        "decontaminate.nothing", "there is no evaluation set to compare with",
        fix: "list files under 'against', or connect the input 'test'"
      ).failure(.badInput)
    }
  }

  private mutating func begin(_ name: String) {
    sets.append(ContaminationSet(name))
    texts.append([])
  }

  private mutating func add(_ item: [String]) {
    sets[sets.count - 1].add(item)
    if keepsTexts { texts[texts.count - 1].append(item) }
  }

  private mutating func read(_ file: InputFile, _ fields: [String]) throws {
    let format = SourceFormat.byEnding(of: file.name) ?? .jsonl
    guard format == .jsonl || format == .json else {
      throw Diagnostic(
        "decontaminate.format", "an evaluation set of this format cannot be read",
        at: SourceSpan(file: file.name, line: 1), fix: "give it as JSON Lines or JSON"
      ).failure(.badInput)
    }
    let reader = try SourceReader(
      file.path, file: file.name, format: format,
      packing: SourcePacking.byEnding(of: file.name).packing, isDigested: false)
    while let batch = try reader.next() {
      for record in batch.records {
        let line = Array(batch.bytes[record.start..<record.end])
        if line.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) { continue }
        let row = try JSONReader.parse(line, file: file.name, line: record.line)
        add(try Self.item(row, fields, file.name, record.line))
      }
    }
  }

  private static func item(_ row: JSONValue, _ fields: [String], _ file: String, _ line: Int)
    throws -> [String]
  {
    func wrong(_ what: String, _ fix: String?) -> Failure {
      Diagnostic("decontaminate.item", what, at: SourceSpan(file: file, line: line), fix: fix)
        .failure(.badInput)
    }
    guard let members = row.objectValue else {
      throw wrong("found \(row.kindName), expected an object of named columns", nil)
    }
    if fields.isEmpty { return members.flatMap { strings($0.value) } }
    return try fields.flatMap { field in
      guard let value = row[field] else {
        let nearest = NearestName.suggestion(for: field, among: members.map(\.key))
        throw wrong(
          "the item has no column '\(SafeText.escaped(field))'",
          nearest.map { "did you mean '\(SafeText.escaped($0))'?" })
      }
      return strings(value)
    }
  }

  private static func strings(_ value: JSONValue) -> [String] {
    switch value {
    case .string(let text): [text]
    case .array(let items): items.flatMap(strings)
    case .object(let members): members.flatMap { strings($0.value) }
    case .null, .bool, .integer, .number: []
    }
  }
}
