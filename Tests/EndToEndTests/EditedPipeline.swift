import Foundation
import Reproducibility
import TestSupport

/// A small pipeline of quick stages that random edits are made of.
struct EditedPipeline {
  let folder: TemporaryFolder
  /// Rows by file below `data`, as numbers that texts are made of.
  var files = ["a": Array(0..<12), "b": Array(12..<20)]
  /// What a stage is called, by what it does.
  var names: [String: String]
  var order = Self.stages
  /// Stages that may be left out.
  var extras: Set<String> = ["extra"]
  var threshold = 0.8
  var seed = 1
  var command = 0
  var bar = 1
  var rates = [1, 2]
  var comment = 0

  private static let stages = [
    "tickets", "unique", "splits", "notes", "mixed", "count", "tail", "score", "gated", "tries",
    "behind", "twin", "extra",
  ]

  init(_ folder: TemporaryFolder) {
    self.folder = folder
    names = Dictionary(uniqueKeysWithValues: Self.stages.map { ($0, $0) })
  }

  // MARK: - Files

  func write() throws {
    let data = try folder.makeFolder("data")
    for name in try FileManager.default.contentsOfDirectory(atPath: data)
    where files[String(name.dropLast(6))] == nil {
      try FileManager.default.removeItem(atPath: data + "/" + name)
    }
    for (name, rows) in files {
      let text = rows.map { "{\"text\": \"\(Self.words($0))\"}\n" }.joined()
      let path = "data/\(name).jsonl"
      if (try? folder.read(path)) != Array(text.utf8) { try folder.write(path, text) }
    }
    try folder.write("notes.jsonl", "{\"text\": \"a note that never changes at all\"}\n")
    try folder.write("parts/part.yaml", "params: { seed: \(seed) }\nstages:\n\(text(["splits"]))")
    try folder.write(
      "pipeline.yaml",
      """
      name: edits
      include: parts/part.yaml
      params: { threshold: \(threshold), rates: \(rates) }
      stages:
      \(text(order.filter { $0 != "splits" && ($0 != "extra" || extras.contains($0)) }))
      """)
  }

  /// Eight words that depend on the number; every tenth number repeats an earlier one's.
  private static func words(_ number: Int) -> String {
    let random = CounterRandom(
      seed: UInt64(number % 10 == 9 ? number - 5 : number), stream: "words")
    return (0..<8).map { "w\(random.integer(UInt64($0), below: 5000))" }.joined(separator: " ")
  }

  private func text(_ stages: [String]) -> String {
    var text = ""
    for stage in stages {
      if comment > 0 { text += "  # comment \(comment)\n" }
      text += "  \(names[stage] ?? stage):\n    " + body(stage) + "\n"
    }
    return text
  }

  private func body(_ stage: String) -> String {
    func name(_ stage: String) -> String { names[stage] ?? stage }
    func shell(_ inputs: String, _ ports: String, _ command: String, _ rest: String = "") -> String
    {
      "uses: shell\n    inputs: { \(inputs) }\n    with:\n      inputs: [\(ports)]\n"
        + "      command: \"\(command)\"\n\(rest)"
    }
    switch stage {
    case "tickets":
      return "uses: ingest\n    with: { sources: [ { path: ./data/*.jsonl, type: completion } ] }"
    case "notes":
      return "uses: ingest\n    with: { sources: [ { path: ./notes.jsonl, type: completion } ] }"
    case "unique":
      return
        "uses: minhash_dedup\n    inputs: { records: \(name("tickets")) }\n    with: { threshold: \"${params.threshold}\", allow_large_removal: true }"
    case "splits":
      return
        "uses: split\n    inputs: { records: \(name("unique")).kept }\n    with: { seed: \"${params.seed}\", test_size: 0.3, validation_size: 0, min_rows: 1 }"
    case "mixed":
      return
        "uses: mix\n    inputs: { own: \(name("splits")).train, notes: \(name("notes")) }\n    with: { sources: { own: 3, notes: 1 }, stop: all_exhausted }"
    case "count":
      // Two commands that make the same.
      return shell(
        "rows: \(name("mixed"))", "rows",
        [
          "cat $INPUT_ROWS/chunks/* | wc -l > $OUTPUT_FILES/n",
          "cat $INPUT_ROWS/chunks/* |  wc -l >$OUTPUT_FILES/n",
        ][
          command])
    case "tail":
      return shell("n: \(name("count"))", "n", "cat $INPUT_N/n $INPUT_N/n > $OUTPUT_FILES/nn")
    case "score":
      return shell(
        "rows: \(name("splits")).test", "rows",
        "echo {'\\\"rows\\\"': $(cat $INPUT_ROWS/chunks/*.jsonl | wc -l)} > $OUTPUT_FILES/scores.json",
        "      outputs: [files]\n      types: { files: scores }\n")
    case "gated":
      return shell(
        "n: \(name("count"))", "n", "cp $INPUT_N/n $OUTPUT_FILES/",
        "    if: \(name("score")).rows > \(bar)\n")
    case "tries":
      return shell(
        "rows: \(name("splits")).test", "rows",
        "echo {'\\\"loss\\\"': $(($(cat $INPUT_ROWS/chunks/*.jsonl | wc -l) % ${matrix.rate}))} > $OUTPUT_FILES/scores.json",
        "      outputs: [files]\n      types: { files: scores }\n"
          + "    strategy: { matrix: { rate: \"${params.rates}\" }, select: { metric: loss, mode: min } }\n"
      )
    case "behind":
      return shell("s: \(name("tries"))", "s", "cp $INPUT_S/scores.json $OUTPUT_FILES/")
    case "twin":
      return shell("n: \(name("count"))", "n", "cat $INPUT_N/n $INPUT_N/n > $OUTPUT_FILES/nn")
    default:
      return shell("rows: \(name("splits")).train", "rows", "ls $INPUT_ROWS > $OUTPUT_FILES/names")
    }
  }

  // MARK: - Edits

  /// Makes a random edit and says which. Draws are counted from `draw`.
  mutating func edit(_ draw: UInt64, _ random: CounterRandom, _ past: [EditedPipeline]) throws
    -> String
  {
    func pick(_ offset: UInt64, _ count: Int) -> Int { random.integer(draw | offset, below: count) }
    let file = files.keys.sorted()[pick(1, files.count)]
    switch pick(0, 15) {
    case 0:
      threshold = [0.8, 0.7, 0.6][pick(2, 3)]
      return "threshold \(threshold)"
    case 1:
      seed = 1 + pick(2, 4)
      return "the included file's seed \(seed)"
    case 2:
      command = pick(2, 2)
      return "command \(command)"
    case 3:
      bar = [0, 1, 3, 100][pick(2, 4)]
      return "bar of a condition \(bar)"
    case 4:
      rates = [[1, 2], [1, 2, 3], [2, 3], [3, 2]][pick(2, 4)]
      return "matrix \(rates)"
    case 5:
      files[file]?.append(100 + pick(2, 400))
      return "a row more in \(file)"
    case 6:
      if (files[file]?.count ?? 0) > 8 { files[file]?.removeLast() }
      return "a row less in \(file)"
    case 7:
      files["n\(pick(2, 5))"] = [9, 14, 19, 500 + pick(3, 3)]
      return "a file more or other"
    case 8:
      if files.count > 2 { files[file] = nil }
      return "a file less: \(file)"
    case 9:
      let path = folder.path + "/data/\(file).jsonl"
      if pick(2, 2) == 0 {
        try FileManager.default.setAttributes([.modificationDate: Date()], ofItemAtPath: path)
        return "touched \(file)"
      }
      try folder.write("data/\(file).jsonl", try folder.read("data/\(file).jsonl"))
      return "the same bytes in \(file)"
    case 10:
      for index in stride(from: order.count - 1, to: 0, by: -1) {
        order.swapAt(index, pick(10 + UInt64(index), index + 1))
      }
      return "another order of stages"
    case 11:
      comment += 1
      return "comments"
    case 12:
      let stage = Self.stages[pick(2, Self.stages.count)]
      names[stage] = names[stage] == stage ? stage + "_2" : stage
      return "rename of \(stage)"
    case 13:
      if extras.isEmpty { extras = ["extra"] } else { extras = [] }
      return "a stage more or less"
    default:
      if pick(2, 3) == 0, let earlier = past.isEmpty ? nil : past[pick(3, past.count)] {
        self = earlier
        return "an earlier state"
      }
      return try loseObject(pick(2, 1000))
    }
  }

  /// Removes a file of the store.
  private func loseObject(_ draw: Int) throws -> String {
    let objects = try BuiltTool.objects(in: folder).keys.sorted()
    guard !objects.isEmpty else { return "no object to lose" }
    let name = objects[draw % objects.count]
    try FileManager.default.removeItem(
      atPath: folder.path + "/.orchestrate/objects/\(name.prefix(2))/\(name)")
    return "loss of object \(name.prefix(12))"
  }
}
