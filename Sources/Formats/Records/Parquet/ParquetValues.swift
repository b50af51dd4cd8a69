/// Values of a page or a dictionary, in order, without nulls.
enum ParquetValues {
  case integers([Int64])
  case numbers([Double])
  /// Places in `store`.
  case texts([Range<Int>], store: [UInt8])

  var count: Int {
    switch self {
    case .integers(let values): values.count
    case .numbers(let values): values.count
    case .texts(let places, _): places.count
    }
  }

  /// More than this from one page is taken for damage.
  static let bytesMax = 1 << 30

  /// PLAIN: values one after the other.
  static func plain(_ bytes: [UInt8], from start: Int, _ node: ParquetNode, count: Int)
    throws(ParquetProblem) -> ParquetValues
  {
    var input = ParquetBytes(bytes[min(start, bytes.count)...])
    guard let physical = node.physical, count >= 0 else { throw .damaged("a group has values") }
    let least = physical == .boolean ? 0 : physical == .fixed ? node.length : 4
    guard count <= (least == 0 ? input.left * 8 : input.left / least) else {
      throw .damaged("a page ends too early")
    }
    switch physical {
    case .boolean:
      var flags: [Int64] = []
      let packed = try input.take((count + 7) / 8)
      try ParquetBits.unpack(packed, width: 1, count: count) { flags.append(Int64($0)) }
      return .integers(flags)
    case .int32, .int64, .int96:
      var out: [Int64] = []
      out.reserveCapacity(count)
      for _ in 0..<count { out.append(try integer(&input, physical)) }
      return .integers(out)
    case .float, .double:
      var out: [Double] = []
      out.reserveCapacity(count)
      for _ in 0..<count {
        out.append(number(try input.little(physical == .float ? 4 : 8), physical))
      }
      return .numbers(out)
    case .bytes, .fixed:
      var places: [Range<Int>] = []
      places.reserveCapacity(count)
      for _ in 0..<count {
        let length = physical == .fixed ? node.length : try input.length()
        let text = try input.take(length)
        places.append(text.startIndex..<text.endIndex)
      }
      return .texts(places, store: bytes)
    }
  }

  private static func integer(_ input: inout ParquetBytes, _ physical: ParquetNode.Physical)
    throws(ParquetProblem) -> Int64
  {
    switch physical {
    case .int32: return Int64(Int32(truncatingIfNeeded: try input.little(4)))
    case .int64: return Int64(bitPattern: try input.little(8))
    default:
      // Nanoseconds of the day, and the Julian day; as microseconds since 1970.
      let nanoseconds = Int64(bitPattern: try input.little(8))
      let day = Int64(try input.little(4)) - 2_440_588
      guard abs(day) < 100_000_000 else { throw .damaged("a time is out of range") }
      return day * 86_400_000_000 + nanoseconds / 1000
    }
  }

  static func number(_ bits: UInt64, _ physical: ParquetNode.Physical) -> Double {
    physical == .float
      ? Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits))) : Double(bitPattern: bits)
  }

  /// DELTA_LENGTH_BYTE_ARRAY: all lengths, then all texts.
  static func byLengths(_ bytes: [UInt8], from start: Int) throws(ParquetProblem) -> ParquetValues {
    var input = ParquetBytes(bytes[min(start, bytes.count)...])
    var places: [Range<Int>] = []
    for length in try ParquetBits.deltas(&input) {
      guard let length = Int(exactly: length) else { throw .damaged("a text has no length") }
      let text = try input.take(length)
      places.append(text.startIndex..<text.endIndex)
    }
    return .texts(places, store: bytes)
  }

  /// DELTA_BYTE_ARRAY: what each text shares with the one before, and the rest of it.
  static func byPrefixes(_ bytes: [UInt8], from start: Int) throws(ParquetProblem) -> ParquetValues
  {
    var input = ParquetBytes(bytes[min(start, bytes.count)...])
    let shared = try ParquetBits.deltas(&input)
    let lengths = try ParquetBits.deltas(&input)
    guard shared.count == lengths.count else { throw .damaged("a page of texts is not whole") }
    var store: [UInt8] = []
    var places: [Range<Int>] = []
    var last = 0..<0
    for (prefix, length) in zip(shared, lengths) {
      guard prefix >= 0, prefix <= last.count, let length = Int(exactly: length),
        store.count + last.count + max(0, length) <= bytesMax
      else { throw .damaged("a text shares more than there is") }
      let start = store.count
      store.append(contentsOf: store[last.lowerBound..<(last.lowerBound + Int(prefix))])
      store.append(contentsOf: try input.take(length))
      last = start..<store.count
      places.append(last)
    }
    return .texts(places, store: store)
  }

  /// BYTE_STREAM_SPLIT: all first bytes, then all second ones, …
  static func bySplitBytes(_ bytes: [UInt8], from start: Int, _ node: ParquetNode, count: Int)
    throws(ParquetProblem) -> ParquetValues
  {
    let width: Int
    switch node.physical {
    case .float, .int32: width = 4
    case .double, .int64: width = 8
    case .fixed: width = node.length
    default: throw .damaged("split bytes of a column that has none")
    }
    let from = min(start, bytes.count)
    guard count >= 0, count <= (bytes.count - from) / width else {
      throw .damaged("a page ends too early")
    }
    var joined = [UInt8](repeating: 0, count: count * width)
    for lane in 0..<width {
      for index in 0..<count { joined[index * width + lane] = bytes[from + lane * count + index] }
    }
    return try plain(joined, from: 0, node, count: count)
  }
}
