import Diagnostics
import Documents
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

    mutating func count(_ detections: [Detection]) {
      rows += 1
      if !detections.isEmpty { touched += 1 }
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
    var decoded: [UInt8] = []
    let fieldBytes = Array(field.utf8)
    var number = firstLine
    var start = 0
    while start < piece.count {
      let end = piece[start...].firstIndex(of: 0x0A) ?? piece.count
      let line = UnsafeBufferPointer(rebasing: piece[start..<end])
      if !line.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) {
        if let fast = PIILine(line, field: fieldBytes), let text = fast.text, Self.isUTF8(line) {
          let id = fast.id.map { line[$0] }
          if fast.hasEscapes {
            decoded.removeAll(keepingCapacity: true)
            fast.decodeText(into: &decoded)
            decoded.withUnsafeBufferPointer {
              take(ByteText($0), id, number, line, text, &scratch, &result)
            }
          } else {
            take(
              ByteText(UnsafeBufferPointer(rebasing: line[text])), id, number, line, text, &scratch,
              &result)
          }
        } else {
          try slow(line, number, &scratch, &result)
        }
      }
      number += 1
      start = end + 1
    }
    return result
  }

  private static func isUTF8(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
    line.allSatisfy { $0 < 0x80 } || String(validating: line, as: UTF8.self) != nil
  }

  private func take(
    _ text: ByteText, _ id: Slice<UnsafeBufferPointer<UInt8>>?, _ number: Int,
    _ line: UnsafeBufferPointer<UInt8>, _ place: Range<Int>, _ scratch: inout DetectorScratch,
    _ result: inout Result
  ) {
    let detections = detector.detections(in: text, &scratch)
    result.count(detections)
    switch output {
    case .counts: break
    case .spans:
      result.bytes.append(contentsOf: "{\"id\":".utf8)
      if let id { result.bytes.append(contentsOf: id) } else { Self.append(number, &result.bytes) }
      Self.appendSpans(detections, text, &result.bytes)
    case .scrubbed:
      result.bytes.append(contentsOf: line[..<place.lowerBound].dropLast())
      let scrubbed = scrubber.scrub(text, detections)
      JSONWriter.appendString(scrubbed, to: &result.bytes)
      result.bytes.append(contentsOf: line[place.upperBound...].dropFirst())
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
    result.count(detections)
    switch output {
    case .counts: break
    case .spans:
      result.bytes.append(contentsOf: "{\"id\":".utf8)
      JSONWriter.append(json["id"] ?? .integer(Int64(number)), sorted: false, to: &result.bytes)
      copy.withUTF8 { Self.appendSpans(detections, ByteText($0), &result.bytes) }
    case .scrubbed:
      guard case .object(var members) = json else { return }
      for index in members.indices where members[index].key == field {
        members[index].value = .string(scrubber.scrub(text).text)
      }
      JSONWriter.append(.object(members), sorted: false, to: &result.bytes)
      result.bytes.append(0x0A)
    }
  }

  /// `,"entities":[…]}` and a line feed; places in Unicode code points.
  static func appendSpans(_ detections: [Detection], _ text: ByteText, _ out: inout [UInt8]) {
    out.append(contentsOf: ",\"entities\":[".utf8)
    var position = 0
    var scalars = 0
    func offset(_ end: Int) -> Int {
      var count = 0
      for place in position..<end where text.bytes[place] & 0xC0 != 0x80 { count += 1 }
      position = max(position, end)
      scalars += count
      return scalars
    }
    for (index, detection) in detections.enumerated() {
      if index > 0 { out.append(UInt8(ascii: ",")) }
      out.append(contentsOf: "{\"start\":".utf8)
      append(offset(detection.range.lowerBound), &out)
      out.append(contentsOf: ",\"end\":".utf8)
      append(offset(detection.range.upperBound), &out)
      out.append(contentsOf: ",\"type\":\"".utf8)
      out.append(contentsOf: detection.entity.name.utf8)
      out.append(contentsOf: "\",\"score\":".utf8)
      // Two places are all that scores have.
      let score = Int((min(1, max(0, detection.score)) * 100).rounded())
      if score == 100 {
        out.append(UInt8(ascii: "1"))
      } else {
        out.append(contentsOf: "0.".utf8)
        out.append(UInt8(0x30 + score / 10))
        if score % 10 != 0 { out.append(UInt8(0x30 + score % 10)) }
      }
      out.append(UInt8(ascii: "}"))
    }
    out.append(contentsOf: "]}\n".utf8)
  }

  private static func append(_ value: Int, _ out: inout [UInt8]) {
    if value >= 10 { append(value / 10, &out) }
    out.append(UInt8(0x30 + value % 10))
  }
}
