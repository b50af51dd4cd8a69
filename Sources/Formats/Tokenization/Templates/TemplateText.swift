internal import Glibc

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
  /// Where all bytes are from, unless ``parts`` says more: most texts are from one place, and
  /// copying them then costs no array.
  private var whole = TemplateText.own
  private var parts: [Origin]?
  /// What `safe` makes: joined to other text, it escapes that text for HTML, as markupsafe does.
  var isMarkup = false

  /// The template itself.
  private static let own = Int32.min

  init() {}
  init(bytes: [UInt8]) { self.bytes = bytes }
  init(_ text: String) { bytes = Array(text.utf8) }

  /// Text that is all from one place.
  init(_ text: String, source: Int?) {
    bytes = Array(text.utf8)
    if let source { whole = Int32(truncatingIfNeeded: source) }
  }

  init(bytes: [UInt8], source: Int?) {
    self.bytes = bytes
    if let source { whole = Int32(truncatingIfNeeded: source) }
  }

  /// Sorted, not overlapping, none empty.
  var origins: [Origin] {
    if let parts { return parts }
    if whole == Self.own || bytes.isEmpty { return [] }
    return [Origin(start: 0, end: bytes.count, source: Int(whole))]
  }

  /// The first place its bytes are from, or nil for the template.
  var firstSource: Int? {
    if let parts { return parts.first?.source }
    return whole == Self.own || bytes.isEmpty ? nil : Int(whole)
  }

  var string: String { String(decoding: bytes, as: UTF8.self) }
  var isEmpty: Bool { bytes.isEmpty }
  var count: Int { bytes.count }

  mutating func append(_ other: TemplateText) {
    if other.bytes.isEmpty { return }
    if bytes.isEmpty, parts == nil {
      bytes += other.bytes
      whole = other.whole
      parts = other.parts
      return
    }
    if other.parts == nil, parts == nil ? whole == other.whole : other.whole == Self.own {
      bytes += other.bytes
      return
    }
    var all = parts ?? origins
    parts = nil
    let shift = bytes.count
    if let more = other.parts {
      for origin in more {
        Self.add(
          Origin(start: origin.start + shift, end: origin.end + shift, source: origin.source), &all)
      }
    } else if other.whole != Self.own {
      Self.add(
        Origin(start: shift, end: shift + other.count, source: Int(other.whole)), &all)
    }
    bytes += other.bytes
    parts = all
  }

  /// Appends bytes of the template.
  mutating func append(_ more: [UInt8]) {
    if more.isEmpty { return }
    settle()
    bytes += more
  }

  mutating func append(_ byte: UInt8) {
    settle()
    bytes.append(byte)
  }

  /// Appends bytes that all come from `source` (nil: from the template).
  mutating func append(_ more: [UInt8], source: Int?) {
    append(TemplateText(bytes: more, source: source))
  }

  /// Makes room for bytes of the template behind what there is.
  private mutating func settle() {
    if parts == nil, whole != Self.own {
      if !bytes.isEmpty { parts = origins }
      whole = Self.own
    }
  }

  private static func add(_ origin: Origin, _ all: inout [Origin]) {
    if let last = all.indices.last, all[last].end == origin.start,
      all[last].source == origin.source
    {
      all[last].end = origin.end
    } else {
      all.append(origin)
    }
  }

  /// The bytes of a range, with their origins.
  func slice(_ start: Int, _ end: Int) -> TemplateText {
    if start == 0, end == bytes.count { return self }
    var out = TemplateText()
    out.isMarkup = isMarkup
    if start >= end { return out }
    out.bytes = Array(bytes[start..<end])
    guard let parts else {
      out.whole = whole
      return out
    }
    var kept: [Origin] = []
    for origin in parts where origin.end > start && origin.start < end {
      kept.append(
        Origin(
          start: max(origin.start, start) - start, end: min(origin.end, end) - start,
          source: origin.source))
    }
    out.parts = kept
    return out
  }

  /// `bytes` in place of these; from the caller's messages as a whole if any of these were.
  func replacing(_ bytes: [UInt8]) -> TemplateText {
    var out = TemplateText(bytes: bytes, source: firstSource)
    out.isMarkup = isMarkup
    return out
  }

  /// `&`, `<`, `>` and quotes as HTML writes them.
  func escaped() -> TemplateText {
    var out = TemplateText()
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
    out.isMarkup = true
    return out
  }

  /// Python's `+` of two strings.
  func joined(_ other: TemplateText) -> TemplateText {
    if isMarkup == other.isMarkup {
      var out = self
      out.append(other)
      return out
    }
    var out = isMarkup ? self : escaped()
    out.append(isMarkup ? other.escaped() : other)
    out.isMarkup = true
    return out
  }

  /// Whether the bytes are the same, wherever they are from.
  @inline(__always)
  func equals(_ other: TemplateText) -> Bool {
    let count = bytes.count
    if count != other.bytes.count { return false }
    return bytes.withUnsafeBufferPointer { a in
      other.bytes.withUnsafeBufferPointer { b in
        guard let a = a.baseAddress, let b = b.baseAddress else { return true }
        return memcmp(a, b, count) == 0
      }
    }
  }

  /// The first position at or after `from` where `needle` stands, or nil.
  func find(_ needle: [UInt8], from: Int = 0) -> Int? {
    if needle.isEmpty { return from <= bytes.count ? from : nil }
    guard from + needle.count <= bytes.count else { return nil }
    return bytes.withUnsafeBytes { all in
      needle.withUnsafeBytes { needle in
        guard let start = all.baseAddress, let wanted = needle.baseAddress else { return nil }
        var at = from
        while at + needle.count <= all.count {
          guard let hit = memchr(start + at, Int32(needle[0]), all.count - needle.count + 1 - at)
          else { return nil }
          at = UnsafeRawPointer(hit) - start
          if memcmp(start + at, wanted, needle.count) == 0 { return at }
          at += 1
        }
        return nil
      }
    }
  }

  /// Offsets of the scalars, and the end.
  var scalarOffsets: [Int] {
    var offsets: [Int] = []
    offsets.reserveCapacity(bytes.count + 1)
    for (index, byte) in bytes.enumerated() where byte & 0xC0 != 0x80 { offsets.append(index) }
    offsets.append(bytes.count)
    return offsets
  }

  var scalarCount: Int {
    var count = 0
    for byte in bytes where byte & 0xC0 != 0x80 { count += 1 }
    return count
  }

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
    if scalar < 0x80 { return scalar == 0x20 || scalar &- 9 < 5 || scalar &- 0x1C < 4 }
    return ScalarCategories.isWhitespace(scalar)
  }
}
