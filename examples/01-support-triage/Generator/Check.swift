import Documents
import Foundation
import Records
import Reproducibility

/// Compares what the pipeline made with what was planted, and prints one line per bar.
struct Check {
  private let planted: JSONValue
  private let results: String

  init(data: String, results: String) throws {
    planted = try Self.json(data + "/planted.json")
    self.results = results
  }

  /// Prints the table; true when every bar is met.
  func run() throws -> Bool {
    var lines = [try malformed(), try personalData(), try clusters()]
    lines += try accuracy()
    lines += try preferences()
    print("check: what the pipeline made of what was planted")
    for line in lines {
      let name = line.name.padding(toLength: 46, withPad: " ", startingAt: 0)
      print("  \(line.met ? "ok  " : "MISS") \(name) \(line.figure)  (bar: \(line.bar))")
    }
    return lines.allSatisfy(\.met)
  }

  private struct Line {
    var name: String
    var figure: String
    var bar: String
    var met: Bool
  }

  private func malformed() throws -> Line {
    let expected = planted["malformed_lines"]?.arrayValue?.compactMap(\.integerValue) ?? []
    let found = try Self.lines(results + "/tickets.quarantine/quarantine.jsonl")
      .compactMap { $0["line"]?.integerValue }
    return Line(
      name: "malformed rows reported with their line",
      figure:
        "\(Set(found).intersection(expected).count) of \(expected.count), \(found.count) in all",
      bar: "all, nothing else", met: found.sorted() == expected.sorted())
  }

  /// A planted string counts as found when the scrubbed ticket no longer holds it.
  private func personalData() throws -> Line {
    var texts: [Int: [String]] = [:]
    for row in try rows("scrubbed") {
      guard let ticket = row.field("ticket")?.integerValue else { continue }
      texts[ticket] = row.content.texts
    }
    var total = 0
    var left: [String: Int] = [:]
    for item in planted["personal"]?.arrayValue ?? [] {
      guard let ticket = item["ticket"]?.integerValue, let text = item["text"]?.stringValue,
        let entity = item["entity"]?.stringValue
      else { continue }
      total += 1
      if texts[ticket]?.contains(where: { $0.contains(text) }) ?? true {
        left[entity, default: 0] += 1
      }
    }
    let missed = left.values.reduce(0, +)
    let recall = total == 0 ? 0 : 1 - Double(missed) / Double(total)
    let kinds = left.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    let note = kinds.isEmpty ? "" : ", left: " + kinds.joined(separator: ", ")
    return Line(
      name: "planted personal data recalled", figure: Self.share(recall) + " of \(total)\(note)",
      bar: "0.98", met: recall >= 0.98)
  }

  /// A planted cluster counts as found when one of its tickets is left.
  private func clusters() throws -> Line {
    let kept = Set(try rows("unique.kept").compactMap { $0.field("ticket")?.integerValue })
    let all = planted["clusters"]?.arrayValue ?? []
    let found = all.count { cluster in
      (cluster.arrayValue ?? []).count { kept.contains($0.integerValue ?? -1) } <= 1
    }
    let recall = all.isEmpty ? 0 : Double(found) / Double(all.count)
    return Line(
      name: "planted duplicate clusters recalled", figure: Self.share(recall) + " of \(all.count)",
      bar: "0.98", met: recall >= 0.98)
  }

  private func accuracy() throws -> [Line] {
    let test = try rows("splits.test")
    let labels = test.compactMap { $0.field("label")?.stringValue }
    let majority = Baselines.majority(try rows("splits.train"), on: labels)
    let keyword = Baselines.keywords(test, labels)
    let scores = try Self.json(results + "/gate.scores/scores.json")
    let tuned = Self.value(scores, "candidate")
    let base = Self.value(scores, "baseline")
    let interval = Self.interval(scores)
    return [
      Line(
        name: "accuracy on \(labels.count) sealed test rows", figure: Self.share(tuned),
        bar: "0.85", met: tuned >= 0.85),
      Line(
        name: "  above the majority class (\(Self.share(majority)))",
        figure: Self.points(tuned - majority), bar: "15 points", met: tuned - majority >= 0.15),
      Line(
        name: "  above a keyword filter (\(Self.share(keyword)))",
        figure: Self.points(tuned - keyword), bar: "15 points", met: tuned - keyword >= 0.15),
      Line(
        name: "  above the base (\(Self.share(base))), 95 % interval",
        figure: "\(Self.points(interval.low)) to \(Self.points(interval.high))",
        bar: "without zero", met: interval.low > 0),
    ]
  }

  private func preferences() throws -> [Line] {
    let scores = try Self.json(results + "/preference_gate.scores/scores.json")
    let before = Self.value(scores, "baseline")
    let after = Self.value(scores, "candidate")
    return [
      Line(
        name: "held-out pairs with the chosen answer likelier",
        figure:
          "\(Self.share(before)) before dpo, \(Self.share(after)) after",
        bar: "10 points up from at most 0.85", met: before <= 0.85 && after - before >= 0.10)
    ]
  }

  // MARK: - Reading

  private func rows(_ artifact: String) throws -> [Row] {
    try RecordsReader(FileTree(folder: results + "/" + artifact)).rows()
  }

  private static func json(_ path: String) throws -> JSONValue {
    try JSONReader.parse(Array(Data(contentsOf: URL(fileURLWithPath: path))), file: path)
  }

  private static func lines(_ path: String) throws -> [JSONValue] {
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    return try bytes.split(separator: 0x0A).map { try JSONReader.parse(Array($0), file: path) }
  }

  /// The first task's metric of one side.
  private static func value(_ scores: JSONValue, _ side: String) -> Double {
    scores["scores"]?.arrayValue?.first?[side]?["value"]?.doubleValue ?? .nan
  }

  private static func interval(_ scores: JSONValue) -> (low: Double, high: Double) {
    let gain = scores["scores"]?.arrayValue?.first?["gain"]
    return (gain?["lower"]?.doubleValue ?? .nan, gain?["upper"]?.doubleValue ?? .nan)
  }

  private static func share(_ value: Double) -> String {
    value.isNaN ? "nothing" : String(format: "%.3f", value)
  }

  private static func points(_ value: Double) -> String {
    value.isNaN ? "nothing" : String(format: "%+.1f points", value * 100)
  }
}
