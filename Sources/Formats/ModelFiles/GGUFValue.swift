/// The type of a value in a GGUF file, by the format's numbers.
package enum GGUFType: UInt32, Sendable, Hashable, CaseIterable {
  case uint8, int8, uint16, int16, uint32, int32, float32, bool, string, array, uint64, int64
  case float64

  /// Bytes of one value; nil for strings and arrays.
  var byteCount: Int? {
    switch self {
    case .uint8, .int8, .bool: 1
    case .uint16, .int16: 2
    case .uint32, .int32, .float32: 4
    case .uint64, .int64, .float64: 8
    case .string, .array: nil
    }
  }

  /// `u32`, `f32`, `str`: as tools print it.
  package var name: String {
    switch self {
    case .uint8: "u8"
    case .int8: "i8"
    case .uint16: "u16"
    case .int16: "i16"
    case .uint32: "u32"
    case .int32: "i32"
    case .float32: "f32"
    case .bool: "bool"
    case .string: "str"
    case .array: "arr"
    case .uint64: "u64"
    case .int64: "i64"
    case .float64: "f64"
    }
  }
}

/// A value of a GGUF key.
package enum GGUFValue: Sendable, Hashable {
  /// An integer of the given type; u64 by its bit pattern.
  case integer(Int64, GGUFType)
  /// A float of the given type.
  case number(Double, GGUFType)
  case flag(Bool)
  case string(String)
  case integers([Int64], GGUFType)
  case numbers([Double], GGUFType)
  case flags([Bool])
  case strings([String])

  package static func uint32(_ value: Int) -> GGUFValue { .integer(Int64(value), .uint32) }
  package static func float32(_ value: Double) -> GGUFValue {
    .number(Double(Float(value)), .float32)
  }

  /// The type, or the element type of an array.
  package var type: GGUFType {
    switch self {
    case .integer(_, let type), .integers(_, let type): type
    case .number(_, let type), .numbers(_, let type): type
    case .flag, .flags: .bool
    case .string, .strings: .string
    }
  }

  /// Elements of an array; nil for a single value.
  package var count: Int? {
    switch self {
    case .integers(let values, _): values.count
    case .numbers(let values, _): values.count
    case .flags(let values): values.count
    case .strings(let values): values.count
    default: nil
    }
  }

  package var integer: Int? {
    if case .integer(let value, let type) = self, type != .uint64 || value >= 0 {
      Int(value)
    } else {
      nil
    }
  }
  package var number: Double? { if case .number(let value, _) = self { value } else { nil } }
  package var flag: Bool? { if case .flag(let value) = self { value } else { nil } }
  package var string: String? { if case .string(let value) = self { value } else { nil } }
  package var integers: [Int64]? { if case .integers(let values, _) = self { values } else { nil } }
  package var numbers: [Double]? { if case .numbers(let values, _) = self { values } else { nil } }
  package var strings: [String]? { if case .strings(let values) = self { values } else { nil } }
}

/// A key and its value, in the order of the file.
package struct GGUFPair: Sendable, Hashable {
  package var key: String
  package var value: GGUFValue

  package init(_ key: String, _ value: GGUFValue) {
    self.key = key
    self.value = value
  }
}
