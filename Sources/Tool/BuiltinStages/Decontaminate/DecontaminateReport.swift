internal import Curation
internal import Documents
private import Foundation
internal import Records
internal import StageKit

/// Both directions: rows that hold items, and items found in rows. Numbers of items alone.
struct DecontaminateReport {
  let evaluation: [ContaminationSet]
  let index: ContaminationIndex
  /// Windows left out because unrelated rows say them.
  let common: Int
  let result: MapRun.Result
  let parameters: DecontaminateParameters

  func write(_ context: StageContext) throws {
    let folder = context.output("report")
    let rowsOf = try rowsByItem(folder + "/" + DecontaminateMap.hits)
    let items = try OutputFile(folder + "/items.jsonl")
    for (set, counts) in zip(evaluation, rowsOf) {
      for item in counts.keys.sorted() {
        let line = JSONValue.object([
          "set": .string(set.name), "item": .integer(Int64(item)),
          "rows": .integer(Int64(counts[item] ?? 0)),
        ])
        try items.append(JSONWriter.compact(line) + "\n")
      }
    }
    try items.finish()
    let sets: [JSONValue] = zip(evaluation, rowsOf).map { set, counts in
      .object([
        "name": .string(set.name), "items": .integer(Int64(set.items.count)),
        "items_found": .integer(Int64(counts.count)),
        "rows": .integer(Int64(result.counts[set.name] ?? 0)),
        "words": sizes(set),
      ])
    }
    try FilterReport(
      title: "Decontamination", result: result,
      facts: [
        JSONMember("sets", .array(sets)), JSONMember("share", .number(parameters.share)),
        JSONMember("ngram_words", .integer(Int64(parameters.words))),
        JSONMember("ngram_words_min", .integer(Int64(parameters.wordsMin))),
        JSONMember("normalisation", .string(NormalWords.normalisation)),
        JSONMember("common_ngrams", .integer(Int64(common))),
        JSONMember("ngrams_left_out", .integer(Int64(index.ignored))),
      ],
      notes: [
        "A row holds an item when at least \(parameters.share) of the item's windows of "
          + "\(parameters.words) words are in it; items of fewer words are cut into windows of "
          + "\(parameters.wordsMin), still shorter ones must be the whole of a text.",
        "Compared: \(NormalWords.normalisation).",
        "\(index.ignored) windows are left out: many items or many unrelated rows have them.",
        "", "| set | items | items found | rows |", "|---|---:|---:|---:|",
      ]
        + zip(evaluation, rowsOf).map { set, counts in
          "| \(ReportFolder.cell(set.name)) | \(set.items.count) | \(counts.count) "
            + "| \(result.counts[set.name] ?? 0) |"
        }
    ).write(context)
    context.count("items_found", rowsOf.reduce(0) { $0 + $1.count })
  }

  /// How items are compared: long, short, whole.
  private func sizes(_ set: ContaminationSet) -> JSONValue {
    let long = set.items.count { $0.count >= parameters.words }
    let short = set.items.count { $0.count >= parameters.wordsMin && $0.count < parameters.words }
    return .object([
      "long": .integer(Int64(long)), "short": .integer(Int64(short)),
      "whole": .integer(Int64(set.items.count - long - short)),
    ])
  }

  /// For each set: item → rows.
  private func rowsByItem(_ path: String) throws -> [[Int: Int]] {
    var rows = [[Int: Int]](repeating: [:], count: evaluation.count)
    guard FileManager.default.fileExists(atPath: path) else { return rows }
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      let hit = try JSONReader.parse(Array(line), file: DecontaminateMap.hits)
      guard let set = index.sets.firstIndex(of: hit["set"]?.stringValue ?? ""),
        let item = hit["item"]?.integerValue
      else { continue }
      rows[set][item, default: 0] += 1
    }
    return rows
  }
}
