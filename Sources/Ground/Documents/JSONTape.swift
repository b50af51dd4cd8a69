package import CKernels
internal import Diagnostics

/// The values of one JSON text as a flat list over its bytes, by the same strict definition as
/// ``JSONReader``: nothing is copied, and a tape can be read again and again without allocating.
///
/// ```swift
/// var tape = JSONTape()
/// try tape.read(line, file: "x.jsonl", line: 7)
/// tape.isKind(0, ORC_JSON_OBJECT)
/// ```
///
/// An entry says where its value begins, how long it is there and which entry follows it; the
/// members of an object are a string, its key, and a value.
package struct JSONTape: ~Copyable {
  /// The values in the order of the text; valid until the next ``read(_:file:line:)``.
  package private(set) var entries: UnsafeMutablePointer<orc_json_entry>
  package private(set) var count = 0
  /// Where offsets of entries start: the bytes given to ``read(_:file:line:)``, after a byte order
  /// mark. Valid as long as those bytes are.
  package private(set) var text: UnsafePointer<UInt8>

  private var capacity = 256
  private let loops: UnsafePointer<orc_json_loops>

  /// - Parameter level: the instruction set of the loops; nil for the fastest here. A level that
  ///   this processor lacks gives the fastest too.
  package init(level: orc_json_level? = nil) {
    loops = level.flatMap { orc_json_loops_at($0) } ?? orc_json_loops_best()
    entries = .allocate(capacity: capacity)
    text = UnsafePointer(UnsafeRawPointer(entries).assumingMemoryBound(to: UInt8.self))
  }

  deinit { entries.deallocate() }

  /// Reads one JSON text.
  ///
  /// - Throws: what ``JSONReader/parse(_:file:line:)-(UnsafeBufferPointer<UInt8>,_,_)`` throws.
  package mutating func read(
    _ bytes: UnsafeBufferPointer<UInt8>, file: String, line: Int = 1
  ) throws {
    let verdict = scan(bytes, line: line)
    if verdict == ORC_JSON_RIGHT { return }
    // The scanner that names errors decides what the loops leave open, and says what is wrong.
    try JSONReader.check(bytes, file: file, line: line)
    if verdict == ORC_JSON_UNSURE { return }
    throw Diagnostic(
      "json.unreadable", "the text cannot be read", at: SourceSpan(file: file, line: line)
    ).failure(.badInput)
  }

  /// Whether the text is right JSON beyond doubt, and the tape holds it. Where not,
  /// ``read(_:file:line:)`` decides.
  package mutating func holds(_ bytes: UnsafeBufferPointer<UInt8>, line: Int) -> Bool {
    scan(bytes, line: line) == ORC_JSON_RIGHT
  }

  /// What the loops say of a text.
  mutating func scan(_ bytes: UnsafeBufferPointer<UInt8>, line: Int) -> Int {
    // RFC 8259, §8.1: a reader may ignore a byte order mark at the start of a text.
    let start = line == 1 && bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    count = 0
    guard let base = bytes.baseAddress, bytes.count - start < 1 << 32 else { return ORC_JSON_WRONG }
    text = base + start
    while true {
      let verdict = Int(
        loops.pointee.scan(text, bytes.count - start, entries, capacity, &count))
      if verdict != ORC_JSON_FULL { return verdict }
      entries.deallocate()
      capacity *= 4
      entries = .allocate(capacity: capacity)
    }
  }
}

extension JSONTape {
  /// Whether entry `index` is of a kind: `ORC_JSON_STRING`, `ORC_JSON_OBJECT`, …
  @inline(__always)
  package borrowing func isKind(_ index: Int, _ kind: Int) -> Bool {
    Int(entries[index].kind) == kind
  }

  /// The value at entry `index` as a tree.
  package borrowing func value(_ index: Int = 0) -> JSONValue {
    let entry = entries[index]
    switch Int(entry.kind) {
    case ORC_JSON_NULL: return .null
    case ORC_JSON_FALSE: return .bool(false)
    case ORC_JSON_TRUE: return .bool(true)
    case ORC_JSON_NUMBER: return number(index)
    case ORC_JSON_STRING: return .string(string(index))
    case ORC_JSON_ARRAY:
      var items: [JSONValue] = []
      var at = index + 1
      while at < Int(entry.next) {
        items.append(value(at))
        at = Int(entries[at].next)
      }
      return .array(items)
    default:
      var members: [JSONMember] = []
      members.reserveCapacity(4)
      var at = index + 1
      while at < Int(entry.next) {
        members.append(JSONMember(string(at), value(at + 1)))
        at = Int(entries[at + 1].next)
      }
      return .object(members)
    }
  }

  /// The number at entry `index`.
  package borrowing func number(_ index: Int) -> JSONValue {
    let entry = entries[index]
    let start = Int(entry.start)
    if entry.flags & UInt8(ORC_JSON_PLAIN_INTEGER) != 0 {
      let isNegative = text[start] == UInt8(ascii: "-")
      var value: Int64 = 0
      for at in (isNegative ? start + 1 : start)..<(start + Int(entry.length)) {
        value = value &* 10 &+ Int64(text[at] &- UInt8(ascii: "0"))
      }
      return .integer(isNegative ? -value : value)
    }
    var scanner = JSONScanner(
      UnsafeBufferPointer(start: text + start, count: Int(entry.length)))
    // The number was checked when the tape was read.
    return (try? scanner.number()) ?? .null
  }

  /// The text of the string at entry `index`.
  package borrowing func string(_ index: Int) -> String {
    let entry = entries[index]
    let raw = text + Int(entry.start)
    let length = Int(entry.length)
    guard entry.flags & UInt8(ORC_JSON_ESCAPED) != 0 else {
      return String(decoding: UnsafeBufferPointer(start: raw, count: length), as: UTF8.self)
    }
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: length + 64) { room in
      let count = loops.pointee.decode(room.baseAddress, raw, length)
      return String(decoding: room[..<count], as: UTF8.self)
    }
  }

  /// The UTF-8 bytes of the string at entry `index`: those of the text itself where it holds no
  /// escape, else decoded into `scratch`. Valid until either is changed.
  package borrowing func bytes(
    _ index: Int, _ scratch: inout [UInt8]
  ) -> UnsafeBufferPointer<UInt8> {
    let entry = entries[index]
    let raw = text + Int(entry.start)
    let length = Int(entry.length)
    guard entry.flags & UInt8(ORC_JSON_ESCAPED) != 0 else {
      return UnsafeBufferPointer(start: raw, count: length)
    }
    if scratch.count < length + 64 {
      scratch = Array(repeating: 0, count: max(length + 64, 2 * scratch.count))
    }
    return scratch.withUnsafeMutableBufferPointer { room in
      UnsafeBufferPointer(
        start: room.baseAddress, count: loops.pointee.decode(room.baseAddress, raw, length))
    }
  }
}
