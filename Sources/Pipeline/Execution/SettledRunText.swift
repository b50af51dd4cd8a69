private import Glibc
internal import Reproducibility
internal import StageKit

/// A ``SettledRun`` as lines of text, the last of them the digest of those before. A file that is not
/// whole says nothing.
struct SettledRunText {
  var path: String
  var overrides: [String]
  /// SHA-256 of the pipeline file.
  var pipeline: String
  /// The stamp of the program.
  var tool = ""
  /// What ``RunStore/mark(_:)`` says of the database.
  var database = ""
  /// Where ORCHESTRATE_CACHE points.
  var cache = ""
  /// What 'device: auto' came to; empty where no stage has a device.
  var device = ""
  var settled: SettledRun
  /// Absolute paths with the stamps they must have.
  var files: [(stamp: FileStamp, path: String)] = []
  /// The lines of `files` where they were read; then `files` is empty.
  private var lines: ArraySlice<UInt8> = []

  init(question: SettledRun.Question, pipeline: String, settled: SettledRun) {
    path = question.path
    overrides = question.overrides
    self.pipeline = pipeline
    self.settled = settled
  }

  private static let header = "orchestrate settled 2"
  private static let digestBytes = 64

  /// Whether no text would break a line.
  var isPlain: Bool {
    let texts =
      [path, settled.pipelineName] + overrides + files.map(\.path)
      + settled.stages.flatMap { [$0.name] + $0.outputs.map(\.port) }
    return texts.allSatisfy { $0.utf8.allSatisfy { $0 >= 32 } }
  }

  static func text(_ stamp: FileStamp) -> String {
    "\(stamp.device) \(stamp.inode) \(stamp.size) \(stamp.modified) \(stamp.changed)"
  }

  // MARK: - Writing

  /// A file that does not survive is only missed, so that nothing is flushed.
  func write(_ target: String) {
    var text = [Self.header, path, pipeline, tool, database, cache, device, settled.pipelineName]
    text.append("\(settled.run) \(overrides.count) \(settled.stages.count) \(files.count)")
    text += overrides
    for stage in settled.stages {
      text.append(
        stage.name + stage.outputs.map { "\t\($0.port)\t\($0.digest)" }.joined())
    }
    for file in files { text.append("\(Self.text(file.stamp)) \(file.path)") }
    var bytes = Array((text.joined(separator: "\n") + "\n").utf8)
    bytes += Array(Digest(of: bytes).hex.utf8)
    let temporary = "\(target)\(DurableFile.temporaryPrefix)"
    do {
      try DurableFile.writeFleeting(bytes, to: temporary)
      try DurableFile.rename(temporary, to: target)
    } catch {
      unlink(temporary)
    }
  }

  // MARK: - Reading

  /// Nil when there is none that is whole.
  static func read(_ path: String) -> SettledRunText? {
    guard let bytes = try? DurableFile.read(path), bytes.count > digestBytes else { return nil }
    let body = bytes[..<(bytes.count - digestBytes)]
    guard Array(bytes.suffix(digestBytes)) == Array(Digest(of: Array(body)).hex.utf8) else {
      return nil
    }
    var rest = body
    func line() -> String? {
      guard let end = rest.firstIndex(of: 10) else { return nil }
      defer { rest = rest[(end + 1)...] }
      return String(decoding: rest[rest.startIndex..<end], as: UTF8.self)
    }
    guard line() == header, let path = line(), let pipeline = line(), let tool = line(),
      let database = line(), let cache = line(), let device = line(),
      let name = line(),
      let numbers = line()?.split(separator: " ").map({ Int($0) }), numbers.count == 4,
      let run = numbers[0], let given = numbers[1], let stages = numbers[2]
    else { return nil }
    var overrides: [String] = []
    for _ in 0..<given {
      guard let text = line() else { return nil }
      overrides.append(text)
    }
    var found: [SettledRun.Stage] = []
    for _ in 0..<stages {
      guard let fields = line()?.split(separator: "\t").map(String.init), let name = fields.first
      else { return nil }
      found.append(
        .init(
          name: name,
          outputs: stride(from: 1, to: fields.count - 1, by: 2).map { (fields[$0], fields[$0 + 1]) }
        ))
    }
    var memo = SettledRunText(
      question: .init(path: path, overrides: overrides), pipeline: pipeline,
      settled: SettledRun(run: Int64(run), pipelineName: name, stages: found))
    (memo.tool, memo.database, memo.cache, memo.lines) = (tool, database, cache, rest)
    memo.device = device
    return memo
  }

  // MARK: - Comparing

  /// Whether every file has its stamp.
  func filesStand() -> Bool {
    if !files.allSatisfy({ FileStamp(ofFile: $0.path) == $0.stamp }) { return false }
    var bytes = Array(lines)
    return bytes.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return true }
      var at = 0
      while at < buffer.count {
        guard let line = Self.stamp(buffer, from: at) else { return false }
        var end = line.path
        while end < buffer.count, buffer[end] != 10 { end += 1 }
        guard end < buffer.count else { return false }
        buffer[end] = 0
        var info = stat()
        let path = UnsafeRawPointer(base + line.path).assumingMemoryBound(to: CChar.self)
        guard stat(path, &info) == 0, FileStamp(info) == line.stamp else { return false }
        at = end + 1
      }
      return true
    }
  }

  /// Five numbers, each with a space behind it, and where the path begins.
  private static func stamp(_ bytes: UnsafeMutableBufferPointer<UInt8>, from start: Int)
    -> (stamp: FileStamp, path: Int)?
  {
    var at = start
    func number() -> UInt64? {
      var value: UInt64 = 0
      let first = at
      while at < bytes.count, bytes[at] >= 48, bytes[at] <= 57 {
        value = value &* 10 &+ UInt64(bytes[at] - 48)
        at += 1
      }
      guard at > first, at < bytes.count, bytes[at] == 32 else { return nil }
      at += 1
      return value
    }
    guard let device = number(), let inode = number(), let size = number(),
      let modified = number(), let changed = number()
    else { return nil }
    return (
      FileStamp(
        device: device, inode: inode, size: Int64(bitPattern: size),
        modified: Int64(bitPattern: modified), changed: Int64(bitPattern: changed)), at
    )
  }
}
