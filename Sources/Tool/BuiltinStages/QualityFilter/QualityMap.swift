internal import Curation
internal import Documents
internal import Records
internal import Reproducibility
internal import Tokenization

/// Asks the rules of a ``QualityFilter`` of each row; the first that refuses drops it.
struct QualityMap: RowMap {
  let parameters: QualityFilterParameters
  private let rules: [QualityRule]
  private let wanted: TextMeter.Wanted

  /// The column of recorded signals.
  static let column = "quality_signals"
  private static let mark = Array("\"\(column)\":{".utf8)

  init(_ parameters: QualityFilterParameters) {
    self.parameters = parameters
    rules = parameters.ruleSets.flatMap(\.rules)
    let recordsAll = parameters.recordsSignals || parameters.writesSignals
    wanted =
      recordsAll
      ? [.grams, .distinct, .lines] : rules.reduce(into: []) { $0.formUnion($1.signal.wanted) }
  }

  func map(_ rows: [StoredRow], into chunk: inout MappedChunk) throws {
    let meter = TextMeter()
    var scratch = TextScratch()
    for row in rows {
      if let instruction = parameters.instruction,
        let refusal = instruction.refusal(try row.row(), meter)
      {
        var detail: [JSONMember] = []
        if let value = refusal.value { detail.append(JSONMember("value", .number(value))) }
        if let bound = refusal.threshold { detail.append(JSONMember("threshold", .number(bound))) }
        chunk.drop(row, rule: refusal.rule, detail: detail.isEmpty ? nil : .object(detail))
        continue
      }
      if parameters.answerJSON, !(try Self.answersAreJSON(row)) {
        chunk.drop(row, rule: "format.answer_json")
        continue
      }
      try decide(row, meter, &scratch, &chunk)
    }
  }

  private func decide(
    _ row: StoredRow, _ meter: TextMeter, _ scratch: inout TextScratch,
    _ chunk: inout MappedChunk
  ) throws {
    var values: SignalValues?
    var generic: (rule: String, detail: JSONValue?)?
    var hasText = false
    try parameters.field.withText(of: row, &scratch) { text in
      hasText = !text.isEmpty
      generic = self.generic(text)
      if generic != nil || !hasText || (rules.isEmpty && wanted.isEmpty) { return }
      values = try recorded(row, text) ?? SignalValues(meter.measure(text, wanted))
    }
    if let generic { return chunk.drop(row, rule: generic.rule, detail: generic.detail) }
    guard let values else {
      // A row without such a text is not judged by it.
      if !hasText { chunk.count("rows_without_field") }
      return chunk.keep(row)
    }
    let verdict = QualityVerdict(rules, values.value)
    for refusal in verdict.refusals { chunk.count("refused.\(refusal.rule.name)") }
    if parameters.writesSignals {
      chunk.append(
        .object([JSONMember("row", .string(row.id.description))] + values.json), to: "signals.jsonl"
      )
    }
    if let first = verdict.refusals.first {
      chunk.drop(
        row, rule: first.rule.name,
        detail: .object([
          "value": .number(first.value), "threshold": .number(first.rule.threshold),
          "refused_by": .integer(Int64(verdict.refusals.count)),
        ]))
      return
    }
    try pass(row, values, meter, &chunk)
  }

  private func pass(
    _ row: StoredRow, _ values: SignalValues, _ meter: TextMeter, _ chunk: inout MappedChunk
  ) throws {
    let removes = parameters.removesLines && parameters.ruleSets.contains { $0.name == "c4" }
    guard removes || parameters.recordsSignals else { return chunk.keep(row) }
    var whole = try row.row()
    if removes {
      whole.content = parameters.field.mapTexts(of: whole.content) { text in
        var text = text
        return text.withUTF8 { String(decoding: meter.lines($0), as: UTF8.self) }
      }
    }
    if parameters.recordsSignals {
      let members = [
        JSONMember("field", .string(parameters.field.name)),
        JSONMember("of", .string(digest(whole))),
      ]
      whole.fields.removeAll { $0.key == Self.column }
      whole.fields.append(JSONMember(Self.column, .object(members + values.json)))
    }
    chunk.change(
      row, to: EncodedRow(whole.content, whole.fields),
      rule: removes ? "c4.lines" : "quality.signals")
  }

  private func generic(_ text: UnsafeBufferPointer<UInt8>) -> (rule: String, detail: JSONValue?)? {
    func length() -> Int { text.count { $0 & 0xC0 != 0x80 } }
    func bound(_ value: Int, _ limit: Int) -> JSONValue {
      .object(["value": .integer(Int64(value)), "threshold": .integer(Int64(limit))])
    }
    if let least = parameters.minCharacters, length() < least {
      return ("length.min_characters", bound(length(), least))
    }
    if let most = parameters.maxCharacters, length() > most {
      return ("length.max_characters", bound(length(), most))
    }
    if let pattern = parameters.mustMatch, !pattern.occurs(in: text) {
      return ("format.must_match", nil)
    }
    if let pattern = parameters.mustNotMatch, pattern.occurs(in: text) {
      return ("format.must_not_match", nil)
    }
    return nil
  }

  private static func answersAreJSON(_ row: StoredRow) throws -> Bool {
    TextChoice.assistant.texts(of: try row.row()).allSatisfy { answer in
      (try? JSONReader.parse(Array(answer.utf8), file: "answer")) != nil
    }
  }

  /// The signals that an earlier stage wrote into the row, when they are of this field and text and
  /// hold every signal the rules ask for.
  private func recorded(_ row: StoredRow, _ text: UnsafeBufferPointer<UInt8>) throws
    -> SignalValues?
  {
    guard row.holds(Self.mark), let column = try row.field(Self.column),
      column["field"]?.stringValue == parameters.field.name,
      column["of"]?.stringValue == Self.digest(of: text)
    else { return nil }
    let values = SignalValues(column)
    return rules.allSatisfy { values.has($0.signal) } ? values : nil
  }

  private func digest(_ row: Row) -> String {
    let joined = Array(parameters.field.texts(of: row).joined(separator: "\n\n").utf8)
    return joined.withUnsafeBufferPointer { Self.digest(of: $0) }
  }

  private static func digest(of text: UnsafeBufferPointer<UInt8>) -> String {
    String(Digest(of: text).hex.prefix(16))
  }
}

/// Signals of one text, measured or read.
private struct SignalValues {
  private var values: [QualitySignal: Double] = [:]
  private var measures: TextMeasures?

  init(_ measures: TextMeasures) { self.measures = measures }

  init(_ column: JSONValue) {
    for signal in QualitySignal.allCases {
      if let value = column[signal.rawValue]?.doubleValue { values[signal] = value }
    }
  }

  func has(_ signal: QualitySignal) -> Bool { measures != nil || values[signal] != nil }
  func value(_ signal: QualitySignal) -> Double { measures?.value(signal) ?? values[signal] ?? 0 }

  /// Shares exactly: what is compared later is what would be measured.
  var json: [JSONMember] {
    QualitySignal.allCases.map { signal in
      let value = value(signal)
      return JSONMember(signal.rawValue, signal.isCount ? .integer(Int64(value)) : .number(value))
    }
  }
}
