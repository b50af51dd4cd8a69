import Curation
import Parallelism
import Records
import Reproducibility
import TestSupport
import Testing

@Suite struct SubstringSearchTests {
  static func find(
    _ texts: [String], minWords: Int = 10, memory: Int = 2_000_000_000, threads: Int = 2
  ) throws -> SubstringResult {
    let folder = try TemporaryFolder()
    let reader = try DedupFixture.records(texts.map { (.text($0), []) }, folder)
    let rules = DedupRules(
      MinHash(threshold: 0.8, seed: 1), Shingler(.words, size: 5), memory: memory)
    let pool = ThreadPool(threads: threads)
    let found = try Deduplication(rules, pool, temporary: folder.path).run(reader)
    #expect(found.removedCount == 0)
    return try SubstringSearch(
      SubstringRules(minWords: minWords, action: .cut), pool, temporary: folder.path
    ).run(reader, found)
  }

  /// Words that were said before as part of a passage of `size`, by comparing everything.
  static func repeated(_ texts: [String], _ size: Int) -> [Set<Int>] {
    var seen: [[Substring]: (row: Int, place: Int)] = [:]
    return texts.enumerated().map { row, text in
      let words = text.split(separator: " ")
      var covered: Set<Int> = []
      for place in 0..<max(0, words.count - size + 1) {
        let window = Array(words[place..<(place + size)])
        if let first = seen[window] {
          let start = first.row == row ? max(place, first.place + size) : place
          if start < place + size { covered.formUnion(start..<(place + size)) }
        } else {
          seen[window] = (row, place)
        }
      }
      return covered
    }
  }

  @Test("finds what a comparison of all passages finds", arguments: [2_000_000_000, 0])
  func exact(_ memory: Int) throws {
    let random = CounterRandom(seed: 3, stream: "passages")
    let shared = (0..<12).map { passage in
      (0..<(6 + passage)).map { "p\(passage)w\($0)" }.joined(separator: " ")
    }
    var texts = (0..<300).map { row in
      (0..<8).map { part in
        let at = UInt64(row * 1000 + part * 20)
        return random.integer(at, below: 4) == 0
          ? shared[random.integer(at + 1, below: shared.count)]
          : (0..<9).map { "r\(row)w\(random.integer(at + 2 + UInt64($0), below: 90))" }
            .joined(separator: " ")
      }.joined(separator: " ")
    }
    texts.append((0..<40).map { "again\($0 % 3)" }.joined(separator: " "))
    let result = try Self.find(texts, memory: memory)
    var covered = [Set<Int>](repeating: [], count: texts.count)
    for passage in result.repeats { covered[Int(passage.row)].formUnion(passage.words) }
    let expected = Self.repeated(texts, 10)
    #expect(covered == expected)
    #expect(expected.count { !$0.isEmpty } > 50)
    #expect(result.words == texts.reduce(0) { $0 + $1.split(separator: " ").count })
  }

  @Test("a passage one word too short is left alone")
  func short() throws {
    func text(_ row: Int, _ count: Int) -> String {
      ((0..<count).map { "same\($0)" } + (0..<30).map { "own\(row)x\($0)" })
        .joined(separator: " ")
    }
    #expect(try Self.find([text(1, 9), text(2, 9)]).repeats.isEmpty)
    let found = try Self.find([text(1, 10), text(2, 10)]).repeats
    #expect(found == [SubstringResult.Repeat(row: 1, words: 0..<10, first: 0)])
  }
}
