import Curation
import Documents
import Foundation
import Parallelism
import Records
import Reproducibility

/// Deduplication of a records artifact, without the engine around it.
struct DedupBench {
  static let usage = """
           data-bench dedup-records TEXTS.jsonl FOLDER
           data-bench dedup FOLDER OUT [--threads N] [--memory BYTES] [--threshold X]
             [--permutations N] [--cluster components|greedy] [--substring WORDS]
    FOLDER is a records artifact; OUT gets kept/, clusters/, report/ and labels.tsv (a line for each
    row: its number and that of the row kept).
    """

  private var paths: [String] = []
  private var options: [String: String] = [:]

  init(_ arguments: [String]) throws {
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      if argument.hasPrefix("--") {
        guard let value = rest.popFirst() else {
          throw DataBench.Problem(message: "\(argument) needs a value")
        }
        options[argument] = value
      } else {
        paths.append(argument)
      }
    }
    guard paths.count == 2 else { throw DataBench.Problem(message: DataBench.usage) }
  }

  /// Rows of the texts of a JSONL file with `text`.
  static func makeRecords(_ arguments: [String]) throws {
    guard arguments.count == 2 else { throw DataBench.Problem(message: DataBench.usage) }
    try FileManager.default.createDirectory(
      atPath: arguments[1], withIntermediateDirectories: true)
    let writer = try RecordsWriter(folder: arguments[1])
    let file = try BlockReader(arguments[0])
    var identity = RowIdentity()
    var pending: [UInt8] = []
    var number = 0
    while try file.read(4 << 20, into: &pending) > 0 {
      var start = 0
      while let end = pending[start...].firstIndex(of: 10) {
        let json = try JSONReader.parse(Array(pending[start..<end]), file: "texts")
        let fields = [JSONMember("n", .integer(Int64(number)))]
        let content = RowContent.text(json["text"]?.stringValue ?? "")
        try writer.append(
          Row(id: identity.next(content, fields), content: content, fields: fields))
        number += 1
        start = end + 1
      }
      pending.removeFirst(start)
    }
    try writer.finish()
    print("\(number) rows")
  }

  func run() throws {
    let threshold = options["--threshold"].flatMap(Double.init) ?? 0.8
    let permutations = options["--permutations"].flatMap { Int($0) } ?? MinHash.permutationsDefault
    let rules = DedupRules(
      MinHash(threshold: threshold, permutations: permutations, seed: 1),
      Shingler(.words, size: 5),
      clustering: options["--cluster"].flatMap { .init(rawValue: $0) } ?? .components,
      memory: options["--memory"].flatMap { Int($0) } ?? 3_000_000_000)
    let threads = options["--threads"].flatMap { Int($0) } ?? 1
    let out = paths[1]
    for folder in ["kept", "clusters", "report"] {
      try FileManager.default.createDirectory(
        atPath: out + "/" + folder, withIntermediateDirectories: true)
    }
    let reader = try RecordsReader(FileTree(folder: paths[0]))
    var marks: [(name: String, seconds: Double)] = []
    let start = DataBench.processorSeconds
    var hooks = Deduplication.Hooks()
    var sketched = 0.0
    hooks.progress = { _, _, unit in
      if unit == "rows" { sketched = DataBench.processorSeconds - start }
    }
    let pool = ThreadPool(threads: threads)
    let result = try Deduplication(rules, pool, temporary: out, hooks).run(reader)
    marks.append(("sketch", sketched))
    marks.append(("search", DataBench.processorSeconds - start - sketched))
    let found = DataBench.processorSeconds
    var substring = try options["--substring"].flatMap { Int($0) }.map { words in
      try SubstringSearch(SubstringRules(minWords: words, action: .cut), pool, temporary: out)
        .run(reader, result)
    }
    marks.append(("substring", DataBench.processorSeconds - found))
    let searched = DataBench.processorSeconds
    try DedupFiles(result, pool).write(
      reader, &substring, kept: out + "/kept", clusters: out + "/clusters", report: out + "/report")
    marks.append(("write", DataBench.processorSeconds - searched))
    let total = DataBench.processorSeconds - start
    report(result, marks, total)
    if let substring { print(JSONWriter.compact(substring.json)) }
    try labels(result, out + "/labels.tsv")
  }

  private func report(
    _ result: DedupResult, _ marks: [(name: String, seconds: Double)], _ total: Double
  ) {
    let rows = max(1, result.rowCount)
    let parts = marks.map {
      "\($0.name) \(String(format: "%.2f", $0.seconds / Double(rows) * 1e6))"
    }
    print(
      "\(result.rowCount) texts, \(Int(Double(rows) / total)) per CPU second; us a text: "
        + parts.joined(separator: ", ") + "; peak anonymous \(Self.peakAnonymous >> 20) MiB, "
        + "removed \(result.removedCount), \(result.summary)")
  }

  private func labels(_ result: DedupResult, _ path: String) throws {
    var kept = (0..<UInt32(result.rowCount)).map { $0 }
    for member in result.clusters.members { kept[Int(member.row)] = member.kept }
    let file = try OutputFile(path)
    for (row, kept) in kept.enumerated() { try file.append("\(row)\t\(kept)\n") }
    try file.finish()
  }

  /// The most physical memory at any time without mapped files, which are the program itself.
  private static var peakAnonymous: Int {
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else {
      return 0
    }
    func kilobytes(_ name: String) -> Int {
      let line = status.split(separator: "\n").first { $0.hasPrefix(name + ":") }
      let words = line?.split(whereSeparator: \.isWhitespace) ?? []
      return words.count > 1 ? Int(words[1]) ?? 0 : 0
    }
    return (kilobytes("VmHWM") - kilobytes("RssFile")) * 1024
  }
}
