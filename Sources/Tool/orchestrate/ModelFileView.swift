import Diagnostics
import Documents
import ModelFiles

/// What a file of weights holds, as lines or JSON; names from the file are escaped for terminals.
struct ModelFileView {
  struct Tensor {
    var name: String
    var type: String
    var shape: [Int]
    /// 0 where the file does not say.
    var bytes: Int
  }

  var title: String
  var fields: [JSONMember]
  var tensors: [Tensor]

  var json: JSONValue {
    .object([
      "kind": .string(title), "fields": .object(fields),
      "tensors": .array(
        tensors.map { tensor in
          .object([
            "name": .string(tensor.name), "type": .string(tensor.type),
            "shape": .array(tensor.shape.map { .integer(Int64($0)) }),
            "bytes": .integer(Int64(tensor.bytes)),
          ])
        }),
    ])
  }

  var lines: [String] {
    var lines = [tensors.isEmpty ? title : "\(title), \(tensors.count) tensors"]
    for field in fields {
      let text = field.value.stringValue ?? JSONWriter.compact(field.value)
      lines.append("  \(SafeText.escaped(field.key)) = \(SafeText.escaped(text, limit: 100))")
    }
    for tensor in tensors {
      let shape = tensor.shape.map(String.init).joined(separator: " × ")
      lines.append("  \(SafeText.escaped(tensor.name))  \(tensor.type)  [\(shape)]")
    }
    return lines
  }

  /// A key's value; long arrays by their number of elements.
  static func json(_ value: GGUFValue) -> JSONValue {
    if let count = value.count, count > elementsMax {
      return .string("\(count) values of type \(value.type.name)")
    }
    switch value {
    case .integer(let number, _): return .integer(number)
    case .number(let number, _): return .number(number.isFinite ? number : 0)
    case .flag(let flag): return .bool(flag)
    case .string(let text): return .string(text)
    case .integers(let numbers, _): return .array(numbers.map { .integer($0) })
    case .numbers(let numbers, _): return .array(numbers.map { .number($0.isFinite ? $0 : 0) })
    case .flags(let flags): return .array(flags.map { .bool($0) })
    case .strings(let texts): return .array(texts.map { .string($0) })
    }
  }

  private static let elementsMax = 8
}
