import Documents
import Scoring
import TestSupport
import Testing

/// Numbers made by the reference implementations; the file states their versions.
@Suite(.enabled(if: SharedMaterial.goldens.exists, "no folder of goldens"))
struct GoldenTests {
  static func section(_ name: String) throws -> JSONValue {
    let bytes = try SharedMaterial.bytes(SharedMaterial.goldens.path("formula_goldens.json"))
    let json = try JSONReader.parse(bytes, file: "formula_goldens.json")
    return try #require(json[name])
  }

  static func close(_ a: Double, _ b: Double, _ tolerance: Double = 1e-12) -> Bool {
    abs(a - b) <= tolerance * max(1, abs(b))
  }

  @Test("McNemar's tests agree with the reference")
  func mcnemar() throws {
    let rows = try #require(try Self.section("stats")["mcnemar"]?.arrayValue)
    for row in rows {
      let b = try #require(row["b"]?.integerValue)
      let c = try #require(row["c"]?.integerValue)
      let exact = try #require(row["exact_p"]?.doubleValue)
      #expect(Self.close(McNemar.exact(gained: b, lost: c), exact), "b \(b), c \(c)")
      let chi = McNemar.chiSquared(gained: b, lost: c)
      #expect(
        Self.close(chi.statistic, try #require(row["chi2_cc"]?.doubleValue)), "b \(b), c \(c)")
      #expect(Self.close(chi.p, try #require(row["chi2_cc_p"]?.doubleValue)), "b \(b), c \(c)")
    }
  }

  @Test("means, standard errors and pass@k agree with the reference")
  func summaries() throws {
    let stats = try Self.section("stats")
    for row in try #require(stats["mean_stderr"]?.arrayValue) {
      let values = try #require(row["x"]?.arrayValue).compactMap(\.doubleValue)
      #expect(Self.close(Summary.mean(values), try #require(row["mean"]?.doubleValue)))
      #expect(Self.close(Summary.standardError(values), try #require(row["stderr"]?.doubleValue)))
    }
    for row in try #require(stats["pass_at_k"]?.arrayValue) {
      let n = try #require(row["n"]?.integerValue)
      let c = try #require(row["c"]?.integerValue)
      let k = try #require(row["k"]?.integerValue)
      let value = Summary.passAtK(samples: n, correct: c, k: k)
      #expect(Self.close(value, try #require(row["value"]?.doubleValue)), "n \(n) c \(c) k \(k)")
    }
  }

  @Test("SQuAD's exact match and F1 agree with the reference")
  func questionAnswering() throws {
    for row in try #require(try Self.section("qa").arrayValue) {
      let prediction = try #require(row["pred"]?.stringValue)
      let reference = try #require(row["ref"]?.stringValue)
      #expect(TextNormalization.squad(prediction) == row["norm_pred"]?.stringValue)
      let exact = TokenF1.exact(prediction, reference) ? 1.0 : 0
      #expect(exact == row["em"]?.doubleValue)
      #expect(Self.close(TokenF1.score(prediction, reference), row["f1"]?.doubleValue ?? -1))
    }
  }

  @Test("numbers are extracted from worked answers as the harness does, quirks included")
  func extraction() throws {
    let ignored = [",", "\\$", "(?s).*#### ", "\\.$"].compactMap { IgnoredPattern(regex: $0) }
    #expect(ignored.count == 4)
    let match = ExactMatch(ignoreCase: true, patternsToIgnore: ignored)
    let columns: [(NumberExtraction, String)] = [
      (.hashes, "gsm8k_strict"), (.theAnswerIs, "cot_strict"), (.flexible, "flexible"),
    ]
    for row in try #require(try Self.section("gsm8k_extraction").arrayValue) {
      let text = try #require(row["text"]?.stringValue)
      let target = try #require(row["target"]?.stringValue)
      for (extraction, column) in columns {
        let found = extraction.extract(from: text)
        #expect(found == row[column]?.stringValue, "\(column) of \(text.debugDescription)")
        let matches = match.matches(found, target) ? 1.0 : 0
        #expect(
          matches == row["\(column)_match"]?.doubleValue, "\(column) of \(text.debugDescription)")
      }
    }
  }

  @Test("choices agree with the reference")
  func choices() throws {
    for row in try #require(try Self.section("multiple_choice").arrayValue) {
      let choices = try #require(row["choices"]?.arrayValue).compactMap(\.stringValue)
      let values = try #require(row["loglik"]?.arrayValue).compactMap(\.doubleValue)
      #expect(MultipleChoice.choice(values) == row["acc_pred"]?.integerValue)
      #expect(
        MultipleChoice.normalizedChoice(values, choices) == row["acc_norm_pred"]?.integerValue)
      #expect(MultipleChoice.bytesChoice(values, choices) == row["acc_bytes_pred"]?.integerValue)
    }
    for row in try #require(try Self.section("truthfulqa_mc2").arrayValue) {
      let values = try #require(row["loglik"]?.arrayValue).compactMap(\.doubleValue)
      let labels = try #require(row["labels"]?.arrayValue).compactMap(\.integerValue)
      let mass = MultipleChoice.trueMass(values, isTrue: labels.map { $0 == 1 })
      #expect(Self.close(mass, try #require(row["mc2"]?.doubleValue)))
    }
  }
}

extension GoldenTests {
  @Test("ROUGE, BLEU and chrF agree with the reference")
  func textMetrics() throws {
    let section = try Self.section("text_metrics")
    let rows = try #require(section["rows"]?.arrayValue)
    var bleu = AdditiveItems(width: Bleu.width)
    var (chrf, plusPlus) = (
      AdditiveItems(width: ChrF().width), AdditiveItems(width: ChrF.plusPlus.width)
    )
    for row in rows {
      let prediction = try #require(row["pred"]?.stringValue)
      let reference = try #require(row["ref"]?.stringValue)
      for (column, stems) in [("rouge", false), ("rouge_stem", true)] {
        for member in try #require(row[column]?.objectValue) {
          let variant = try #require(Rouge.Variant(name: member.key))
          let score = Rouge(variant, stems: stems).score(prediction, reference)
          let wanted = try #require(member.value.arrayValue).compactMap(\.doubleValue)
          for (a, b) in zip([score.precision, score.recall, score.f1], wanted) {
            #expect(Self.close(a, b, 1e-9), "\(member.key) \(column)")
          }
        }
      }
      let sentence = Bleu(usesEffectiveOrder: true).score(prediction, [reference])
      #expect(Self.close(sentence, row["bleu_sentence"]?.doubleValue ?? -1, 1e-9))
      #expect(
        Self.close(ChrF().score(prediction, [reference]), row["chrf"]?.doubleValue ?? -1, 1e-9))
      #expect(
        Self.close(
          ChrF.plusPlus.score(prediction, [reference]), row["chrfpp"]?.doubleValue ?? -1, 1e-9))
      bleu.append(Bleu().sums(prediction, [reference]))
      chrf.append(ChrF().sums(prediction, [reference]))
      plusPlus.append(ChrF.plusPlus.sums(prediction, [reference]))
    }
    let score = try #require(section["corpus_bleu"]?["score"]?.doubleValue)
    #expect(Self.close(Bleu().score(bleu.sums), score, 1e-9))
    let numbers = try #require(section["corpus_chrf"]?.doubleValue)
    #expect(Self.close(ChrF().score(chrf.sums), numbers, 1e-9))
    let more = try #require(section["corpus_chrfpp"]?.doubleValue)
    #expect(Self.close(ChrF.plusPlus.score(plusPlus.sums), more, 1e-9))
  }
}
