internal import Curation
internal import Diagnostics
internal import Documents
private import Foundation
internal import Records
internal import StageKit

/// What people decided on the rows of the sample.
struct ReviewVerdicts {
  enum Verdict: String, CaseIterable, Comparable {
    case accept, edit, reject
    static func < (a: Verdict, b: Verdict) -> Bool {
      (allCases.firstIndex(of: a) ?? 0) < (allCases.firstIndex(of: b) ?? 0)
    }
  }

  enum Decision {
    case accept
    case edit(EncodedRow)
    case reject
  }

  private struct Judgement {
    var verdict: Verdict
    var edited: EncodedRow?
  }

  /// Of several reviewers the strictest verdict counts; of two edits that of the first by name.
  private(set) var decisions: [RowID: Decision] = [:]
  /// Judgements by verdict.
  private(set) var counts: [Verdict: Int] = [:]
  /// Rows by the verdict that counts.
  private(set) var rowCounts: [Verdict: Int] = [:]
  /// Rows that two reviewers judge differently.
  private(set) var disputed = 0
  /// For every two reviewers, by name, with rows in common.
  private(set) var agreements: [(first: String, second: String, rows: Int, kappa: Double)] = []
  private(set) var reviewers: [(name: String, rows: Int)] = []

  init(_ files: [InputFile], sample: ReviewSample) throws {
    var judged: [RowID: [String: Judgement]] = [:]
    var problems: [Diagnostic] = []
    for file in files {
      for (line, json) in try Self.lines(file) {
        do throws(Wrong) {
          try Self.read(json, file, sample, &judged)
        } catch {
          problems.append(
            Diagnostic(
              "review.verdict", error.what, at: SourceSpan(file: file.name, line: line),
              fix: error.fix))
        }
      }
    }
    if !problems.isEmpty { throw Failure(problems, .badInput) }
    settle(judged)
  }

  private struct Wrong: Error {
    var what: String
    var fix: String?
  }

  private static func read(
    _ json: JSONValue, _ file: InputFile, _ sample: ReviewSample,
    _ judged: inout [RowID: [String: Judgement]]
  ) throws(Wrong) {
    let word = json["verdict"]?.stringValue?.trimmingCharacters(in: .whitespaces) ?? ""
    if word.isEmpty { return }
    guard let id = json["row"]?.stringValue.flatMap({ RowID($0) }) else {
      throw Wrong(what: "no 'row' with the id of a row", fix: "keep the column 'row' as it was")
    }
    guard sample.ids.contains(id) else {
      throw Wrong(
        what: "row \(id) is not in the sample",
        fix: "the records or the seed have changed since; fetch the sample again")
    }
    guard let verdict = Verdict(rawValue: word.lowercased()) else {
      throw Wrong(
        what: "the verdict on row \(id) is none of accept, reject, edit",
        fix: NearestName.suggestion(for: word, among: Verdict.allCases.map(\.rawValue))
          .map { "did you mean '\($0)'?" })
    }
    var edited: EncodedRow?
    if verdict == .edit {
      let members = (json.objectValue ?? []).filter {
        !["row", "verdict", "reviewer", "note"].contains($0.key)
      }
      guard
        let row = try? RowCodec.row(
          .object([JSONMember("id", .string(id.description))] + members), file: file.name, line: 1)
      else {
        throw Wrong(
          what: "the edited row \(id) cannot be read as a row",
          fix: "change texts of review.jsonl in place and keep its members; CSV cannot hold edits")
      }
      edited = EncodedRow(row.content, row.fields)
    }
    let named = json["reviewer"]?.stringValue?.trimmingCharacters(in: .whitespaces) ?? ""
    let reviewer = named.isEmpty ? file.name : named
    judged[id, default: [:]][reviewer] = Judgement(verdict: verdict, edited: edited)
  }

  private mutating func settle(_ judged: [RowID: [String: Judgement]]) {
    var byReviewer: [String: Int] = [:]
    var pairs: [String: (first: String, second: String, verdicts: [(Verdict, Verdict)])] = [:]
    for (id, judgements) in judged {
      let named = judgements.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      guard let strictest = named.map(\.value.verdict).max() else { continue }
      rowCounts[strictest, default: 0] += 1
      if Set(named.map(\.value.verdict)).count > 1 { disputed += 1 }
      let edited = named.compactMap(\.value.edited).first
      decisions[id] =
        strictest == .reject ? .reject : edited.map { .edit($0) } ?? .accept
      for (index, (name, judgement)) in named.enumerated() {
        byReviewer[name, default: 0] += 1
        counts[judgement.verdict, default: 0] += 1
        for (other, second) in named[(index + 1)...] {
          pairs["\(name)\u{0}\(other)", default: (name, other, [])].verdicts
            .append((judgement.verdict, second.verdict))
        }
      }
    }
    reviewers = byReviewer.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      .map { ($0.key, $0.value) }
    agreements = pairs.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.compactMap {
      item in
      Agreement.kappa(item.value.verdicts).map {
        (item.value.first, item.value.second, item.value.verdicts.count, $0)
      }
    }
  }

  // MARK: - Files

  private static func lines(_ file: InputFile) throws -> [(line: Int, json: JSONValue)] {
    let bytes = try BlockReader.bytes(of: file.path)
    if file.name.lowercased().hasSuffix(".csv") { return try csv(bytes, file) }
    var lines: [(Int, JSONValue)] = []
    for (index, line) in bytes.split(
      separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false
    )
    .enumerated() where line.contains(where: { $0 > 32 }) {
      lines.append((index + 1, try JSONReader.parse(Array(line), file: file.name, line: index + 1)))
    }
    return lines
  }

  private static func csv(_ bytes: [UInt8], _ file: InputFile) throws -> [(Int, JSONValue)] {
    var records: [(line: Int, bytes: [UInt8])] = []
    var record: [UInt8] = []
    var (line, start, isQuoted) = (1, 1, false)
    for byte in bytes + [UInt8(ascii: "\n")] {
      if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      if byte == UInt8(ascii: "\n") {
        line += 1
        if !isQuoted {
          if record.contains(where: { $0 > 32 }) { records.append((start, record)) }
          record = []
          start = line
          continue
        }
      }
      record.append(byte)
    }
    guard let header = records.first else { return [] }
    func problem(_ problem: RowProblem, _ line: Int) -> Failure {
      Diagnostic(
        problem.code, problem.message, at: SourceSpan(file: file.name, line: line), fix: problem.fix
      ).failure(.badInput)
    }
    let reader: CSVRecord
    do {
      reader = try header.bytes.withUnsafeBufferPointer {
        try CSVRecord(header: $0, delimiter: UInt8(ascii: ","))
      }
    } catch let found as RowProblem {
      throw problem(found, 1)
    }
    return try records.dropFirst().map { record in
      do {
        return (record.line, try record.bytes.withUnsafeBufferPointer { try reader.object($0) })
      } catch let found as RowProblem {
        throw problem(found, record.line)
      }
    }
  }
}
