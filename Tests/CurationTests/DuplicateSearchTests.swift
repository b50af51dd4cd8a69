import Curation
import Documents
import Foundation
import Parallelism
import Records
import Reproducibility
import TestSupport
import Testing

@Suite struct DuplicateSearchTests {
  static func clusters(
    _ texts: [String], threshold: Double = 0.8, _ shingler: Shingler = Shingler(.words, size: 5)
  ) throws -> [[Int]] {
    let minHash = MinHash(threshold: threshold, permutations: 256, seed: 1)
    let sketches = RowSketches(texts.map { .text($0) }, shingler, minHash)
    var search = DuplicateSearch(sketches, minHash, pool: ThreadPool(threads: 1))
    return try search.clusters()
  }

  @Test("the clusters are the components of an exact comparison of all pairs", arguments: 0..<6)
  func exact(_ seed: Int) throws {
    let random = CounterRandom(seed: UInt64(seed), stream: "texts")
    var texts: [String] = []
    for index in 0..<300 {
      // Small changes of earlier texts of 40 words from a vocabulary of 500.
      var words = (0..<40).map { "w\(random.integer(UInt64(index * 100 + $0), below: 500))" }
      if index > 20, random.integer(UInt64(index * 100 + 50), below: 3) > 0 {
        words = texts[random.integer(UInt64(index * 100 + 51), below: index)]
          .split(separator: " ").map(String.init)
        for change in 0..<random.integer(UInt64(index * 100 + 52), below: 4) {
          words[random.integer(UInt64(index * 100 + 60 + change), below: words.count)] = "x\(index)"
        }
      }
      texts.append(words.joined(separator: " "))
    }
    let shingler = Shingler(.words, size: 5)
    let sets = texts.map { Set(shingler.set(of: [$0])) }
    var component = Array(0..<texts.count)
    for a in texts.indices {
      for b in 0..<a {
        let common = sets[a].intersection(sets[b]).count
        guard Double(common) / Double(sets[a].count + sets[b].count - common) >= 0.8 else {
          continue
        }
        let (from, to) = (max(component[a], component[b]), min(component[a], component[b]))
        for index in component.indices where component[index] == from { component[index] = to }
      }
    }
    let expected = Dictionary(grouping: texts.indices) { component[$0] }.values
      .filter { $0.count > 1 }.sorted { $0[0] < $1[0] }
    #expect(try Self.clusters(texts) == expected)
    #expect(expected.count > 20)
  }

  @Test("rows without words are duplicates only when they say the same")
  func wordless() throws {
    #expect(try Self.clusters(["!", "?", "", "!", ""]) == [[0, 3], [2, 4]])
  }

  @Test("thousands of copies are chained, not compared")
  func copies() throws {
    let texts = (0..<40_000).map {
      $0 % 2 == 0 ? "one two three four five six" : "ONE two, three four five six"
    }
    let minHash = MinHash(threshold: 0.8, permutations: 64, seed: 1)
    let sketches = RowSketches(texts.map { .text($0) }, Shingler(.words, size: 5), minHash)
    var search = DuplicateSearch(sketches, minHash, pool: ThreadPool(threads: 1))
    #expect(try search.clusters().map(\.count) == [40_000])
    #expect(search.counts.verified == 0)
  }
}

/// Recall and precision on corpora with known truth.
@Suite(.enabled(if: SharedMaterial.data.exists, "the shared data is absent"))
struct DuplicateCorpusTests {
  static func unpacked(_ name: String) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/gzip")
    process.arguments = ["-dc", SharedMaterial.data.path("dedup/" + name)]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
  }

  @Test("synthetic corpus: every pair at 0.8 or more is joined, no pair below is confirmed")
  func synthetic() throws {
    var ids: [String: Int] = [:]
    var texts: [String] = []
    for line in try Self.unpacked("synthetic_visible.jsonl.gz").split(separator: "\n") {
      let json = try JSONReader.parse(Array(line.utf8), file: "corpus")
      ids[json["id"]?.stringValue ?? ""] = texts.count
      texts.append(json["text"]?.stringValue ?? "")
    }
    let shingler = Shingler(.words, size: 5)
    let sets = texts.map { shingler.set(of: [$0]) }
    let clusters = try DuplicateSearchTests.clusters(texts)
    var clusterOf = Array(0..<texts.count).map { -$0 - 1 }
    for (number, members) in clusters.enumerated() {
      for index in members { clusterOf[index] = number }
    }
    var pairs = 0
    var joined = 0
    var component = Set<Int>()
    for line in try Self.unpacked("synthetic_visible.word5.pairs.gz").split(separator: "\n") {
      let parts = line.split(separator: "\t")
      guard let a = ids[String(parts[0])], let b = ids[String(parts[1])],
        let truth = Double(parts[2])
      else { continue }
      // The same windows as the reference: runs of letters and digits in lower case.
      let ours = sets[a].withUnsafeBufferPointer { x in
        sets[b].withUnsafeBufferPointer { y in Shingler.jaccard(x, y) }
      }
      #expect(abs(ours - truth) < 1e-6)
      if truth >= 0.8 {
        pairs += 1
        if clusterOf[a] == clusterOf[b] { joined += 1 }
        component.formUnion([a, b])
      }
    }
    #expect(pairs > 1000)
    #expect(Double(joined) >= 0.999 * Double(pairs), "\(joined) of \(pairs)")
    // Precision: only rows of a true pair are in clusters.
    #expect(clusters.joined().allSatisfy { component.contains($0) })
  }

  @Test("news articles: exactly the planted copies are found", arguments: ["100", "1000"])
  func articles(_ size: String) throws {
    var ids: [String] = []
    var texts: [String] = []
    for line in try Self.unpacked("articles_\(size).train.gz").split(separator: "\n") {
      let space = line.firstIndex(of: " ") ?? line.endIndex
      ids.append(String(line[..<space]))
      texts.append(String(line[space...]))
    }
    let truth = String(
      decoding: try SharedMaterial.bytes(SharedMaterial.data.path("dedup/articles_\(size).truth")),
      as: UTF8.self)
    let expected = Set(
      truth.split(separator: "\n").map { Set($0.split(separator: " ").map(String.init)) })
    let found = Set(try DuplicateSearchTests.clusters(texts).map { Set($0.map { ids[$0] }) })
    #expect(found == expected)
  }
}
