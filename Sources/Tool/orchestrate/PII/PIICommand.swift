import ArgumentParser
import Diagnostics
import Foundation
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
        orchestrate pii mail.txt --scrub          the text, or the rows, with placeholders
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
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: file), options: .alwaysMapped)
    } catch {
      throw Diagnostic("io.no-file", "cannot read '\(SafeText.escaped(file, limit: 200))'")
        .failure(.io)
    }
    let detector = Detector(
      entities: entities == nil ? Entity.standard : entityNames.map { Entity($0) },
      scoreThreshold: scoreThreshold)
    let work = PIIWork(
      file: file, field: field, detector: detector,
      scrubber: Scrubber(detector: detector, operator: .replace),
      output: json ? .spans : scrub ? .scrubbed : .counts)
    let isRows = file.hasSuffix(".jsonl") || file.hasSuffix(".ndjson")
    let total = try data.withUnsafeBytes { raw -> PIIWork.Result in
      let bytes = raw.bindMemory(to: UInt8.self)
      return isRows ? try PIIFile(work).rows(bytes) : try PIIFile(work).text(bytes)
    }
    if !json, !scrub { printCounts(total) }
  }

  private var entityNames: [String] {
    (entities ?? "").split(separator: ",").map {
      $0.trimmingCharacters(in: .whitespaces)
    }
  }

  private func printCounts(_ total: PIIWork.Result) {
    print("\(total.touched) of \(total.rows) texts hold personal data")
    for (entity, count) in total.counts.sorted(by: { $0.key < $1.key }) {
      print("  \(entity.name.padding(toLength: 30, withPad: " ", startingAt: 0)) \(count)")
    }
  }
}
