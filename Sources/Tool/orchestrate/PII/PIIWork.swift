import Diagnostics
import Documents
import Foundation
import Scrubbing

/// What the threads of `orchestrate pii` do with a piece of a file.
struct PIIWork: Sendable {
  enum Output: Sendable { case counts, spans, scrubbed }

  let file: String
  let field: String
  let detector: Detector
  let scrubber: Scrubber
  let output: Output

  /// What was made of a piece.
  struct Result: Sendable {
    var bytes: [UInt8] = []
    var rows = 0
    var touched = 0
    var counts: [Entity: Int] = [:]

    /// - Parameter kinds: whether to count by entity as well.
    mutating func count(_ detections: [Detection], kinds: Bool) {
      rows += 1
      if !detections.isEmpty { touched += 1 }
      guard kinds else { return }
      for detection in detections { counts[detection.entity, default: 0] += 1 }
    }

    mutating func add(_ other: Result) {
      rows += other.rows
      touched += other.touched
      for (entity, count) in other.counts { counts[entity, default: 0] += count }
    }
  }

  /// - Parameters:
  ///   - piece: whole lines of a .jsonl file.
  ///   - firstLine: the number of its first line.
  func rows(_ piece: UnsafeBufferPointer<UInt8>, firstLine: Int) throws -> Result {
    var result = Result()
    var scratch = DetectorScratch()
    var tape = JSONTape()
    var decoded: [UInt8] = []
    let fieldBytes = Array(field.utf8)
    var number = firstLine
    var start = 0
    if output != .counts { result.bytes.reserveCapacity(piece.count / 2) }
    while start < piece.count {
      let end = Self.lineEnd(piece, from: start)
      let line = UnsafeBufferPointer(rebasing: piece[start..<end])
      if line.first == UInt8(ascii: "{")
        || !line.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 })
      {
        if tape.holds(line, line: number), let found = PIILine(tape, field: fieldBytes),
          let text = found.text
        {
          take(
            found, ByteText(tape.bytes(text, &decoded)), number, line, tape, &scratch, &result)
        } else {
          try slow(line, number, &scratch, &result)
        }
      }
      number += 1
      start = end + 1
    }
    return result
  }

  /// The next line feed, or the end.
  static func lineEnd(_ piece: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    guard let base = piece.baseAddress, let found = memchr(base + start, 0x0A, piece.count - start)
    else { return piece.count }
    return UnsafeRawPointer(base).distance(to: found)
  }

  private func take(
    _ found: PIILine, _ text: ByteText, _ number: Int, _ line: UnsafeBufferPointer<UInt8>,
    _ tape: borrowing JSONTape, _ scratch: inout DetectorScratch, _ result: inout Result
  ) {
    let detections = detector.detections(in: text, &scratch)
    result.count(detections, kinds: output == .counts)
    switch output {
    case .counts: break
    case .spans:
      result.bytes.append(contentsOf: "{\"id\":".utf8)
      if let id = found.id {
        result.bytes.append(contentsOf: PIILine.raw(id, tape))
      } else {
        Self.append(number, &result.bytes)
      }
      PIISpans.append(detections, text, to: &result.bytes)
    case .scrubbed:
      guard let place = found.text, let base = line.baseAddress,
        let value = PIILine.raw(place, tape).baseAddress
      else { return }
      // Behind a byte order mark.
      let start = base.distance(to: tape.text)
      let before = base.distance(to: value)
      let end = before + PIILine.raw(place, tape).count
      result.bytes.append(contentsOf: line[start..<before])
      JSONWriter.appendString(scrubber.scrub(text, detections), to: &result.bytes)
      result.bytes.append(contentsOf: line[end...])
      result.bytes.append(0x0A)
    }
  }

  /// A line that only the strict reader can judge.
  private func slow(
    _ line: UnsafeBufferPointer<UInt8>, _ number: Int, _ scratch: inout DetectorScratch,
    _ result: inout Result
  ) throws {
    let json = try JSONReader.parse(line, file: file, line: number)
    guard let text = json[field]?.stringValue else {
      throw Diagnostic(
        "pii.no-text", "the row has no text in '\(SafeText.escaped(field))'",
        at: SourceSpan(file: file, line: number), fix: "name the column with --field"
      ).failure(.badInput)
    }
    var copy = text
    let detections = copy.withUTF8 { detector.detections(in: ByteText($0), &scratch) }
    result.count(detections, kinds: output == .counts)
    switch output {
    case .counts: break
    case .spans:
      result.bytes.append(contentsOf: "{\"id\":".utf8)
      JSONWriter.append(json["id"] ?? .integer(Int64(number)), sorted: false, to: &result.bytes)
      copy.withUTF8 { PIISpans.append(detections, ByteText($0), to: &result.bytes) }
    case .scrubbed:
      guard case .object(var members) = json else { return }
      for index in members.indices where members[index].key == field {
        members[index].value = .string(scrubber.scrub(text).text)
      }
      JSONWriter.append(.object(members), sorted: false, to: &result.bytes)
      result.bytes.append(0x0A)
    }
  }

  private static func append(_ value: Int, _ out: inout [UInt8]) {
    out.append(contentsOf: String(value).utf8)
  }
}
