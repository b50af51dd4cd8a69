internal import Diagnostics
internal import Records

/// A sketch as bytes: a version, a count for each list, then the lists, little-endian.
extension ChunkSketch {
  private static let magic: [UInt8] = Array("ORCSKT01".utf8)

  package func encoded() -> [UInt8] {
    let names = sources.map { Array($0.utf8) }
    let lists = [
      ids.count, scores.count, sources.count, keys.count, shingles.count,
      names.reduce(0) { $0 + $1.count },
    ]
    var bytes = Self.magic
    for count in lists { Self.append([UInt64(count)], to: &bytes) }
    Self.append(ids.map(\.high), to: &bytes)
    Self.append(ids.map(\.low), to: &bytes)
    Self.append(ids.map(\.ordinal), to: &bytes)
    Self.append(digests.map(\.high), to: &bytes)
    Self.append(digests.map(\.low), to: &bytes)
    Self.append(sequences, to: &bytes)
    Self.append(counts, to: &bytes)
    Self.append(textBytes, to: &bytes)
    Self.append(scores.map(\.bitPattern), to: &bytes)
    Self.append(sourceOf, to: &bytes)
    Self.append(keys, to: &bytes)
    Self.append(shingles, to: &bytes)
    Self.append(names.map { UInt32($0.count) }, to: &bytes)
    for name in names { bytes += name }
    return bytes
  }

  /// Reads what ``encoded()`` wrote.
  ///
  /// - Throws: ``Failure`` of class `badInput` when the bytes are something else.
  package init(encoded bytes: [UInt8]) throws {
    var reader = Reader(bytes: bytes)
    guard bytes.starts(with: Self.magic) else { throw Self.damaged }
    reader.at = Self.magic.count
    let lists = try reader.list(6, UInt64.self).map { count in
      guard let small = Int(exactly: count), small <= bytes.count else { throw Self.damaged }
      return small
    }
    let rows = lists[0]
    let highs = try reader.list(rows, UInt64.self)
    let lows = try reader.list(rows, UInt64.self)
    let ordinals = try reader.list(rows, UInt32.self)
    ids = (0..<rows).map { RowKey(high: highs[$0], low: lows[$0], ordinal: ordinals[$0]) }
    let digestHighs = try reader.list(rows, UInt64.self)
    let digestLows = try reader.list(rows, UInt64.self)
    digests = (0..<rows).map { Digest128(high: digestHighs[$0], low: digestLows[$0]) }
    sequences = try reader.list(rows, UInt64.self)
    counts = try reader.list(rows, UInt32.self)
    textBytes = try reader.list(rows, UInt32.self)
    scores = try reader.list(lists[1], UInt64.self).map { Double(bitPattern: $0) }
    sourceOf = try reader.list(rows, UInt32.self)
    keys = try reader.list(lists[3], UInt32.self)
    shingles = try reader.list(lists[4], UInt32.self)
    let lengths = try reader.list(lists[2], UInt32.self)
    guard lengths.reduce(0, { $0 + Int($1) }) == lists[5] else { throw Self.damaged }
    for length in lengths {
      sources.append(String(decoding: try reader.list(Int(length), UInt8.self), as: UTF8.self))
    }
    let shingleCount = counts.reduce(0) { $0 + Int($1) }
    guard reader.at == bytes.count, shingleCount == shingles.count,
      scores.isEmpty || scores.count == rows, rows == 0 || keys.count % rows == 0,
      sourceOf.allSatisfy({ $0 < sources.count })
    else { throw Self.damaged }
  }

  private static var damaged: Failure {
    Diagnostic("dedup.sketch-damaged", "not a sketch of a chunk of rows").failure(.badInput)
  }

  private static func append<Value: FixedWidthInteger>(_ values: [Value], to bytes: inout [UInt8]) {
    values.withUnsafeBytes { bytes.append(contentsOf: $0) }
  }

  private struct Reader {
    let bytes: [UInt8]
    var at = 0

    mutating func list<Value: FixedWidthInteger>(_ count: Int, _ type: Value.Type) throws
      -> [Value]
    {
      let size = count * MemoryLayout<Value>.size
      guard size <= bytes.count - at else { throw ChunkSketch.damaged }
      let values = [Value](unsafeUninitializedCapacity: count) { buffer, initialized in
        bytes.withUnsafeBytes { from in
          UnsafeMutableRawBufferPointer(buffer).copyMemory(
            from: UnsafeRawBufferPointer(rebasing: from[at..<(at + size)]))
        }
        initialized = count
      }
      at += size
      return values
    }
  }
}
