import Curation
import Documents
import Parallelism
import Records
import Reproducibility
import Synchronization
import TestSupport
import Testing

@Suite struct DataProfileTests {
  @Test("quantiles are those of the sorted lengths", arguments: 1...4)
  func quantiles(_ seed: UInt64) {
    let random = CounterRandom(seed: seed, stream: "lengths")
    var histogram = LengthHistogram()
    var lengths: [Int] = []
    for index in 0..<777 {
      let length = random.integer(UInt64(index), below: index % 9 == 0 ? 300_000 : 500)
      lengths.append(length)
      histogram.add(length)
    }
    lengths.sort()
    for share in [0.01, 0.5, 0.95, 0.99, 1] {
      let rank = max(1, Int((share * 777).rounded(.up)))
      #expect(histogram.quantile(share) == lengths[rank - 1])
    }
    #expect(histogram.max == lengths.last && histogram.sum == lengths.reduce(0, +))
    #expect(histogram.countAbove(250) == lengths.count { $0 > 250 })
    #expect(histogram.bins.reduce(0) { $0 + $1.count } == 777)
    for bin in histogram.bins.dropFirst() {
      #expect(bin.count == lengths.count { $0 > bin.upTo / 2 && $0 <= bin.upTo })
    }
    #expect(histogram.distance(histogram) == 0)
  }

  @Test("distances are 0 for equal shares and 1 for nothing in common")
  func distances() {
    var (a, b, c) = (LengthHistogram(), LengthHistogram(), LengthHistogram())
    for length in 0..<100 {
      a.add(length)
      b.add(length + 25)
      c.add(length + 100_000)
    }
    #expect(abs(a.distance(b) - 0.25) < 1e-12 && a.distance(c) == 1)
    var (x, y, z) = (NameCounts(), NameCounts(), NameCounts())
    x.add([1], 30)
    x.add([2], 10)
    y.add([2], 1)
    y.add([1], 1)
    z.add([3], 5)
    #expect(abs(x.distance(y) - 0.25) < 1e-12 && x.distance(z) == 1 && x.distance(x) == 0)
    #expect(x.sorted.map(\.count) == [30, 10])
  }

  @Test(
    "characters are code points, words what white space parts",
    arguments: [
      ("", 0, 0), ("one", 3, 1), ("  two  words\n", 13, 2), ("naïve 日本 😀", 10, 3), (" \t ", 3, 0),
    ])
  func texts(_ text: String, _ characters: Int, _ words: Int) {
    var counts = TextCounts()
    var copy = text
    copy.withUTF8 { counts.add($0) }
    #expect(counts.characters == characters && counts.words == words)
  }

  @Test("kappa and Wilson's interval have their published values")
  func agreement() {
    // Cohen's example in form: 20 + 15 of 50 agree, 5 and 10 do not: 0.4.
    let pairs =
      Array(repeating: (true, true), count: 20) + Array(repeating: (true, false), count: 5)
      + Array(repeating: (false, true), count: 10) + Array(repeating: (false, false), count: 15)
    #expect(abs(Agreement.kappa(pairs)! - 0.4) < 1e-12)
    #expect(Agreement.kappa([(1, 1), (1, 1)]) == 1)
    #expect(Agreement.kappa([(Int, Int)]()) == nil)
    let interval = Agreement.wilson(95, of: 100)
    #expect(abs(interval.lower - 0.888250) < 1e-5 && abs(interval.upper - 0.978456) < 1e-5)
    #expect(Agreement.wilson(0, of: 10).lower == 0 && Agreement.wilson(10, of: 10).upper == 1)
  }

  @Test("a sample has its size, and a row of every stratum")
  func sample() {
    let random = CounterRandom(seed: 2, stream: "bits")
    let strata: [UInt32] = (0..<1000).map { $0 < 5 ? 2 : $0 % 4 == 0 ? 1 : 0 }
    let bits = (0..<1000).map { random.bits(UInt64($0)) }
    let rows = SamplePlan.rows(strata, bits: bits, size: 40, seed: 1)
    #expect(rows.count == 40 && rows == rows.sorted() && Set(rows).count == 40)
    let counts = [0, 1, 2].map { stratum in rows.count { strata[$0] == stratum } }
    #expect(counts[2] == 1 && abs(counts[1] - 10) <= 1)
    #expect(SamplePlan.rows(strata, bits: bits, size: 2, seed: 1).count == 2)
    #expect(SamplePlan.rows(strata, bits: bits, size: 5000, seed: 1).count == 1000)
    #expect(SamplePlan.rows([], bits: [], size: 5, seed: 1).isEmpty)
  }

  @Test("what a chunk adds is kept and read back; damaged bytes are made again")
  func kept() throws {
    let folder = try TemporaryFolder()
    let rows = (0..<300).map { index in
      (
        content: RowContent.text(String(repeating: "word ", count: 100 + index % 40)),
        fields: [
          JSONMember("label", .string("l\(index % 3)")), JSONMember("n", .number(0.5)),
          JSONMember("language", index % 2 == 0 ? "en" : "dé"),
        ]
      )
    }
    let reader = try DedupFixture.records(rows, folder)
    let settings = DataProfile.Settings(labels: ["label"], language: "language")
    let bytes = Mutex<[Int: [UInt8]]>([:])
    let asked = Mutex(0)
    var kept = KeptProfiles()
    kept.keep = { chunk, made in
      bytes.withLock { $0[chunk] = made }
      asked.withLock { $0 += 1 }
    }
    kept.find = { chunk in bytes.withLock { $0[chunk] } }
    func profile() throws -> [String] {
      let profile = try DataProfile(reader, settings, ThreadPool(threads: 2), kept: kept)
      return [
        "\(profile.rows) \(profile.text) \(profile.characters.entries) \(profile.repeatedContents)",
        "\(profile.types.sorted) \(profile.labels.map(\.sorted)) \(profile.languageNames.names)",
        "\(profile.languages) \(profile.columnNames.names) \(profile.columns)",
      ]
    }
    let first = try profile()
    let made = bytes.withLock { $0 }
    #expect(made.count == reader.chunkCount && asked.withLock { $0 } == made.count)
    #expect(try profile() == first)
    #expect(asked.withLock { $0 } == made.count)
    let whole = try #require(made[0])
    for length in stride(from: 0, to: whole.count, by: 1 + whole.count / 60) {
      bytes.withLock { $0[0] = Array(whole[..<length]) }
      #expect(try profile() == first)
      #expect(bytes.withLock { $0[0] } == whole, "cut at \(length)")
    }
  }
}
