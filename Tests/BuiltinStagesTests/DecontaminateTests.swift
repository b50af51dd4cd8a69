import BuiltinStages
import Curation
import Diagnostics
import Documents
import Foundation
import Records
import Reproducibility
import StageKit
import TestSupport
import Testing

@Suite struct DecontaminateTests {
  static let long =
    "Janet's ducks lay 16 eggs per day and she eats three for breakfast every morning and bakes "
    + "muffins for her friends every day with four; how much in dollars does she make each day?"
  static let items = [
    long, "A robe takes 2 bolts of blue fiber and white", "What is love?",
    "Toulouse has twice as many sheep as Charleston while Charleston has four times as many sheep "
      + "as Seattle does, so how many sheep do they have together if Seattle has twenty sheep?",
  ]

  static func run(
    _ texts: [String], _ more: String = "", items: [String] = items
  ) throws -> (StageHarness.Result, TemporaryFolder) {
    let folder = try TemporaryFolder()
    let lines = items.map { JSONWriter.compact(.object(["question": .string($0), "answer": "x"])) }
    try folder.write("eval.jsonl", lines.joined(separator: "\n") + "\n")
    let input = try RecordsFixture.make(texts.map { (.text($0), []) }, folder, "in")
    let against = #"[{"name": "gsm8k", "path": "eval.jsonl", "fields": ["question"]}]"#
    let result = try StageHarness().run(
      Decontaminate.self, "{\"against\": \(against)\(more)}", inputs: ["records": input],
      folder: folder)
    return (result, folder)
  }

  static let planted: [(String, Bool)] = [
    (long, true), (long.uppercased(), true), ("Question: " + long + " Answer: 18 dollars.", true),
    (String(long.prefix(140)), true), (String(long.prefix(70)), false),
    (long.replacingOccurrences(of: " ", with: ",\n"), true),
    (long.replacingOccurrences(of: "16", with: "25"), true), ("what is LOVE", true),
    ("What is love? asked the song of 1993.", false),
    ("She said: a robe takes 3 bolts of blue fiber and white, no more.", true),
    ("The ducks of Janet lay eggs, and she sells muffins every day.", false), ("", false),
  ]

  @Test(
    "rows that hold an item go, whatever stands around it, its case and its marks",
    arguments: planted)
  func rows(_ text: String, _ isTaken: Bool) throws {
    let (result, folder) = try Self.run([text])
    #expect(try FilterFixture.rules(result) == (isTaken ? ["decontaminate.gsm8k"] : []))
    #expect(try RecordsFixture.rows(result, "records").count == (isTaken ? 0 : 1))
    _ = folder
  }

  @Test("both directions are reported by number, never by text")
  func report() throws {
    let (result, folder) = try Self.run([Self.long, "nothing", "see " + Self.long, Self.items[2]])
    let first = try FilterFixture.changes(result)[0]["detail"]
    #expect(first?["item"] == 0 && first?["n"] == 13 && first?["share"]?.doubleValue == 1)
    let tree = try result.artifact("report", .report).tree
    let items = try SharedMaterial.bytes(tree.path("items.jsonl"))
    #expect(
      String(decoding: items, as: UTF8.self)
        == "{\"set\":\"gsm8k\",\"item\":0,\"rows\":2}\n{\"set\":\"gsm8k\",\"item\":2,\"rows\":1}\n")
    let set = try FilterFixture.report(result)["sets"]?.arrayValue?.first
    #expect(set?["items"] == 4 && set?["items_found"] == 2 && set?["rows"] == 3)
    #expect(set?["words"] == .object(["long": 2, "short": 1, "whole": 1]))
    #expect(try !FilterFixture.everything(result).contains("duck"))
    _ = folder
  }

  @Test("a paraphrase goes when near-duplicates are asked for")
  func near() throws {
    let paraphrase =
      "Janet's ducks lay 16 eggs a day and she eats three for breakfast each morning and bakes "
      + "muffins for some friends every day with four; how much in euros does she make every day?"
    let (kept, one) = try Self.run([paraphrase], #", "share": 1"#)
    #expect(try FilterFixture.rules(kept).isEmpty)
    let (taken, two) = try Self.run([paraphrase], #", "share": 1, "near_duplicate": 0.5"#)
    #expect(try FilterFixture.rules(taken) == ["decontaminate.gsm8k"])
    #expect(try FilterFixture.changes(taken)[0]["detail"]?["similarity"] != nil)
    _ = (one, two)
  }

  @Test("what many unrelated rows say is no sign, and what they say around an item hides none")
  func common() throws {
    let licence =
      "Permission is hereby granted free of charge to any person obtaining a copy of this software"
    let items = [licence + " to answer one more question about the lamp in the hall of mirrors"]
    let rows = (0..<12).map { "\(licence) number \($0 % 7) of \($0)" } + [items[0]]
    let (result, folder) = try Self.run(rows, #", "share": 0.1"#, items: items)
    #expect(try FilterFixture.rules(result).count == 13)
    let (half, other) = try Self.run(rows, #", "share": 0.3"#, items: items)
    #expect(try FilterFixture.rules(half).count == 1)
    #expect(try FilterFixture.report(half)["ngrams_left_out"] == 4)
    let (two, third) = try Self.run(
      Array(rows.dropLast()), #", "share": 0.2, "common_rows": 100"#, items: [licence + " today"])
    #expect(try FilterFixture.rules(two).count == 12)
    _ = (folder, other, third)
  }

  @Test("nothing goes when only the report is wanted, and the test input is a set too")
  func reportOnly() throws {
    let folder = try TemporaryFolder()
    let input = try RecordsFixture.make([(.text(Self.long), []), (.text("x"), [])], folder, "in")
    let test = try RecordsFixture.make([(.text(Self.long), [])], folder, "test")
    for (flag, kept) in [("false", 1), ("true", 2)] {
      let result = try StageHarness().run(
        Decontaminate.self, "{\"report_only\": \(flag)}",
        inputs: ["records": input, "test": test], folder: folder)
      #expect(try RecordsFixture.rows(result, "records").count == kept)
      #expect(
        try FilterFixture.report(result)["sets"]?.arrayValue?.first?["items_found"] == 1)
    }
  }

  @Test("a column that is not there is named with file and line")
  func wrongColumn() throws {
    #expect(throws: (any Error).self) {
      let folder = try TemporaryFolder()
      try folder.write("eval.jsonl", "{\"quesion\":\"a\"}\n")
      let input = try RecordsFixture.make([(.text("x"), [])], folder, "in")
      _ = try StageHarness().run(
        Decontaminate.self,
        #"{"against": [{"name": "a", "path": "eval.jsonl", "fields": ["question"]}]}"#,
        inputs: ["records": input], folder: folder)
    }
  }

  @Test(
    "packed evaluation sets are read as they are",
    arguments: ["questions.jsonl.gz", "questions.jsonl.zst"])
  func packed(_ name: String) throws {
    let texts = ["WHO wound the clock", "Which lamp burns in the hall?", "Who winds the clock?"]
    let (result, folder) = try Self.run(against: name, texts)
    #expect(try RecordsFixture.rows(result, "records").map(\.content) == [.text(texts[2])])
    let set = try FilterFixture.report(result)["sets"]?.arrayValue?.first
    #expect(set?["items"] == 3 && set?["items_found"] == 2)
    _ = folder
  }

  @Test(
    "a packed evaluation set that is damaged is refused",
    arguments: ["damaged.jsonl.gz", "damaged.jsonl.zst"])
  func damaged(_ name: String) throws {
    let failure = #expect(throws: Failure.self) { try Self.run(against: name, ["x"]) }
    #expect(failure?.diagnostics.first?.code == "source.damaged")
  }

  /// Texts compared with the rows of a packed fixture.
  static func run(against name: String, _ texts: [String], field: String = "question") throws -> (
    StageHarness.Result, TemporaryFolder
  ) {
    let folder = try TemporaryFolder()
    try folder.write(name, SharedMaterial.bytes(IngestFormatsTests.packed + name))
    let input = try RecordsFixture.make(texts.map { (.text($0), []) }, folder, "in")
    let result = try StageHarness().run(
      Decontaminate.self,
      "{\"against\": [{\"name\": \"rows\", \"path\": \"\(name)\", \"fields\": [\"\(field)\"]}]}",
      inputs: ["records": input], folder: folder)
    return (result, folder)
  }

  static let sets = [
    ("gsm8k", "eval/gsm8k_test_even.jsonl.gz", "question"),
    ("hellaswag", "eval/hellaswag_val_mod5.jsonl.gz", "ctx"),
    ("truthfulqa", "eval/truthfulqa_mod3.jsonl.gz", "question"),
    ("humaneval", "eval/humaneval_even.jsonl.gz", "prompt"),
  ]
  static let unrelated = [
    ("sft/banking77_train_even.jsonl.gz", "text"),
    ("pref/hh_rlhf_harmless_test_even.jsonl.gz", "chosen"),
    ("sft/gsm8k_train_first2000.jsonl.gz", "question"),
  ]

  static func texts(_ name: String, _ field: String) throws -> [String] {
    let reader = try SourceReader(
      SharedMaterial.data.path(name), file: name, format: .jsonl, packing: .gzip)
    var texts: [String] = []
    while let batch = try reader.next() {
      for record in batch.records {
        let line = Array(batch.bytes[record.start..<record.end])
        if let text = try JSONReader.parse(line, file: name)[field]?.stringValue {
          texts.append(text)
        }
      }
    }
    return texts
  }

  @Test(
    "unrelated rows are hardly flagged, and planted items are found",
    .enabled(
      if: FileManager.default.fileExists(atPath: SharedMaterial.data.path(sets[0].1)),
      "the evaluation sets of the shared data are absent"))
  func rates() throws {
    let folder = try TemporaryFolder()
    let against = Self.sets.map { name, path, field in
      "{\"name\": \"\(name)\", \"path\": \"\(SharedMaterial.data.path(path))\", "
        + "\"fields\": [\"\(field)\"]}"
    }
    let rows = try Self.unrelated.flatMap { try Self.texts($0.0, $0.1) }
    let planted = try Self.sets.flatMap { try Self.texts($0.1, $0.2) }.enumerated().map {
      index, item in
      [item, item.uppercased(), "Please answer this one: \(item)\n\nAnswer:", item + " So?"][
        item.split(separator: " ").count < 20 ? index % 2 : index % 4]
    }
    let input = try RecordsFixture.make(
      (rows + planted).map { (.text($0), []) }, folder, "in")
    let result = try StageHarness().run(
      Decontaminate.self, "{\"against\": [\(against.joined(separator: ", "))]}",
      inputs: ["records": input], folder: folder)
    let kept = Set(try RecordsFixture.rows(result, "records").map(\.content))
    let missed = planted.count { kept.contains(.text($0)) }
    let flagged = rows.count { !kept.contains(.text($0)) }
    print(
      "decontaminate: \(flagged) of \(rows.count) unrelated, \(missed) of \(planted.count) missed")
    #expect(flagged * 1000 <= rows.count && missed * 100 <= planted.count)
  }
}
