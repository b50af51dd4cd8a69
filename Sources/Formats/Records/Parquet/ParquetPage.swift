internal import CKernels

/// One page of a column: its levels, and its values by themselves or by their places in the
/// dictionary.
struct ParquetPage {
  /// Entries: values and nulls.
  var count = 0
  /// Empty where the column's highest level is 0.
  var definitions: [Int32] = []
  var repetitions: [Int32] = []
  var values = ParquetValues.integers([])
  /// Places in the dictionary; nil where `values` are the page's own.
  var places: [Int32]?

  /// The header of a page.
  struct Header {
    enum Kind { case data, dictionary, dataV2, other }
    var kind: Kind
    var unpacked: Int
    var packed: Int
    var count = 0
    var encoding = 0
    var nulls = 0
    var definitionBytes = 0
    var repetitionBytes = 0
    var isPacked = true

    init(_ header: Thrift) throws(ParquetProblem) {
      guard let type = header[1]?.integer, let unpacked = header[2]?.integer,
        let packed = header[3]?.integer, unpacked >= 0, packed >= 0,
        unpacked <= ParquetValues.bytesMax
      else { throw .damaged("a page has no size") }
      self.unpacked = unpacked
      self.packed = packed
      var details: Thrift?
      switch type {
      case 0: (kind, details) = (.data, header[5])
      case 2: (kind, details) = (.dictionary, header[7])
      case 3: (kind, details) = (.dataV2, header[8])
      default: kind = .other
      }
      guard kind != .other else { return }
      guard let count = details?[1]?.integer, count >= 0, count <= 1 << 30,
        let encoding = details?[kind == .dataV2 ? 4 : 2]?.integer
      else { throw .damaged("a page has no number of values") }
      self.count = count
      self.encoding = encoding
      guard kind == .dataV2 else { return }
      guard let nulls = details?[2]?.integer, let definitions = details?[5]?.integer,
        let repetitions = details?[6]?.integer, nulls >= 0, nulls <= count, definitions >= 0,
        repetitions >= 0, definitions <= packed, repetitions <= packed - definitions,
        definitions + repetitions <= unpacked
      else { throw .damaged("a page has wrong sizes") }
      (self.nulls, definitionBytes, repetitionBytes) = (nulls, definitions, repetitions)
      isPacked = details?[7]?.bool ?? true
    }
  }

  init() {}

  /// - Parameter bytes: the page after its header, as it lies in the file.
  init(
    _ header: Header, _ bytes: [UInt8], _ node: ParquetNode, codec: Int, dictionary: Int?
  ) throws(ParquetProblem) {
    count = header.count
    let data: [UInt8]
    var input: ParquetBytes
    if header.kind == .dataV2 {
      let levels = header.repetitionBytes + header.definitionBytes
      guard levels <= bytes.count else { throw .damaged("a page ends too early") }
      let rest = Array(bytes[levels...])
      data =
        header.isPacked ? try Self.unpack(rest, codec, to: header.unpacked - levels) : rest
      var head = ParquetBytes(bytes[..<header.repetitionBytes])
      repetitions = try Self.levels(&head, node.repeating, count)
      head = ParquetBytes(bytes[header.repetitionBytes..<levels])
      definitions = try Self.levels(&head, node.definition, count)
      input = ParquetBytes(data)
    } else {
      data = try Self.unpack(bytes, codec, to: header.unpacked)
      input = ParquetBytes(data)
      repetitions = try Self.sizedLevels(&input, node.repeating, count)
      definitions = try Self.sizedLevels(&input, node.definition, count)
    }
    for level in repetitions where level > node.repeating { throw .damaged("a level is too high") }
    var present = count
    if node.definition > 0 {
      present = definitions.count { $0 == Int32(node.definition) }
      for level in definitions where level > node.definition {
        throw .damaged("a level is too high")
      }
    }
    try readValues(header.encoding, &input, data, node, present, dictionary)
  }

  private mutating func readValues(
    _ encoding: Int, _ input: inout ParquetBytes, _ data: [UInt8], _ node: ParquetNode,
    _ present: Int, _ dictionary: Int?
  ) throws(ParquetProblem) {
    switch encoding {
    case 0: values = try .plain(data, from: input.at, node, count: present)
    case 2, 8:
      guard let dictionary else { throw .damaged("a page needs a dictionary that is not there") }
      guard present > 0 else {
        places = []
        break
      }
      let width = Int(try input.byte())
      let places = try ParquetBits.runs(&input, width: width, count: present)
      for place in places where place < 0 || place >= dictionary {
        throw .damaged("a value lies outside of its dictionary")
      }
      self.places = places
    case 3 where node.physical == .boolean:
      _ = try input.length()
      let flags = try ParquetBits.runs(&input, width: 1, count: present)
      values = .integers(flags.map { Int64($0) })
    case 5 where node.physical == .int32 || node.physical == .int64:
      let numbers = try ParquetBits.deltas(&input)
      values = .integers(
        node.physical == .int64
          ? numbers : numbers.map { Int64(Int32(truncatingIfNeeded: $0)) })
    case 6: values = try .byLengths(data, from: input.at)
    case 7: values = try .byPrefixes(data, from: input.at)
    case 9: values = try .bySplitBytes(data, from: input.at, node, count: present)
    default: throw .unknown("a column in the encoding number \(encoding)")
    }
    guard (places?.count ?? values.count) >= present else {
      throw .damaged("a page holds fewer values than it says")
    }
  }

  private static func sizedLevels(_ input: inout ParquetBytes, _ highest: Int, _ count: Int)
    throws(ParquetProblem) -> [Int32]
  {
    guard highest > 0 else { return [] }
    var bytes = ParquetBytes(try input.take(try input.length()))
    return try levels(&bytes, highest, count)
  }

  private static func levels(_ bytes: inout ParquetBytes, _ highest: Int, _ count: Int)
    throws(ParquetProblem) -> [Int32]
  {
    guard highest > 0 else { return [] }
    return try ParquetBits.runs(
      &bytes, width: Int.bitWidth - highest.leadingZeroBitCount, count: count)
  }

  /// - Parameter count: the size stated, which must be met.
  static func unpack(_ bytes: [UInt8], _ codec: Int, to count: Int) throws(ParquetProblem)
    -> [UInt8]
  {
    if codec == 0 {
      guard bytes.count == count else { throw .damaged("a page is not as long as it says") }
      return bytes
    }
    guard count > 0 else { return [] }
    // No packed byte stands for more than this (zstd's highest), so that a lying size costs nothing.
    guard count / 200_000 <= bytes.count else { throw .damaged("a page is not as long as it says") }
    var out = [UInt8](repeating: 0, count: count)
    switch codec {
    case 1:
      guard ck_unsnappy(&out, count, bytes, bytes.count) == 0 else {
        throw .damaged("a page does not unpack")
      }
    case 2, 6:
      let format = codec == 2 ? Int32(CK_GZIP) : Int32(CK_ZSTD)
      guard let unpacker = ck_unpacker_new(format) else {
        let library = (codec == 2 ? SourcePacking.gzip : .zstd).library
        throw ParquetProblem(
          code: "source.no-library",
          what: "the columns are packed, and \(library.file) is not here",
          fix: "install it (Debian, Ubuntu: apt install \(library.package))")
      }
      defer { ck_unpacker_free(unpacker) }
      var (at, made, isWhole) = (0, 0, false)
      while made < count || !isWhole {
        var (taken, more) = (0, 0)
        let answer = bytes.withUnsafeBufferPointer { input in
          out.withUnsafeMutableBufferPointer { output -> Int in
            guard let from = input.baseAddress, let to = output.baseAddress else { return 2 }
            return Int(
              ck_unpack(
                unpacker, from + at, bytes.count - at, &taken, to + made, count - made, &more))
          }
        }
        (at, made, isWhole) = (at + taken, made + more, answer == CK_UNPACK_END)
        guard answer != CK_UNPACK_WRONG, taken + more > 0 || isWhole else {
          throw .damaged("a page does not unpack")
        }
        if isWhole, at == bytes.count { break }
      }
      guard made == count else { throw .damaged("a page is not as long as it says") }
    default:
      let name =
        codec < 8 && codec >= 0 ? ["", "", "", "LZO", "Brotli", "LZ4", "", "LZ4"][codec] : "?"
      throw .unknown(
        "a column packed with \(name) (codec \(codec))",
        fix: "write the file with snappy, gzip, zstd or no compression")
    }
    return out
  }
}
