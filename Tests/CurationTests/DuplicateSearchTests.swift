import Curation
import Documents
import Foundation
import Parallelism
import Records
import Reproducibility
import TestSupport
import Testing

/// A records artifact of texts, and what deduplication finds in it.
enum DedupFixture {
  static func records(
    _ rows: [(content: RowContent, fields: [JSONMember])], _ folder: TemporaryFolder,
    _ name: String = "records"
  ) throws -> RecordsReader {
    let path = try folder.makeFolder(name)
    let writer = try RecordsWriter(folder: path)
    var identity = RowIdentity()
    for row in rows {
      let id = identity.next(row.content, row.fields)
      try writer.append(Row(id: id, content: row.content, fields: row.fields))
    }
    try writer.finish()
    return try RecordsReader(FileTree(folder: path))
  }

  static func find(
    _ rows: [(content: RowContent, fields: [JSONMember])], threads: Int = 2,
    _ change: (inout DedupRules) -> Void = { _ in }
  ) throws -> DedupResult {
    let folder = try TemporaryFolder()
    var rules = DedupRules(
      MinHash(threshold: 0.8, seed: 1), Shingler(.words, size: 5))
    change(&rules)
    return try Deduplication(rules, ThreadPool(threads: threads), temporary: folder.path)
      .run(try records(rows, folder))
  }

  /// Rows of each cluster, in order of the first.
  static func sets(_ result: DedupResult) -> [[Int]] {
    Dictionary(grouping: result.clusters.members, by: \.kept).values
      .map { $0.map { Int($0.row) }.sorted() }.sorted { $0[0] < $1[0] }
  }

  /// Texts of 40 words from a vocabulary of 500, many of them small changes of earlier ones.
  static func changedTexts(_ count: Int, seed: Int) -> [String] {
    let random = CounterRandom(seed: UInt64(seed), stream: "texts")
    var texts: [String] = []
    for index in 0..<count {
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
    return texts
  }
}

@Suite struct DuplicateSearchTests {
  static func clusters(
    _ texts: [String], _ change: (inout DedupRules) -> Void = { _ in }
  ) throws -> [[Int]] {
    DedupFixture.sets(try DedupFixture.find(texts.map { (.text($0), []) }, change))
  }

  private static func similarity(_ a: Set<UInt32>, _ b: Set<UInt32>) -> Double {
    let common = a.intersection(b).count
    return Double(common) / Double(a.count + b.count - common)
  }

  @Test("the clusters are the components of an exact comparison of all pairs", arguments: 0..<6)
  func exact(_ seed: Int) throws {
    let texts = DedupFixture.changedTexts(300, seed: seed)
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
    let texts = (0..<20_000).map {
      $0 % 2 == 0 ? "one two three four five six" : "ONE two, three four five six"
    }
    let result = try DedupFixture.find(texts.map { (.text($0), []) })
    #expect(result.clusters.clusters.map(\.rows) == [20_000])
    #expect(result.pairsVerified == 0)
    #expect(result.removedExact == 9_999)
    #expect(result.removedNear == 10_000)
  }

  @Test("a crowd of rows with most lines in common is split by a second band")
  func crowd() throws {
    let form = (0..<60).map { "line\($0)" }.joined(separator: " ")
    // Rows of 60 equal and 12 own words: similarity 56 / 80 to each other; 20 have a near copy.
    var texts = (0..<2200).map { index in
      form + " " + (0..<12).map { "own\(index)x\($0)" }.joined(separator: " ")
    }
    for index in 0..<20 { texts.append(texts[index * 50] + " more") }
    let result = try DedupFixture.find(texts.map { (.text($0), []) })
    #expect(DedupFixture.sets(result) == (0..<20).map { [$0 * 50, 2200 + $0] })
    #expect(result.splitBuckets > 0)
  }

  @Test(
    "nothing changes with threads, or when keys and shingles are in files",
    arguments: [(1, 2_000_000_000), (4, 2_000_000_000), (3, 0)])
  func independence(_ threads: Int, _ memory: Int) throws {
    let rows = DedupFixture.changedTexts(6000, seed: 9).map {
      (content: RowContent.text($0), fields: [JSONMember]())
    }
    let expected = try DedupFixture.find(rows).clusters.members
    let found = try DedupFixture.find(rows, threads: threads) { $0.memory = memory }
    #expect(found.keysInMemory == (memory > 0))
    #expect(found.shinglesInMemory == (memory > 0))
    #expect(found.clusters.members == expected)
    #expect(expected.count > 1500)
  }

  @Test("greedy: every removed row is near the row kept, no two rows kept are near each other")
  func greedy() throws {
    let texts = DedupFixture.changedTexts(400, seed: 3)
    let result = try DedupFixture.find(texts.map { (.text($0), []) }) { $0.clustering = .greedy }
    let shingler = Shingler(.words, size: 5)
    let sets = texts.map { Set(shingler.set(of: [$0])) }
    for member in result.clusters.members {
      let exact = Self.similarity(sets[Int(member.row)], sets[Int(member.kept)])
      #expect(member.similarity == exact)
      #expect(exact >= 0.8)
    }
    let kept = texts.indices.filter { !result.isRemoved[$0] }
    for (place, a) in kept.enumerated() {
      for b in kept[..<place] { #expect(Self.similarity(sets[a], sets[b]) < 0.8) }
    }
    let components = try DedupFixture.find(texts.map { (.text($0), []) })
    #expect(components.removedCount > result.removedCount)
    #expect(components.removedThroughOthers > 0)
    #expect(result.removedThroughOthers == 0)
    for cluster in components.clusters.clusters where cluster.isDiameterExact {
      let rows = components.clusters.members.filter { $0.kept == cluster.kept }.map { Int($0.row) }
      let lowest = rows.flatMap { a in rows.map { Self.similarity(sets[a], sets[$0]) } }.min()
      #expect(cluster.diameter == 1 - (lowest ?? 0))
    }
  }

  @Test("rows are compared within or across sources when the rules say so")
  func scope() throws {
    let text = "one two three four five six seven eight nine ten"
    let rows = ["a", "a", "b", "b", "c"].enumerated().map { index, source in
      (
        content: RowContent.text(index == 4 ? "something else said by nobody" : text),
        fields: [JSONMember("source", .string(source)), JSONMember("n", .integer(Int64(index)))]
      )
    }
    let within = try DedupFixture.find(rows) { $0.scope = .within }
    #expect(DedupFixture.sets(within) == [[0, 1], [2, 3]])
    let across = try DedupFixture.find(rows) { $0.scope = .across }
    #expect(across.isRemoved == [false, false, true, true, false])
    let near = rows.enumerated().map { index, row in
      index == 2 || index == 3
        ? (content: RowContent.text(text + " eleven\(index)"), fields: row.fields) : row
    }
    let nearAcross = try DedupFixture.find(near) { $0.scope = .across }
    #expect(nearAcross.isRemoved == [false, false, true, true, false])
    let nearWithin = try DedupFixture.find(near) { $0.scope = .within }
    #expect(nearWithin.isRemoved == [false, true, false, false, false])
  }

  @Test("exact finds equal texts, normalised what differs in case and marks alone")
  func methods() throws {
    let texts = [
      "a b c d e f", "A b c d e f!", "a b c d e f", "a b c d e f g h i j k l m n o", "?", "?", "!",
    ]
    #expect(try Self.clusters(texts) { $0.method = .exact } == [[0, 2], [4, 5]])
    #expect(try Self.clusters(texts) { $0.method = .normalised } == [[0, 1, 2], [4, 5]])
  }

  @Test("what the user says, the answers, or a column may be compared alone")
  func texts() throws {
    func row(_ question: String, _ answer: String, _ topic: String) -> (
      content: RowContent, fields: [JSONMember]
    ) {
      (
        .conversation([Message(.user, question), Message(.assistant, answer)], tools: nil),
        [JSONMember("topic", .string(topic))]
      )
    }
    let rows = [
      row("why is it so", "because it is", "one"), row("why is it so", "nobody knows that", "two"),
      row("what is it then", "because it is", "two"), (.text("plain"), []),
    ]
    func sets(_ texts: DedupRules.Texts) throws -> [[Int]] {
      DedupFixture.sets(try DedupFixture.find(rows) { $0.texts = texts })
    }
    #expect(try sets(.all) == [])
    #expect(try sets(.user) == [[0, 1]])
    #expect(try sets(.assistant) == [[0, 2]])
    #expect(try sets(.column("topic")) == [[1, 2]])
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
