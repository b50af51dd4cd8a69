import Diagnostics
import Documents
import Foundation
import Parallelism
import Planning
import Processes
import Reproducibility
import StageKit
import Synchronization
import TestSupport
import Testing

@Suite("files of a plan")
struct FileTests {
  private let span = SourceSpan(file: "p.yaml", line: 1)

  private func names(_ folder: TemporaryFolder, _ pattern: String) throws -> [String] {
    try FileFinder(folder: folder.path).files(
      FileInput(parameter: "p", pattern: pattern, span: span)
    ).map(\.name)
  }

  @Test("globs find what they say, in order of bytes")
  func globs() throws {
    let folder = try TemporaryFolder()
    for name in [
      "a.jsonl", "B.jsonl", "a.txt", ".hidden.jsonl", "d/x.jsonl", "d/e/y.jsonl", "é.jsonl",
    ] {
      try folder.write(name, "x")
    }
    #expect(try names(folder, "./*.jsonl") == ["B.jsonl", "a.jsonl", "é.jsonl"])
    #expect(try names(folder, "?.jsonl") == ["B.jsonl", "a.jsonl", "é.jsonl"])
    #expect(
      try names(folder, "**/*.jsonl") == [
        "B.jsonl", "a.jsonl", "d/e/y.jsonl", "d/x.jsonl", "é.jsonl",
      ])
    #expect(try names(folder, "./d/**") == ["d/e/y.jsonl", "d/x.jsonl"])
    #expect(try names(folder, "*/x.jsonl") == ["d/x.jsonl"])
    #expect(try names(folder, ".*.jsonl") == [".hidden.jsonl"])
    #expect(try names(folder, ".//a.txt") == ["a.txt"])
    #expect(
      try names(folder, folder.path + "/a.*") == [folder.path + "/a.jsonl", folder.path + "/a.txt"])
    for pattern in ["*.csv", "none/*", "a.txt/*", "d", "a\u{0}.txt", ""] {
      #expect(throws: Failure.self, "\(pattern)") { try names(folder, pattern) }
    }
  }

  @Test("a folder stands for the files below it that end as asked, where it is an answer at all")
  func folders() throws {
    let folder = try TemporaryFolder()
    for name in [
      "d/b.jsonl", "d/A.JSONL", "d/a.jsonl.gz", "d/notes.docx", "d/.hidden.jsonl", "d/e/f/c.csv",
      "d/.git/x.jsonl", "none/x.bin", "d/ab.jsonl",
    ] {
      try folder.write(name, "x")
    }
    func names(_ pattern: String, _ endings: [String]) throws -> [String] {
      try FileFinder(folder: folder.path).files(
        FileInput(parameter: "p", pattern: pattern, span: span, endings: endings)
      ).map(\.name)
    }
    let endings = [".jsonl", ".jsonl.gz", ".csv"]
    let found = ["A.JSONL", "a.jsonl.gz", "ab.jsonl", "b.jsonl", "e/f/c.csv"]
    #expect(try names("./d", endings) == found.map { "d/" + $0 })
    #expect(try names("d/", endings) == found.map { "d/" + $0 })
    #expect(
      try names(folder.path + "/d", endings) == found.map { folder.path + "/d/" + $0 })
    #expect(try names("d/b.jsonl", endings) == ["d/b.jsonl"])
    #expect(throws: Failure.self) { try names("none", endings) }
    #expect(throws: Failure.self) { try names("d", []) }
  }

  @Test(
    "wildcards",
    arguments: [
      ("abc", "a*c", true), ("ac", "a*c", true), ("abcd", "a*c", false), ("a", "*", true),
      ("aXbXc", "*X*X*", true), ("aaa", "a?a", true), ("aa", "a?a", false), ("", "*", true),
      ("ab", "ab*", true), (".a", "*", false), ("aaaaaaaaaaaaaaaaaaaab", "a*a*a*a*a*a*c", false),
    ])
  func wildcards(_ name: String, _ pattern: String, _ expected: Bool) {
    #expect(FileFinder.matches(name, pattern) == expected)
  }

  private final class CountingCache: StatCache {
    let entries = Mutex<[StatKey: StatCacheEntry]>([:])
    func entry(for key: StatKey) -> StatCacheEntry? { entries.withLock { $0[key] } }
    func record(_ new: [(key: StatKey, entry: StatCacheEntry)]) {
      entries.withLock { known in for item in new { known[item.key] = item.entry } }
    }
    /// Replaces every digest, so that a use of the cache shows.
    func poison() { entries.withLock { for key in $0.keys { $0[key]?.digest = Digest(of: [9]) } } }
  }

  private func digest(_ path: String, _ cache: CountingCache, now: Int64) throws -> Digest? {
    let digester = FileDigester(cache: cache, pool: ThreadPool(threads: 2), now: { now })
    return try digester.digests(of: [FoundFile(name: "x", path: path, span: span)])[path]?.digest
  }

  @Test("an old unchanged file is not read again; a young one is")
  func racilyClean() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("x", "1")
    let key = try #require(HostFile.info(path)?.key)
    let tick = FileSystem.stampTick(of: folder.path)
    let young = CountingCache()
    #expect(try digest(path, young, now: key.changed + tick / 2) == Digest(of: Array("1".utf8)))
    young.poison()
    #expect(try digest(path, young, now: key.changed + tick / 2) == Digest(of: Array("1".utf8)))
    let old = CountingCache()
    #expect(try digest(path, old, now: key.changed + 2 * tick) == Digest(of: Array("1".utf8)))
    old.poison()
    #expect(try digest(path, old, now: key.changed + 3 * tick) == Digest(of: [9]))
  }

  @Test("an edit that keeps size and modification time is seen")
  func sneakyEdit() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("x", "1")
    let date = Date(timeIntervalSince1970: 1_700_000_000)
    try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: path)
    let cache = CountingCache()
    _ = try digest(path, cache, now: .max)
    let handle = try #require(FileHandle(forWritingAtPath: path))
    try handle.write(contentsOf: Data("2".utf8))
    try handle.close()
    try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: path)
    #expect(try digest(path, cache, now: .max) == Digest(of: Array("2".utf8)))
  }

  @Test("a folder, a pipe and a missing file are refused, not waited for")
  func special() throws {
    let folder = try TemporaryFolder()
    #expect(mkfifo(folder.path + "/pipe", 0o600) == 0)
    #expect(throws: Failure.self) { try names(folder, "./pipe") }
    let tree = try? FileFinder(folder: folder.path).tree("./pipe", .model, at: span)
    #expect(tree == nil)
  }

  @Test("a tree holds the files of a folder, without hidden ones")
  func trees() throws {
    let folder = try TemporaryFolder()
    for name in ["m/b/x", "m/a", "m/.git/c"] { try folder.write(name, "x") }
    let finder = FileFinder(folder: folder.path)
    let tree = try finder.tree("./m/", .model, at: span)
    #expect(tree.files.map(\.name) == ["a", "b/x"])
    #expect(tree.folder == folder.path + "/m")
    let single = try finder.tree("./m/a", .files, at: span)
    #expect(single.files.map(\.name) == ["a"] && single.folder == folder.path + "/m")
  }
}

@Suite("words of a pipeline")
struct WordTests {
  @Test(
    "durations",
    arguments: [
      ("10s", 10), ("2h", 7200), ("1h30m", 5400), ("500ms", 0.5), ("1.5m", 90), ("1d", 86400),
      ("0s", 0), ("", nil), ("10", nil), ("s", nil), ("1m1h", nil), ("1s1s", nil), ("-1s", nil),
      ("1w", nil), ("1e3s", nil), ("400d", nil), ("1 s", nil),
    ] as [(String, Double?)])
  func durations(_ text: String, _ seconds: Double?) {
    #expect(DurationText.seconds(text) == seconds)
  }

  @Test(
    "conditions",
    arguments: [
      ("true", true), ("false", false), ("0", false), ("0.0", false), ("''", false), ("'x'", true),
      ("'false'", true), ("null", false), ("word", true), ("${params.on}", true),
      ("not ${params.on}", false), ("!${params.on}", false), ("${params.n} == 16.0", true),
      ("${params.n} != 16", false), ("${params.s} == 'q8_0'", true), ("${params.s} == q8_0", true),
      ("'16' == ${params.n}", false || true), ("a == b or 1 == 1", true),
      ("a == a and 1 == 2", false),
      ("not (a == b) && (1 || 0)", true), ("false or not false and false", false),
      ("${env.CI} == 'yes'", true), ("${env.NONE:-x} == x", true), ("${params.empty} == ''", true),
    ])
  func conditions(_ text: String, _ expected: Bool) throws {
    let folder = try TemporaryFolder()
    let loaded = try folder.load(
      """
      name: x
      params: { on: true, n: 16, s: q8_0, empty: '' }
      stages:
        a: { uses: make, with: { sources: [ { path: ./x } ] }, if: "\(text)" }
      """, environment: ["CI": "yes"])
    #expect((loaded.spec.stages[0].skippedBy == nil) == expected)
  }

  @Test("interpolation types a whole value and joins parts as text")
  func interpolation() throws {
    let folder = try TemporaryFolder()
    let loaded = try folder.load(
      """
      name: x
      params: { dir: ./d, n: 3, list: [a, b], half: "${env.HALF}", name: "r-${params.n}" }
      stages:
        a: { uses: make, with: { sources: [ { path: "${params.dir}/${params.name}.jsonl", type: "$${x}" } ] } }
        b: { uses: clean, inputs: { records: a }, with: { limit: "${params.n}", labels: "${params.list}", threshold: "${params.half}" } }
      """, environment: ["HALF": "0.5"])
    let values = loaded.spec.stages.map { stage in
      stage.parameters.mapping?.map { "\($0.name)=\(String(describing: $0.value.scalar?.text))" }
    }
    #expect(values[1] == ["limit=Optional(\"3\")", "labels=nil", "threshold=Optional(\"0.5\")"])
    let source = try #require(loaded.spec.stages[0].parameters["sources"]?.sequence?.first)
    #expect(source["path"]?.scalar?.text == "./d/r-3.jsonl")
    #expect(source["type"]?.scalar?.text == "${x}")
  }
}
