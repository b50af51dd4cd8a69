/// A value of Thrift's compact protocol, which Parquet's headers are written in.
enum Thrift {
  case bool(Bool)
  case integer(Int64)
  case double
  case bytes(ArraySlice<UInt8>)
  case list([Thrift])
  case structure([Int: Thrift])

  subscript(field: Int) -> Thrift? {
    if case .structure(let fields) = self { fields[field] } else { nil }
  }

  var integer: Int? { if case .integer(let value) = self { Int(exactly: value) } else { nil } }
  var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
  var list: [Thrift]? { if case .list(let items) = self { items } else { nil } }
  var text: String? {
    if case .bytes(let bytes) = self { String(validating: bytes, as: UTF8.self) } else { nil }
  }

  /// Reads the structure at the start of `bytes`.
  static func structure(_ bytes: inout ParquetBytes) throws(ParquetProblem) -> Thrift {
    try structure(&bytes, depth: 0)
  }

  private static func structure(_ bytes: inout ParquetBytes, depth: Int) throws(ParquetProblem)
    -> Thrift
  {
    guard depth < 32 else { throw .damaged("its header is nested too deep") }
    var fields: [Int: Thrift] = [:]
    var id = 0
    while true {
      let head = try bytes.byte()
      if head == 0 { return .structure(fields) }
      if head >> 4 == 0 {
        let number = try bytes.zigzag()
        guard let short = Int16(exactly: number) else { throw .damaged("a field has no number") }
        id = Int(short)
      } else {
        id += Int(head >> 4)
      }
      fields[id] = try value(&bytes, head & 15, inList: false, depth: depth)
    }
  }

  private static func value(
    _ bytes: inout ParquetBytes, _ type: UInt8, inList: Bool, depth: Int
  ) throws(ParquetProblem) -> Thrift {
    switch type {
    case 1, 2:
      if inList { return .bool(try bytes.byte() == 1) }
      return .bool(type == 1)
    case 3: return .integer(Int64(Int8(bitPattern: try bytes.byte())))
    case 4, 5, 6: return .integer(try bytes.zigzag())
    case 7:
      _ = try bytes.take(8)
      return .double
    case 8:
      guard let count = Int(exactly: try bytes.varint()) else {
        throw .damaged("a text is too long")
      }
      return .bytes(try bytes.take(count))
    case 9, 10:
      let head = try bytes.byte()
      let long = head >> 4 == 15 ? try bytes.varint() : UInt64(head >> 4)
      // Every element takes a byte at least.
      guard let count = Int(exactly: long), count <= bytes.left else {
        throw .damaged("a list is too long")
      }
      var items: [Thrift] = []
      items.reserveCapacity(min(count, 1 << 16))
      for _ in 0..<count {
        items.append(try value(&bytes, head & 15, inList: true, depth: depth + 1))
      }
      return .list(items)
    case 11:
      let count = try bytes.varint()
      guard count > 0 else { return .list([]) }
      guard count <= UInt64(bytes.left) else { throw .damaged("a map is too long") }
      let types = try bytes.byte()
      for _ in 0..<count {
        _ = try value(&bytes, types >> 4, inList: true, depth: depth + 1)
        _ = try value(&bytes, types & 15, inList: true, depth: depth + 1)
      }
      return .list([])
    case 12: return try structure(&bytes, depth: depth + 1)
    default: throw .damaged("its header holds an unknown kind of value")
    }
  }
}
