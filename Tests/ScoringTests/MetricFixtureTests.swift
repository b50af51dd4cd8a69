import Documents
import Foundation
import Scoring
import TestSupport
import Testing

/// Beside sacrebleu, rouge_score and NLTK on the same texts (Tests/Fixtures/metrics). A file of more
/// of them, made by `Scripts/check-metrics.sh`, is named by METRICS_CASES.
@Suite struct MetricFixtureTests {
  static let cases: [JSONValue] = {
    let path =
      ProcessInfo.processInfo.environment["METRICS_CASES"] ?? "Tests/Fixtures/metrics/metrics.jsonl"
    guard let data = try? Data(contentsOf: URL(fileURLWithPath: path)) else { return [] }
    return data.split(separator: UInt8(ascii: "\n")).compactMap { line in
      try? JSONReader.parse(Array(line), file: path)
    }
  }()

  static func all(_ kind: String) throws -> [JSONValue] {
    let found = cases.filter { $0["kind"]?.stringValue == kind }
    try #require(!found.isEmpty, "no '\(kind)' lines")
    return found
  }

  static func near(_ a: Double, _ b: Double?) -> Bool {
    guard let b else { return false }
    return abs(a - b) <= 1e-9 * max(1, abs(b))
  }

  static func texts(_ row: JSONValue) -> (String, [String]) {
    (
      row["answer"]?.stringValue ?? "",
      (row["references"]?.arrayValue ?? []).compactMap(\.stringValue)
    )
  }

  static let bleus: [(String, Bleu)] = [
    ("exp", Bleu()), ("exp_effective", Bleu(usesEffectiveOrder: true)),
    ("none", Bleu(smoothing: .none)), ("floor", Bleu(smoothing: .floor(0.1))),
    ("add", Bleu(smoothing: .add(1))),
    ("add_effective", Bleu(smoothing: .add(0.5), usesEffectiveOrder: true)),
  ]
  static let chrfs: [(String, ChrF)] = [("chrf", ChrF()), ("chrfpp", .plusPlus)]

  @Test("ROUGE equals rouge_score, with and without stemming, of the best reference")
  func rouge() throws {
    for (number, row) in try Self.all("text").enumerated() {
      let (answer, references) = Self.texts(row)
      for name in ["rouge1", "rouge2", "rouge3", "rougeL", "rougeLsum"] {
        let variant = try #require(Rouge.Variant(name: name))
        for (column, stems) in [("rouge", false), ("rouge_stemmed", true)] {
          let score = Rouge(variant, stems: stems).score(answer, references: references)
          let wanted = row[column]?[name]?.arrayValue?.compactMap(\.doubleValue) ?? []
          let isEqual = zip([score.precision, score.recall, score.f1], wanted).allSatisfy(Self.near)
          #expect(isEqual && wanted.count == 3, "\(name) of line \(number), stems: \(stems)")
        }
      }
    }
  }

  @Test("stems equal NLTK's")
  func stems() throws {
    for row in try Self.all("stem") {
      let word = try #require(row["word"]?.stringValue)
      let stem = row["stem"]?.stringValue
      #expect(Rouge.stem(word) == stem, "\(word)")
    }
  }

  @Test("BLEU equals sacrebleu: sums, sentences by every smoothing, corpus")
  func bleu() throws {
    var items = AdditiveItems(width: Bleu.width)
    for (number, row) in try Self.all("text").enumerated() {
      let (answer, references) = Self.texts(row)
      let sums = Bleu().sums(answer, references)
      #expect(sums == row["bleu_sums"]?.arrayValue?.compactMap(\.doubleValue), "line \(number)")
      for (name, bleu) in Self.bleus {
        let wanted = row["bleu"]?[name]?.doubleValue
        #expect(Self.near(bleu.score(sums), wanted), "\(name) of line \(number)")
      }
      items.append(Bleu().sums(answer, [references[0]]))
    }
    let corpus = try Self.all("corpus")[0]
    for (name, bleu) in Self.bleus {
      #expect(Self.near(bleu.score(items.sums), corpus["bleu"]?[name]?.doubleValue), "\(name)")
    }
  }

  @Test("chrF and chrF++ equal sacrebleu: sums, sentences, corpus")
  func chrf() throws {
    let corpus = try Self.all("corpus")[0]
    for (name, chrf) in Self.chrfs {
      var items = AdditiveItems(width: chrf.width)
      for (number, row) in try Self.all("text").enumerated() {
        let (answer, references) = Self.texts(row)
        let sums = chrf.sums(answer, references)
        let wanted = row["chrf_sums"]?[name]?.arrayValue?.compactMap(\.doubleValue)
        #expect(sums == wanted, "\(name) of line \(number)")
        #expect(Self.near(chrf.score(sums), row["chrf"]?[name]?.doubleValue), "line \(number)")
        items.append(chrf.sums(answer, [references[0]]))
      }
      #expect(Self.near(chrf.score(items.sums), corpus["chrf"]?[name]?.doubleValue))
    }
  }

  @Test("SQuAD's exact match and F1 equal the script's, of the best reference")
  func squad() throws {
    for (number, row) in try Self.all("text").enumerated() {
      let (answer, references) = Self.texts(row)
      let exact = TokenF1.exact(answer, references: references) ? 1.0 : 0
      #expect(exact == row["squad"]?.arrayValue?[0].doubleValue, "line \(number)")
      let f1 = TokenF1.score(answer, references: references)
      #expect(Self.near(f1, row["squad"]?.arrayValue?[1].doubleValue), "line \(number)")
    }
  }
}
