import ArgumentParser
import Diagnostics
import Documents
import Foundation
import Parallelism
import Scrubbing

/// `orchestrate pii FILE`: what the scrubber would find in a file.
struct PIICommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pii",
    abstract: "Shows what personal data is in a file, or takes it out.",
    discussion: """
      FILE is JSON lines (.jsonl; every row's 'text', or the column named by --field) or plain \
      text. Without options a table of counts is printed, never a value.

        orchestrate pii tickets.jsonl
        orchestrate pii tickets.jsonl --json      one line per row: id and places found
        orchestrate pii mail.txt --scrub          the text with placeholders
      """)

  @Argument(help: "A .jsonl file or a text file.")
  var file: String

  @Option(help: "The column of a .jsonl row that holds the text.")
  var field = "text"

  @Option(help: "Look for these only (Presidio's names, separated by commas).")
  var entities: String?

  @Option(help: "Drop findings below this score, 0 to 1.")
  var scoreThreshold = 0.4

  @Flag(
    help: "Print one JSON line per row: id and entities with start, end (code points), type, score."
  )
  var json = false

  @Flag(help: "Print the text with every finding replaced by '<ENTITY>'.")
  var scrub = false

  func validate() throws {
    guard (0...1).contains(scoreThreshold) else {
      throw ValidationError("--score-threshold is \(scoreThreshold), expected 0 to 1")
    }
    let known = Entity.known.map(\.name)
    for name in entityNames where !known.contains(name) {
      let nearest = NearestName.suggestion(for: name, among: known)
      throw ValidationError(
        "'\(SafeText.escaped(name))' is no entity; "
          + (nearest.map { "did you mean '\($0)'?" } ?? "known: \(known.joined(separator: ", "))"))
    }
  }

  func run() throws {
    let rows = try PIIInput.rows(of: file, field: field)
    let detector = Detector(
      entities: entities == nil ? Entity.known : entityNames.map { Entity($0) },
      scoreThreshold: scoreThreshold)
    let scrubber = Scrubber(detector: detector, operator: .replace)
    let pool = ThreadPool(threads: ProcessInfo.processInfo.activeProcessorCount)
    let lines = try pool.map(rows) { row in
      let result = scrubber.scrub(row.text)
      let text = json ? Self.line(row, result.detections) : scrub ? result.text : ""
      return (text, result.detections.map(\.entity))
    }
    if json || scrub {
      for (text, _) in lines { print(text) }
    } else {
      printCounts(lines.map(\.1))
    }
  }

  private var entityNames: [String] {
    (entities ?? "").split(separator: ",").map {
      $0.trimmingCharacters(in: .whitespaces)
    }
  }

  private func printCounts(_ rows: [[Entity]]) {
    var counts: [Entity: Int] = [:]
    for entity in rows.joined() { counts[entity, default: 0] += 1 }
    let touched = rows.count { !$0.isEmpty }
    print("\(touched) of \(rows.count) texts hold personal data")
    for (entity, count) in counts.sorted(by: { $0.key < $1.key }) {
      print("  \(entity.name.padding(toLength: 16, withPad: " ", startingAt: 0)) \(count)")
    }
  }

  /// `{"id": …, "entities": [{"start", "end", "type", "score"}]}`; places in Unicode code points.
  private static func line(_ row: PIIInput.Row, _ detections: [Detection]) -> String {
    let utf8 = Array(row.text.utf8)
    var position = 0
    var scalars = 0
    func scalarOffset(_ offset: Int) -> Int {
      while position < offset {
        if utf8[position] & 0xC0 != 0x80 { scalars += 1 }
        position += 1
      }
      return scalars
    }
    let entities = detections.map { detection in
      JSONValue.object([
        "start": .integer(Int64(scalarOffset(detection.range.lowerBound))),
        "end": .integer(Int64(scalarOffset(detection.range.upperBound))),
        "type": .string(detection.entity.name), "score": .number(detection.score),
      ])
    }
    return JSONWriter.compact(.object(["id": row.id, "entities": .array(entities)]))
  }
}

/// The texts of a file, whole or by row.
private enum PIIInput {
  struct Row: Sendable {
    var id: JSONValue
    var text: String
  }

  static func rows(of file: String, field: String) throws -> [Row] {
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: file), options: .mappedIfSafe)
    } catch {
      throw Diagnostic("io.no-file", "cannot read '\(SafeText.escaped(file, limit: 200))'")
        .failure(.io)
    }
    guard file.hasSuffix(".jsonl") else {
      return [Row(id: .string(file), text: String(decoding: data, as: UTF8.self))]
    }
    var rows: [Row] = []
    var number = 0
    for line in data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      number += 1
      if line.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) { continue }
      let json = try JSONReader.parse(Array(line), file: file, line: number)
      guard let text = json[field]?.stringValue else {
        throw Diagnostic(
          "pii.no-text", "the row has no text in '\(SafeText.escaped(field))'",
          at: SourceSpan(file: file, line: number), fix: "name the column with --field"
        ).failure(.badInput)
      }
      rows.append(Row(id: json["id"] ?? .integer(Int64(number)), text: text))
    }
    return rows
  }
}
