/// A string of a template: UTF-8 bytes, and which of them came from the caller's messages.
///
/// The origins let the tokenizer treat what users wrote as text, whatever it looks like, and the
/// masks follow a message to its place in the output.
struct TemplateText: Sendable {
  /// Bytes `start..<end` came from message `source` (−1: from the tools).
  struct Origin: Sendable, Equatable {
    var start: Int
    var end: Int
    var source: Int
  }

  private(set) var bytes: [UInt8] = []
  /// Sorted, not overlapping, none empty.
  private(set) var origins: [Origin] = []
  /// What `safe` makes: joined to other text, it escapes that text for HTML, as markupsafe does.
  var isMarkup = false

  init() {}
  init(bytes: [UInt8]) { self.bytes = bytes }
  init(_ text: String) { bytes = Array(text.utf8) }

  /// Text that is all from one place.
  init(_ text: String, source: Int?) {
    bytes = Array(text.utf8)
    if let source, !bytes.isEmpty {
      origins = [Origin(start: 0, end: bytes.count, source: source)]
    }
  }

  var string: String { String(decoding: bytes, as: UTF8.self) }
  var isEmpty: Bool { bytes.isEmpty }
  var count: Int { bytes.count }

  mutating func append(_ other: TemplateText) {
    for origin in other.origins {
      add(
        Origin(
          start: origin.start + bytes.count, end: origin.end + bytes.count, source: origin.source))
    }
    bytes += other.bytes
  }

  mutating func append(_ more: [UInt8]) { bytes += more }

  /// Appends bytes that all come from `source` (nil: from the template).
  mutating func append(_ more: [UInt8], source: Int?) {
    if let source, !more.isEmpty {
      add(Origin(start: bytes.count, end: bytes.count + more.count, source: source))
    }
    bytes += more
  }

  private mutating func add(_ origin: Origin) {
    if let last = origins.indices.last, origins[last].end == origin.start,
      origins[last].source == origin.source
    {
      origins[last].end = origin.end
    } else {
      origins.append(origin)
    }
  }

  /// The bytes of a range, with their origins.
  func slice(_ start: Int, _ end: Int) -> TemplateText {
    if start == 0, end == bytes.count { return self }
    var out = TemplateText()
    if start >= end { return out }
    out.bytes = Array(bytes[start..<end])
    for origin in origins where origin.end > start && origin.start < end {
      out.origins.append(
        Origin(
          start: max(origin.start, start) - start, end: min(origin.end, end) - start,
          source: origin.source))
    }
    return out
  }

  /// `bytes` in place of these; from the caller's messages as a whole if any of these were.
  func replacing(_ bytes: [UInt8]) -> TemplateText {
    var out = TemplateText()
    out.append(bytes, source: origins.first?.source)
    return out
  }

  /// `&`, `<`, `>` and quotes as HTML writes them.
  func escaped() -> TemplateText {
    var out = TemplateText()
    out.isMarkup = true
    var copied = 0
    for (index, byte) in bytes.enumerated() {
      let entity: StaticString
      switch byte {
      case 0x26: entity = "&amp;"
      case 0x3C: entity = "&lt;"
      case 0x3E: entity = "&gt;"
      case 0x22: entity = "&#34;"
      case 0x27: entity = "&#39;"
      default: continue
      }
      out.append(slice(copied, index))
      let source = origins.first { $0.start <= index && index < $0.end }?.source
      out.append(entity.withUTF8Buffer { Array($0) }, source: source)
      copied = index + 1
    }
    out.append(slice(copied, count))
    return out
  }

  /// Python's `+` of two strings.
  func joined(_ other: TemplateText) -> TemplateText {
    var out = other.isMarkup && !isMarkup ? escaped() : self
    out.append(isMarkup && !other.isMarkup ? other.escaped() : other)
    out.isMarkup = isMarkup || other.isMarkup
    return out
  }

  /// The first position at or after `from` where `needle` stands, or nil.
  func find(_ needle: [UInt8], from: Int = 0) -> Int? {
    if needle.isEmpty { return from <= bytes.count ? from : nil }
    var index = from
    while index + needle.count <= bytes.count {
      if bytes[index] == needle[0], bytes[index..<(index + needle.count)].elementsEqual(needle) {
        return index
      }
      index += 1
    }
    return nil
  }

  /// Offsets of the scalars, and the end.
  var scalarOffsets: [Int] {
    var offsets: [Int] = []
    offsets.reserveCapacity(bytes.count + 1)
    for (index, byte) in bytes.enumerated() where byte & 0xC0 != 0x80 { offsets.append(index) }
    offsets.append(bytes.count)
    return offsets
  }

  var scalarCount: Int { bytes.reduce(0) { $0 + ($1 & 0xC0 != 0x80 ? 1 : 0) } }

  /// Offsets left when scalars for which `drop` holds are taken from both ends, as asked.
  func trimmed(left: Bool = true, right: Bool = true, _ drop: (UInt32) -> Bool) -> TemplateText {
    var (start, end) = (0, bytes.count)
    bytes.withUnsafeBufferPointer { all in
      while left, start < end {
        let (scalar, length) = all.scalar(at: start)
        guard drop(scalar) else { break }
        start += length
      }
      while right, end > start {
        let (scalar, length) = all.scalar(before: end)
        guard drop(scalar) else { break }
        end -= length
      }
    }
    return slice(start, end)
  }

  /// What Python's `str.strip` takes away.
  static func isSpace(_ scalar: UInt32) -> Bool {
    ScalarCategories.isWhitespace(scalar) || (0x1C...0x1F).contains(scalar)
  }
}
