import Diagnostics

/// Reads a GGUF file's header front to back; every length is checked against what is left before
/// anything is allocated.
struct GGUFScanner {
  private let bytes: UnsafeRawBufferPointer
  private let file: String
  private(set) var at = 0

  init(_ bytes: UnsafeRawBufferPointer, file: String) {
    self.bytes = bytes
    self.file = file
  }

  var left: Int { bytes.count - at }

  func problem(_ code: String, _ message: String, fix: String? = nil) -> Failure {
    Diagnostic("gguf.\(code)", "\(SafeText.path(file)): \(message)", fix: fix)
      .failure(.badInput)
  }

  mutating func integer<Integer: FixedWidthInteger>(_ type: Integer.Type, _ what: String) throws
    -> Integer
  {
    let size = MemoryLayout<Integer>.size
    guard left >= size else {
      throw problem("truncated", "the file ends inside \(what), at byte \(bytes.count)")
    }
    defer { at += size }
    return Integer(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: Integer.self))
  }

  /// A count of things that take at least `minimum` bytes each.
  mutating func count(_ what: String, minimum: Int) throws -> Int {
    let count = try integer(UInt64.self, what)
    guard count <= UInt64(left / minimum) else {
      throw problem(
        "count", "the file says it has \(count) \(what), but only \(left) bytes are left")
    }
    return Int(count)
  }

  mutating func string(_ what: String) throws -> String {
    let length = try integer(UInt64.self, what)
    guard length <= UInt64(left) else {
      throw problem(
        "string", "\(what) says it has \(length) bytes, but only \(left) are left")
    }
    return try text(Int(length), what)
  }

  /// `length` bytes of UTF-8.
  mutating func text(_ length: Int, _ what: String) throws -> String {
    guard length <= left else {
      throw problem(
        "string", "\(what) says it has \(length) bytes, but only \(left) are left")
    }
    let range = at..<at + length
    at = range.upperBound
    let text = UnsafeRawBufferPointer(rebasing: bytes[range])
    guard let string = String(validating: text, as: UTF8.self) else {
      throw problem("not-utf8", "\(what) is not UTF-8")
    }
    return string
  }

  mutating func value(_ key: String) throws -> GGUFValue {
    let type = try type("the type of '\(key)'", key)
    if type == .array { return try array(key) }
    if type == .string { return .string(try string("the value of '\(key)'")) }
    switch try scalar(type, key) {
    case .integer(let value): return .integer(value, type)
    case .number(let value): return .number(value, type)
    case .flag(let value): return .flag(value)
    }
  }

  private enum Scalar {
    case integer(Int64)
    case number(Double)
    case flag(Bool)
  }

  private mutating func type(_ what: String, _ key: String) throws -> GGUFType {
    let number = try integer(UInt32.self, what)
    guard let type = GGUFType(rawValue: number) else {
      throw problem("type", "\(what) is \(number), expected 0 to 12")
    }
    return type
  }

  private mutating func scalar(_ type: GGUFType, _ key: String) throws -> Scalar {
    let what = "the value of '\(key)'"
    switch type {
    case .uint8: return .integer(Int64(try integer(UInt8.self, what)))
    case .int8: return .integer(Int64(try integer(Int8.self, what)))
    case .uint16: return .integer(Int64(try integer(UInt16.self, what)))
    case .int16: return .integer(Int64(try integer(Int16.self, what)))
    case .uint32: return .integer(Int64(try integer(UInt32.self, what)))
    case .int32: return .integer(Int64(try integer(Int32.self, what)))
    case .uint64: return .integer(Int64(bitPattern: try integer(UInt64.self, what)))
    case .int64: return .integer(try integer(Int64.self, what))
    case .float32:
      return .number(Double(Float(bitPattern: try integer(UInt32.self, what))))
    case .float64: return .number(Double(bitPattern: try integer(UInt64.self, what)))
    case .bool:
      let byte = try integer(UInt8.self, what)
      guard byte <= 1 else { throw problem("bool", "\(what) is a bool of \(byte)") }
      return .flag(byte == 1)
    case .string, .array: preconditionFailure("not a scalar")
    }
  }

  private mutating func array(_ key: String) throws -> GGUFValue {
    let type = try type("the element type of '\(key)'", key)
    guard type != .array else {
      throw problem("nested", "'\(key)' is an array of arrays, which is not supported")
    }
    let count = try count("elements of '\(key)'", minimum: type.byteCount ?? 8)
    if type == .string {
      var strings: [String] = []
      strings.reserveCapacity(count)
      for _ in 0..<count { strings.append(try string("an element of '\(key)'")) }
      return .strings(strings)
    }
    var integers: [Int64] = []
    var numbers: [Double] = []
    var flags: [Bool] = []
    for _ in 0..<count {
      switch try scalar(type, key) {
      case .integer(let value): integers.append(value)
      case .number(let value): numbers.append(value)
      case .flag(let value): flags.append(value)
      }
    }
    switch type {
    case .bool: return .flags(flags)
    case .float32, .float64: return .numbers(numbers, type)
    default: return .integers(integers, type)
    }
  }
}
