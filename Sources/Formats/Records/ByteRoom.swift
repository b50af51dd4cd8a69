internal import CKernels

/// Bytes being put together: grows, and is emptied for the next use without giving memory back.
struct ByteRoom: ~Copyable {
  private(set) var base: UnsafeMutablePointer<UInt8>
  private(set) var count = 0
  private var capacity: Int
  private let loops = orc_json_loops_best()!

  init(capacity: Int = 4096) {
    self.capacity = capacity
    base = .allocate(capacity: capacity)
  }

  deinit { base.deallocate() }

  var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: base, count: count) }

  mutating func removeAll(from start: Int = 0) { count = start }

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

  /// The inside of a JSON string in the form that ``JSONWriter`` writes.
  ///
  /// - Parameter raw: the inside of a string that a tape vouches for.
  mutating func appendRewritten(_ raw: UnsafePointer<UInt8>, _ length: Int) {
    var at = 0
    while at < length {
      reserve(length - at + 128)
      var taken = 0
      count += loops.pointee.rewrite(base + count, capacity - count, raw + at, length - at, &taken)
      at += taken
    }
  }
}
