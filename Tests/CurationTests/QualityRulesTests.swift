import Curation
import Documents
import Foundation
import TestSupport
import Testing

/// Our verdicts beside those of datatrove on the same texts (Tests/Fixtures/quality).
@Suite struct QualityRulesTests {
  /// datatrove's reason → our rule.
  static let names: [String: String] = [
    "gopher_short_doc": "gopher.word_count", "gopher_long_doc": "gopher.word_count",
    "gopher_below_avg_threshold": "gopher.mean_word_length",
    "gopher_above_avg_threshold": "gopher.mean_word_length",
    "gopher_too_many_hashes": "gopher.hash_ratio",
    "gopher_too_many_ellipsis": "gopher.ellipsis_ratio",
    "gopher_too_many_bullets": "gopher.bullet_lines",
    "gopher_too_many_end_ellipsis": "gopher.ellipsis_lines",
    "gopher_below_alpha_threshold": "gopher.alphabetic_words",
    "gopher_enough_stop_words": "gopher.stop_words",
    "dup_para_frac": "gopher.duplicate_paragraphs",
    "dup_para_char_frac": "gopher.duplicate_paragraph_characters",
    "dup_line_frac": "gopher.duplicate_lines",
    "dup_line_char_frac": "gopher.duplicate_line_characters", "top_2_gram": "gopher.top_2_gram",
    "top_3_gram": "gopher.top_3_gram", "top_4_gram": "gopher.top_4_gram",
    "duplicated_5_n_grams": "gopher.duplicate_5_gram",
    "duplicated_6_n_grams": "gopher.duplicate_6_gram",
    "duplicated_7_n_grams": "gopher.duplicate_7_gram",
    "duplicated_8_n_grams": "gopher.duplicate_8_gram",
    "duplicated_9_n_grams": "gopher.duplicate_9_gram",
    "duplicated_10_n_grams": "gopher.duplicate_10_gram", "lorem_ipsum": "c4.lorem_ipsum",
    "curly_bracket": "c4.curly_bracket", "too_few_sentences": "c4.sentences",
    "< 3 paragraphs": "c4.paragraphs", "line_punct_ratio": "fineweb.terminal_lines",
    "short_line_ratio": "fineweb.short_lines",
    "char_dup_ratio": "fineweb.duplicate_line_characters", "list_ratio": "fineweb.line_feeds",
  ]

  static let path =
    ProcessInfo.processInfo.environment["QUALITY_VERDICTS"]
    ?? "Tests/Fixtures/quality/quality.jsonl"

  @Test(
    "the first rule that refuses is datatrove's, save where spaCy cuts marks in another way",
    arguments: ["gopher_quality", "gopher_repetition", "c4", "c4_paragraph", "fineweb"])
  func verdicts(_ name: String) throws {
    let set = try #require(QualityRuleSet.named(name))
    let meter = TextMeter()
    var all = 0
    var same = 0
    var decided = 0
    for line in try SharedMaterial.bytes(Self.path).split(separator: UInt8(ascii: "\n")) {
      let row = try JSONReader.parse(Array(line), file: "quality.jsonl")
      var text = try #require(row["text"]?.stringValue)
      let reason = row[name]?.stringValue
      let theirs = reason.map { Self.names[$0] ?? $0 } ?? ""
      let measures = text.withUTF8 { meter.measure($0, [.grams, .distinct, .lines]) }
      let verdict = QualityVerdict(set.rules, measures.value)
      let ours = verdict.refusals.first?.rule.name ?? ""
      all += 1
      if ours == theirs { same += 1 }
      if ours.isEmpty == theirs.isEmpty { decided += 1 }
      if ours != theirs {
        let value = verdict.refusals.first?.value ?? -1
        print("quality: \(name) row \(all) ours '\(ours)' \(value) theirs '\(theirs)'")
      }
    }
    print("quality: \(name) same rule \(same), same decision \(decided) of \(all)")
    #expect(all >= 200 && 100 * same >= 95 * all)
  }

  @Test("gopher, C4 and FineWeb together measure text at a rate that is printed")
  func speed() {
    let meter = TextMeter()
    var text = (0..<120).map { index in
      "The \(["old", "new", "blue", "long"][index % 4]) report number \(index * 7919 % 1009) was sent "
        + "to the office of \(["Anna", "Peter", "Maria"][index % 3]), and it has not come back yet."
    }.joined(separator: "\n")
    let start = clock()
    var bytes = 0
    text.withUTF8 { buffer in
      while bytes < 20_000_000 {
        _ = meter.measure(buffer, [.grams, .lines])
        bytes += buffer.count
      }
    }
    let seconds = Double(clock() - start) / Double(CLOCKS_PER_SEC)
    print("quality: \(Int(Double(bytes) / seconds / 1e6)) MB a CPU second")
    #expect(seconds < 5)
  }
}
