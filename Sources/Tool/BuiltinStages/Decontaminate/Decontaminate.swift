internal import Curation
internal import Diagnostics
internal import Documents
internal import Parallelism
internal import Records
package import StageKit

/// Takes out rows that hold items of evaluation sets.
package struct Decontaminate: Stage {
  package static let kind: StageKind = "decontaminate"
  package static let version = 1
  package static let summary =
    "Takes out rows that hold items of evaluation sets; reports both the rows and the items."

  package typealias Parameters = DecontaminateParameters

  package static func ports(for parameters: Parameters) -> Ports {
    Ports(
      inputs: [
        Port("records", .records, help: "Rows to train on."),
        Port(
          "test", .records, optional: true,
          help: "Rows of an evaluation set, such as the sealed test set of split."),
      ],
      outputs: [
        Port("records", .records, help: "Rows that hold no item, in order."),
        Port(
          "report", .report,
          help:
            "Sets, rows taken out, and items.jsonl: each item that was found and in how many rows."),
      ])
  }

  package init() {}

  private static let chunksAtOnce = 16

  package func run(_ parameters: Parameters, in context: StageContext) throws -> StageOutcome {
    let evaluation = try EvaluationSets(parameters, context)
    let reader = try RecordsReader(context.input("records").tree)
    let first = ContaminationIndex(
      evaluation.sets, words: parameters.words, wordsMin: parameters.wordsMin)
    let common = try census(first, reader, parameters, context)
    let index =
      common.isEmpty
      ? first
      : ContaminationIndex(
        evaluation.sets, words: parameters.words, wordsMin: parameters.wordsMin, ignoring: common)
    var near: NearItems?
    if parameters.nearDuplicate != nil {
      var items = NearItems(shingler: Shingler(.words, size: 2))
      for (set, texts) in evaluation.texts.enumerated() {
        for (item, text) in texts.enumerated() { items.add(text, set: set, item: item) }
      }
      near = items
    }
    let result = try MapRun(context, input: "records", output: "records", report: "report")
      .run(DecontaminateMap(index: index, near: near, parameters: parameters))
    try DecontaminateReport(
      evaluation: evaluation.sets, index: index, common: common.count, result: result,
      parameters: parameters
    ).write(context)
    return .succeeded
  }

  /// Windows that many rows say which hold no item.
  private func census(
    _ index: ContaminationIndex, _ reader: RecordsReader, _ parameters: Parameters,
    _ context: StageContext
  ) throws -> Set<UInt64> {
    var census = ContaminationCensus()
    for start in stride(from: 0, to: reader.chunkCount, by: Self.chunksAtOnce) {
      try context.checkCancelled()
      let indices = Array(start..<min(start + Self.chunksAtOnce, reader.chunkCount))
      for part in try context.pool.map(
        indices,
        { chunk in
          var part = ContaminationCensus()
          var scratch: [UInt8] = []
          for row in try reader.stored(chunk) {
            part.add(
              try DecontaminateMap.words(row, &scratch), index, share: parameters.share)
          }
          return part
        })
      { census.add(part) }
    }
    return census.common(rowsMin: parameters.commonRows)
  }
}

/// Looks for items in each row.
struct DecontaminateMap: RowMap {
  let index: ContaminationIndex
  let near: NearItems?
  let parameters: DecontaminateParameters

  /// A hit a line: row, set, item, share.
  static let hits = "hits.jsonl"

  static func words(_ row: StoredRow, _ scratch: inout [UInt8]) throws -> [[UInt64]] {
    var texts: [[UInt64]] = []
    try row.forEachText(&scratch) { texts.append(NormalWords.hashes($0)) }
    return texts
  }

  func map(_ rows: [StoredRow], into chunk: inout MappedChunk) throws {
    var scratch: [UInt8] = []
    for row in rows {
      let hits = index.hits(in: try Self.words(row, &scratch), share: parameters.share)
      for hit in hits {
        record(row, &chunk, hit.set, hit.item, ("n", hit.words), ("share", hit.share))
      }
      if let best = hits.max(by: { $0.share < $1.share }) {
        take(
          row, &chunk, best.set,
          [
            "item": .integer(Int64(best.item)), "n": .integer(Int64(best.words)),
            "share": .number(rounded(best.share)), "items": .integer(Int64(hits.count)),
          ])
      } else if let hit = try nearHit(row) {
        record(row, &chunk, hit.set, hit.item, ("n", 0), ("similarity", hit.similarity))
        take(
          row, &chunk, hit.set,
          [
            "item": .integer(Int64(hit.item)), "similarity": .number(rounded(hit.similarity)),
          ])
      } else {
        chunk.keep(row)
      }
    }
  }

  private func nearHit(_ row: StoredRow) throws -> NearItems.Hit? {
    guard let near, let threshold = parameters.nearDuplicate else { return nil }
    var best: NearItems.Hit?
    for text in try row.row().content.texts {
      if let hit = near.hit(in: [text], threshold: threshold),
        hit.similarity > best?.similarity ?? -1
      {
        best = hit
      }
    }
    return best
  }

  private func take(
    _ row: StoredRow, _ chunk: inout MappedChunk, _ set: Int,
    _ detail: KeyValuePairs<String, JSONValue>
  ) {
    chunk.count(index.sets[set])
    if parameters.keepsRows { return chunk.keep(row) }
    chunk.drop(row, rule: "decontaminate.\(index.sets[set])", detail: .object(detail))
  }

  private func record(
    _ row: StoredRow, _ chunk: inout MappedChunk, _ set: Int, _ item: Int, _ words: (String, Int),
    _ measure: (String, Double)
  ) {
    chunk.append(
      .object([
        JSONMember("row", .string(row.id.description)), JSONMember("set", .string(index.sets[set])),
        JSONMember("item", .integer(Int64(item))),
        JSONMember(words.0, .integer(Int64(words.1))),
        JSONMember(measure.0, .number(rounded(measure.1))),
      ]), to: Self.hits)
  }

  private func rounded(_ value: Double) -> Double { (value * 10_000).rounded() / 10_000 }
}
