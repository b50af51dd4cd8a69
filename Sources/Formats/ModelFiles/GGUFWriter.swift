package import BlockFormats
package import Reproducibility

/// Writes GGUF files of version 3, little endian, aligned to 32 bytes, tensor by tensor.
package enum GGUFWriter {
  package static let version: UInt32 = 3
  package static let alignment = 32

  /// A tensor of the header.
  package struct Tensor: Sendable {
    package var name: String
    package var format: BlockFormat
    /// Innermost dimension first.
    package var dimensions: [Int]

    package init(name: String, format: BlockFormat, dimensions: [Int]) {
      self.name = name
      self.format = format
      self.dimensions = dimensions
    }

    var byteCount: Int {
      guard let count = format.byteCount(elements: dimensions.reduce(1, *)) else {
        preconditionFailure("'\(name)' does not fill whole blocks")
      }
      return count
    }
  }

  /// What was written.
  package struct Written: Sendable, Hashable {
    package var digest: Digest
    package var byteCount: Int
    /// Of the data part's blocks, in the order of the file.
    var checksums: [UInt64]
  }

  /// Writes pairs and tensors in the order given.
  ///
  /// - Parameter data: writes the tensors' bytes, each padded to the alignment, and gives checksums.
  /// - Throws: what `data` throws, and ``Failure`` of class `io`.
  static func write(
    _ pairs: [GGUFPair], _ tensors: [Tensor], to path: String,
    data: (OutputFile) throws -> [UInt64]
  ) throws -> Written {
    precondition(Set(pairs.map(\.key)).count == pairs.count, "a key is written twice")
    precondition(Set(tensors.map(\.name)).count == tensors.count, "a tensor is written twice")
    let out = try OutputFile(path: path)
    try out.write(header(pairs, tensors))
    try out.pad(to: alignment)
    try out.flush()
    let start = out.count
    let checksums = try data(out)
    let sizes = tensors.map { GGUFReader.aligned($0.byteCount, alignment) }
    precondition(out.count - start == sizes.reduce(0, +), "the data has another size")
    let byteCount = out.count
    return Written(digest: try out.finish(), byteCount: byteCount, checksums: checksums)
  }

  private static func header(_ pairs: [GGUFPair], _ tensors: [Tensor]) -> [UInt8] {
    var out = Array("GGUF".utf8)
    append(version, to: &out)
    append(UInt64(tensors.count), to: &out)
    append(UInt64(pairs.count), to: &out)
    for pair in pairs {
      append(pair.key, to: &out)
      append(pair.value, to: &out)
    }
    var offset = 0
    for tensor in tensors {
      precondition(tensor.name.utf8.count <= GGUFReader.nameBytesMax, "a name is too long")
      append(tensor.name, to: &out)
      append(UInt32(tensor.dimensions.count), to: &out)
      for dimension in tensor.dimensions { append(UInt64(dimension), to: &out) }
      append(tensor.format.ggmlType, to: &out)
      append(UInt64(offset), to: &out)
      offset = GGUFReader.aligned(offset + tensor.byteCount, alignment)
    }
    return out
  }

  private static func append(_ value: some FixedWidthInteger, to out: inout [UInt8]) {
    withUnsafeBytes(of: value.littleEndian) { out.append(contentsOf: $0) }
  }

  private static func append(_ text: String, to out: inout [UInt8]) {
    append(UInt64(text.utf8.count), to: &out)
    out += text.utf8
  }

  private static func append(_ value: GGUFValue, to out: inout [UInt8]) {
    if let count = value.count {
      append(GGUFType.array.rawValue, to: &out)
      append(value.type.rawValue, to: &out)
      append(UInt64(count), to: &out)
    } else {
      append(value.type.rawValue, to: &out)
    }
    switch value {
    case .integer(let number, let type): append(number, type, to: &out)
    case .integers(let numbers, let type): for number in numbers { append(number, type, to: &out) }
    case .number(let number, let type): append(number, type, to: &out)
    case .numbers(let numbers, let type): for number in numbers { append(number, type, to: &out) }
    case .flag(let flag): out.append(flag ? 1 : 0)
    case .flags(let flags): out += flags.map { $0 ? 1 : 0 }
    case .string(let text): append(text, to: &out)
    case .strings(let texts): for text in texts { append(text, to: &out) }
    }
  }

  private static func append(_ number: Int64, _ type: GGUFType, to out: inout [UInt8]) {
    switch type.byteCount {
    case 1: append(UInt8(truncatingIfNeeded: number), to: &out)
    case 2: append(UInt16(truncatingIfNeeded: number), to: &out)
    case 4: append(UInt32(truncatingIfNeeded: number), to: &out)
    default: append(number, to: &out)
    }
  }

  private static func append(_ number: Double, _ type: GGUFType, to out: inout [UInt8]) {
    if type == .float32 {
      append(Float(number).bitPattern, to: &out)
    } else {
      append(number.bitPattern, to: &out)
    }
  }
}
