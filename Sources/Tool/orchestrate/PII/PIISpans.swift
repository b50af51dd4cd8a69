import Scrubbing

/// The end of a line of `orchestrate pii --json`: `,"entities":[…]}` and a line feed. Places are in
/// Unicode code points.
enum PIISpans {
  /// Bytes of one finding beside the name of its entity: four names, two places, a score.
  private static let findingBytes = 96

  static func append(_ detections: [Detection], _ text: ByteText, to out: inout [UInt8]) {
    var room = 32
    for detection in detections { room += findingBytes + detection.entity.name.utf8.count }
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: room) { buffer in
      var line = Line(out: buffer)
      line.add(",\"entities\":[")
      var place = Place(text: text.bytes)
      for (index, detection) in detections.enumerated() {
        line.add(index > 0 ? ",{\"start\":" : "{\"start\":")
        line.add(place.scalars(before: detection.range.lowerBound))
        line.add(",\"end\":")
        line.add(place.scalars(before: detection.range.upperBound))
        line.add(",\"type\":\"")
        for byte in detection.entity.name.utf8 { line.add(byte) }
        line.add("\",\"score\":")
        line.add(score: detection.score)
        line.add("}")
      }
      line.add("]}\n")
      out.append(contentsOf: buffer[..<line.count])
    }
  }

  /// Counts code points from place to place.
  private struct Place {
    let text: UnsafeBufferPointer<UInt8>
    private var offset = 0
    private var count = 0

    init(text: UnsafeBufferPointer<UInt8>) { self.text = text }

    /// - Parameter end: a UTF-8 offset; not before the last one asked for.
    mutating func scalars(before end: Int) -> Int {
      guard end > offset, end <= text.count, let base = text.baseAddress else { return count }
      let bytes = UnsafeRawPointer(base)
      // Eight bytes at a time; those that begin no code point are 10xxxxxx.
      while end - offset >= 8 {
        let eight = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        let inner = eight & ~(eight << 1) & 0x8080_8080_8080_8080
        count += 8 - inner.nonzeroBitCount
        offset += 8
      }
      while offset < end {
        count += base[offset] & 0xC0 != 0x80 ? 1 : 0
        offset += 1
      }
      return count
    }
  }

  private struct Line {
    let out: UnsafeMutableBufferPointer<UInt8>
    private(set) var count = 0

    init(out: UnsafeMutableBufferPointer<UInt8>) { self.out = out }

    mutating func add(_ byte: UInt8) {
      out[count] = byte
      count += 1
    }

    mutating func add(_ text: StaticString) {
      precondition(count + text.utf8CodeUnitCount <= out.count, "room for every finding")
      guard let place = out.baseAddress else { return }
      (place + count).update(from: text.utf8Start, count: text.utf8CodeUnitCount)
      count += text.utf8CodeUnitCount
    }

    mutating func add(_ number: Int) {
      if number >= 10 { add(number / 10) }
      add(UInt8(0x30 + number % 10))
    }

    /// Two places are all that scores have.
    mutating func add(score: Double) {
      let hundredths = Int((min(1, max(0, score)) * 100).rounded())
      if hundredths == 100 { return add(UInt8(ascii: "1")) }
      add("0.")
      add(UInt8(0x30 + hundredths / 10))
      if hundredths % 10 != 0 { add(UInt8(0x30 + hundredths % 10)) }
    }
  }
}
