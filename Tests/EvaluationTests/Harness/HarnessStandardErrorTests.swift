import Documents
import Evaluation
import Foundation
import Parallelism
import Testing

/// Against what lm-evaluation-harness 0.4.13 computed (Tests/Fixtures/metrics), and by hand.
@Suite struct HarnessStandardErrorTests {
  private static func near(_ a: Double?, _ b: Double?) -> Bool {
    guard let a, let b else { return false }
    return abs(a - b) <= 1e-9 * max(1, abs(b))
  }

  @Test("the bootstrap of a perplexity equals the harness', draw by draw")
  func bootstrap() throws {
    let path = "Tests/Fixtures/metrics/metrics.jsonl"
    let lines = try Data(contentsOf: URL(fileURLWithPath: path)).split(separator: 10)
    let rows = try lines.map { try JSONReader.parse(Array($0), file: path) }
    let row = try #require(rows.first { $0["kind"]?.stringValue == "bootstrap" })
    let values = (row["values"]?.arrayValue ?? []).map {
      ItemValue.sums([$0.doubleValue ?? 0, 1])
    }
    let error = try HarnessStandardError.of(
      values, .perplexity, classes: 0, draws: 2000, pool: ThreadPool(threads: 2))
    #expect(Self.near(error, row["perplexity"]?.doubleValue))
  }

  @Test("one item has no error; means take the sample deviation")
  func means() throws {
    let pool = ThreadPool(threads: 1)
    func error(_ values: [Double]) throws -> Double? {
      try HarnessStandardError.of(
        values.map { .number($0) }, .mean, classes: 0, pool: pool)
    }
    #expect(try error([0.5]) == nil)
    // √(2 / 3 / 4) of 0, 1, 1, 2.
    #expect(Self.near(try error([0, 1, 1, 2]), (2.0 / 3 / 4).squareRoot()))
  }

  @Test("errors of groups")
  func groups() {
    // √((9 · 0.01 · 10 + 4 · 0.04 · 5) / 13 / 15), √(0.01 + 0.04) / 2.
    #expect(
      Self.near(HarnessStandardError.pooled([0.1, 0.2], sizes: [10, 5]), 0.09336995618478526))
    #expect(Self.near(HarnessStandardError.unweighted([0.1, 0.2]), 0.05.squareRoot() / 2))
  }
}
