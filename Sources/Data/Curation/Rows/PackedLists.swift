/// Lists of numbers and names as bytes, little-endian, each list with its length before it.
struct PackedWriter {
  private(set) var bytes: [UInt8]

  /// - Parameter mark: what the bytes begin with.
  init(_ mark: [UInt8]) { bytes = mark }

  mutating func append<Value: FixedWidthInteger>(_ values: [Value]) {
    withUnsafeBytes(of: UInt64(values.count).littleEndian) { bytes.append(contentsOf: $0) }
    values.withUnsafeBytes { bytes.append(contentsOf: $0) }
  }

  mutating func append(_ names: [[UInt8]]) {
    append(names.map { UInt32($0.count) })
    append(Array(names.joined()))
  }
}

/// Reads what ``PackedWriter`` wrote; nil where the bytes end early.
struct PackedReader {
  private let bytes: [UInt8]
  private var at: Int

  /// Nil when the bytes do not begin with `mark`.
  init?(_ bytes: [UInt8], _ mark: [UInt8]) {
    guard bytes.starts(with: mark) else { return nil }
    self.bytes = bytes
    at = mark.count
  }

  var isAtEnd: Bool { at == bytes.count }

  mutating func list<Value: FixedWidthInteger>(_ type: Value.Type) -> [Value]? {
    guard bytes.count - at >= 8 else { return nil }
    let length = bytes.withUnsafeBytes {
      UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: at, as: UInt64.self))
    }
    let width = MemoryLayout<Value>.size
    guard length <= UInt64((bytes.count - at - 8) / width) else { return nil }
    let start = at + 8
    at = start + Int(length) * width
    return [Value](unsafeUninitializedCapacity: Int(length)) { buffer, count in
      bytes.withUnsafeBytes { from in
        UnsafeMutableRawBufferPointer(buffer).copyMemory(
          from: UnsafeRawBufferPointer(rebasing: from[start..<at]))
      }
      count = Int(length)
    }
  }

  mutating func names() -> [[UInt8]]? {
    guard let lengths = list(UInt32.self), let all = list(UInt8.self),
      lengths.reduce(0, { $0 + Int($1) }) == all.count
    else { return nil }
    var start = 0
    return lengths.map { length in
      defer { start += Int(length) }
      return Array(all[start..<(start + Int(length))])
    }
  }
}
