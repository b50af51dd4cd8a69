import BlockFormats
import Diagnostics
import Documents
package import Reproducibility

/// A tensor to be written: what the header says, and who makes its values when their turn comes.
package struct OutputTensor {
  package var name: String
  package var type: TensorType
  package var shape: [Int]
  /// Makes the bytes; called once, in the order of the file. One tensor is in memory at a time.
  package var bytes: () throws -> [UInt8]

  package init(
    name: String, type: TensorType, shape: [Int], bytes: @escaping () throws -> [UInt8]
  ) {
    self.name = name
    self.type = type
    self.shape = shape
    self.bytes = bytes
  }

  /// A tensor of floats, converted to `type` (F32, F16 or BF16; nearest, ties to even).
  ///
  /// Writing throws ``Failure`` with the tensor's name when a finite value is beyond the type.
  package init(
    name: String, type: TensorType = .F32, shape: [Int],
    floats: @escaping () throws -> [Float]
  ) {
    guard let format = type.floatFormat else {
      preconditionFailure("\(type.rawValue) does not hold floats")
    }
    self.init(name: name, type: type, shape: shape) {
      try format.encoded(try floats(), tensor: name)
    }
  }

  var byteCount: Int { shape.reduce(type.byteCount, *) }
}

/// Writes safetensors files, tensor by tensor, the same bytes for the same tensors.
package struct SafetensorsWriter {
  /// What `transformers` and `peft` expect to find.
  package static let metadata = ["format": "pt"]

  /// Writes `tensors` to a new file, in the reference's order: wider types first, then by name.
  ///
  /// - Returns: the digest of the file.
  /// - Throws: what a tensor's `bytes` throws, and ``Failure`` of class `io`.
  @discardableResult
  package static func write(
    _ tensors: [OutputTensor], metadata: [String: String] = metadata, to path: String
  ) throws -> Digest {
    let rank = Dictionary(
      uniqueKeysWithValues: TensorType.allCases.enumerated().map { ($1, $0) })
    let ordered = tensors.sorted {
      let (a, b) = (rank[$0.type, default: 0], rank[$1.type, default: 0])
      return a != b ? a > b : $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
    }
    precondition(Set(ordered.map(\.name)).count == ordered.count, "a tensor is written twice")
    let out = try OutputFile(path: path)
    try out.write(header(ordered, metadata))
    for tensor in ordered {
      let bytes = try tensor.bytes()
      precondition(
        bytes.count == tensor.byteCount,
        "'\(tensor.name)' has \(bytes.count) bytes, its shape \(tensor.byteCount)")
      try out.write(bytes)
    }
    return try out.finish()
  }

  private static func header(_ tensors: [OutputTensor], _ metadata: [String: String]) -> [UInt8] {
    var members: [JSONMember] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      members.append(
        JSONMember("__metadata__", .object(pairs.map { JSONMember($0.key, .string($0.value)) })))
    }
    var offset = 0
    for tensor in tensors {
      let end = offset + tensor.byteCount
      let entry: JSONValue = .object([
        "dtype": .string(tensor.type.rawValue),
        "shape": .array(tensor.shape.map { .integer(Int64($0)) }),
        "data_offsets": .array([.integer(Int64(offset)), .integer(Int64(end))]),
      ])
      members.append(JSONMember(tensor.name, entry))
      offset = end
    }
    var text = Array(JSONWriter.compact(.object(members)).utf8)
    text += [UInt8](repeating: UInt8(ascii: " "), count: (8 - text.count % 8) % 8)
    return withUnsafeBytes(of: UInt64(text.count).littleEndian) { Array($0) } + text
  }
}
