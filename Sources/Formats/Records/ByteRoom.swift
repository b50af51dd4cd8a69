internal import CKernels

/// Bytes being put together: grows, and is emptied for the next use without giving memory back.
package struct ByteRoom: ~Copyable {
  private(set) var base: UnsafeMutablePointer<UInt8>
  private(set) var count = 0
  private var capacity: Int
  private let loops = orc_json_loops_best()!

  package init(capacity: Int = 4096) {
    self.capacity = capacity
    base = .allocate(capacity: capacity)
  }

  deinit { base.deallocate() }

  /// The bytes, for good.
  consuming func block() -> ByteBlock {
    let block = ByteBlock(owning: base, count: count)
    discard self
    return block
  }

  package var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: base, count: count) }

  package mutating func removeAll(from start: Int = 0) { count = start }

  /// Makes room for `more` bytes.
  @inline(__always)
  mutating func reserve(_ more: Int) {
    if capacity - count < more { grow(more) }
  }

  private mutating func grow(_ more: Int) {
    capacity = max(2 * capacity, count + more)
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    larger.update(from: base, count: count)
    base.deallocate()
    base = larger
  }

  @inline(__always)
  mutating func append(_ text: StaticString) {
    append(text.utf8Start, text.utf8CodeUnitCount)
  }

  @inline(__always)
  mutating func append(_ bytes: UnsafePointer<UInt8>, _ length: Int) {
    reserve(length)
    (base + count).update(from: bytes, count: length)
    count += length
  }

  mutating func append(_ other: borrowing ByteRoom, _ range: Range<Int>) {
    append(UnsafePointer(other.base + range.lowerBound), range.count)
  }

  /// The inside of a string of a tape over `text`, in the form that ``JSONWriter`` writes.
  mutating func append(inside string: orc_json_entry, of text: UnsafePointer<UInt8>) {
    let raw = text + Int(string.start)
    if string.flags & UInt8(ORC_JSON_REWRITTEN) == 0 {
      append(raw, Int(string.length))
    } else {
      appendRewritten(raw, Int(string.length))
    }
  }

  private mutating func appendRewritten(_ raw: UnsafePointer<UInt8>, _ length: Int) {
    var at = 0
    while at < length {
      reserve(length - at + 512)
      var taken = 0
      count += loops.pointee.rewrite(base + count, capacity - count, raw + at, length - at, &taken)
      at += taken
    }
  }
}
