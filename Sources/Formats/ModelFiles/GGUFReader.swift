package import BlockFormats
import Diagnostics

/// A tensor of a GGUF file.
package struct GGUFTensor: Sendable, Hashable {
  package var name: String
  package var layout: BlockLayout
  /// Innermost dimension first, as the file has it: [in, out] of a matrix.
  package var dimensions: [Int]
  /// Where the bytes begin in the data part.
  package var offset: Int
  package var byteCount: Int

  package var elementCount: Int { dimensions.reduce(1, *) }
}

/// A GGUF file of version 2 or 3, memory-mapped and fully checked before any tensor is read.
///
/// Refused: counts, lengths and offsets that leave the file, duplicate keys and names, unknown
/// types, alignments that are no power of two, tensors that overlap, leave holes or do not fill
/// whole blocks.
///
/// Format: github.com/ggml-org/ggml, docs/gguf.md.
package final class GGUFReader: Sendable {
  package static let versions: ClosedRange<UInt32> = 2...3
  /// Names of tensors have at most so many bytes (`GGML_MAX_NAME` with its NUL).
  package static let nameBytesMax = 63
  package static let dimensionsMax = 4
  /// Larger alignments are refused: files use 32, and padding is charged to the reader.
  package static let alignmentMax = 1 << 20

  package let path: String
  package let version: Int
  /// Keys in the order of the file.
  package let pairs: [GGUFPair]
  /// Tensors in the order of the file.
  package let tensors: [GGUFTensor]
  package let alignment: Int
  /// Offset of the data part in the file.
  package let dataStart: Int

  private let file: MappedFile
  private let keyIndex: [String: Int]
  private let tensorIndex: [String: Int]

  /// - Throws: ``Failure`` of class `badInput` for anything but a well-formed file.
  package init(path: String) throws {
    self.path = path
    file = try MappedFile(path: path)
    var scanner = GGUFScanner(file.bytes, file: path)
    version = try Self.readVersion(&scanner, file.bytes)
    let tensorCount = try scanner.count("tensors", minimum: 24)
    let pairCount = try scanner.count("keys", minimum: 13)
    let (pairs, keyIndex) = try Self.readPairs(&scanner, count: pairCount)
    (self.pairs, self.keyIndex) = (pairs, keyIndex)
    alignment = try Self.alignment(keyIndex["general.alignment"].map { pairs[$0].value }, scanner)
    var tensors: [GGUFTensor] = []
    var tensorIndex: [String: Int] = [:]
    var end = 0
    for index in 0..<tensorCount {
      let tensor = try Self.readTensor(&scanner, expectedOffset: end, alignment: alignment)
      guard tensorIndex.updateValue(index, forKey: tensor.name) == nil else {
        throw scanner.problem(
          "duplicate", "the tensor '\(SafeText.escaped(tensor.name))' is there twice")
      }
      end = try Self.end(of: tensor, alignment: alignment, scanner)
      tensors.append(tensor)
    }
    self.tensors = tensors
    self.tensorIndex = tensorIndex
    dataStart = tensorCount == 0 ? scanner.at : Self.aligned(scanner.at, alignment)
    try Self.checkEnd(tensors, dataStart: dataStart, alignment: alignment, scanner, file.bytes)
  }

  package subscript(key: String) -> GGUFValue? { keyIndex[key].map { pairs[$0].value } }

  package func tensor(_ name: String) -> GGUFTensor? { tensorIndex[name].map { tensors[$0] } }

  /// The bytes of a tensor of this file; valid inside `body` only.
  package func withBytes<Result>(
    _ tensor: GGUFTensor, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    let start = dataStart + tensor.offset
    return try file.withBytes(start..<start + tensor.byteCount, body)
  }

  /// Some bytes of a tensor, by their range within it.
  package func withBytes<Result>(
    _ tensor: GGUFTensor, _ range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= tensor.byteCount,
      "\(range) leaves '\(tensor.name)'")
    let start = dataStart + tensor.offset
    return try file.withBytes(start + range.lowerBound..<start + range.upperBound, body)
  }

  /// The values of a tensor, dequantized, innermost dimension running fastest.
  ///
  /// - Throws: ``Failure`` when there is no such tensor or its type cannot be decoded.
  package func floats(_ name: String) throws -> [Float] {
    guard let tensor = tensor(name) else {
      throw Diagnostic(
        "gguf.no-tensor",
        "\(SafeText.path(path)): there is no tensor '\(SafeText.escaped(name))'"
      ).failure(.badInput)
    }
    guard let format = BlockFormat.numbered(tensor.layout.ggmlType) else {
      let known = BlockFormat.all.map(\.name).joined(separator: ", ")
      throw Diagnostic(
        "gguf.not-decoded",
        "\(SafeText.path(path)): '\(SafeText.escaped(name))' is \(tensor.layout.name), "
          + "expected one of \(known)"
      ).failure(.badInput)
    }
    return withBytes(tensor) { format.decoded($0, count: tensor.elementCount) }
  }

  // MARK: - Header

  private static func readVersion(_ scanner: inout GGUFScanner, _ bytes: UnsafeRawBufferPointer)
    throws -> Int
  {
    guard bytes.count >= 8, bytes[0..<4].elementsEqual("GGUF".utf8) else {
      throw scanner.problem("magic", "the file does not begin with 'GGUF'")
    }
    _ = try scanner.integer(UInt32.self, "the magic")
    let version = try scanner.integer(UInt32.self, "the version")
    if version.byteSwapped <= 0xFFFF, version > 0xFFFF {
      throw scanner.problem(
        "big-endian", "the file is big-endian, expected little-endian",
        fix: "convert it with gguf_convert_endian.py of llama.cpp")
    }
    guard versions.contains(version) else {
      throw scanner.problem(
        "version",
        "the file has version \(version), expected \(versions.lowerBound) or \(versions.upperBound)"
      )
    }
    return Int(version)
  }

  private static func readPairs(_ scanner: inout GGUFScanner, count: Int) throws
    -> ([GGUFPair], [String: Int])
  {
    var pairs: [GGUFPair] = []
    var index: [String: Int] = [:]
    for _ in 0..<count {
      let key = try scanner.string("a key")
      let shown = SafeText.escaped(key)
      guard !key.isEmpty else { throw scanner.problem("key", "a key is empty") }
      guard index.updateValue(pairs.count, forKey: key) == nil else {
        throw scanner.problem("duplicate", "the key '\(shown)' is there twice")
      }
      pairs.append(GGUFPair(key, try scanner.value(shown)))
    }
    return (pairs, index)
  }

  private static func alignment(_ value: GGUFValue?, _ scanner: GGUFScanner) throws -> Int {
    guard let value else { return 32 }
    guard case .integer(let number, .uint32) = value, number > 0, number <= alignmentMax,
      number & (number - 1) == 0
    else {
      throw scanner.problem(
        "alignment",
        "'general.alignment' is \(value.integer.map(String.init) ?? "of type \(value.type.name)"), "
          + "expected a power of two up to \(alignmentMax) as u32")
    }
    return Int(number)
  }

  private static func readTensor(
    _ scanner: inout GGUFScanner, expectedOffset: Int, alignment: Int
  ) throws -> GGUFTensor {
    let name = try scanner.string("a tensor's name")
    let shown = SafeText.escaped(name)
    guard name.utf8.count <= nameBytesMax else {
      throw scanner.problem(
        "name",
        "the tensor name '\(shown)' has \(name.utf8.count) bytes, expected at most \(nameBytesMax)")
    }
    let rank = try scanner.integer(UInt32.self, "the dimensions of '\(shown)'")
    guard rank <= dimensionsMax else {
      throw scanner.problem(
        "dimensions", "the tensor '\(shown)' has \(rank) dimensions, expected at most 4")
    }
    var dimensions: [Int] = []
    var elements = 1
    for _ in 0..<rank {
      let dimension = try scanner.integer(UInt64.self, "the dimensions of '\(shown)'")
      guard let size = Int(exactly: dimension),
        case let (product, overflow) =
          elements.multipliedReportingOverflow(by: size), !overflow
      else {
        throw scanner.problem(
          "dimensions", "the tensor '\(shown)' has a dimension of \(dimension): too large")
      }
      elements = product
      dimensions.append(size)
    }
    let number = try scanner.integer(UInt32.self, "the type of '\(shown)'")
    guard let layout = BlockLayout.numbered(number) else {
      throw scanner.problem("tensor-type", "the tensor '\(shown)' has the unknown type \(number)")
    }
    let row = dimensions.first ?? 1
    guard row % layout.blockElements == 0 else {
      throw scanner.problem(
        "blocks",
        "the rows of '\(shown)' have \(row) values, no multiple of \(layout.name)'s "
          + "\(layout.blockElements)")
    }
    let (bytes, overflow) = (elements / layout.blockElements).multipliedReportingOverflow(
      by: layout.blockBytes)
    guard !overflow else {
      throw scanner.problem("dimensions", "the tensor '\(shown)' has more than 2^63 bytes")
    }
    let offset = try scanner.integer(UInt64.self, "the offset of '\(shown)'")
    guard offset == UInt64(expectedOffset) else {
      throw scanner.problem(
        "offset",
        "the tensor '\(shown)' begins at \(offset), expected \(expectedOffset), right after the "
          + "one before (aligned to \(alignment))")
    }
    return GGUFTensor(
      name: name, layout: layout, dimensions: dimensions, offset: Int(offset), byteCount: bytes)
  }

  private static func end(of tensor: GGUFTensor, alignment: Int, _ scanner: GGUFScanner) throws
    -> Int
  {
    let (end, overflow) = tensor.offset.addingReportingOverflow(tensor.byteCount)
    guard !overflow, end <= Int.max - 2 * alignment else {
      throw scanner.problem("dimensions", "the tensors have more than 2^63 bytes")
    }
    return aligned(end, alignment)
  }

  private static func checkEnd(
    _ tensors: [GGUFTensor], dataStart: Int, alignment: Int, _ scanner: GGUFScanner,
    _ bytes: UnsafeRawBufferPointer
  ) throws {
    let dataBytes = bytes.count - dataStart
    let end = tensors.last.map { $0.offset + $0.byteCount } ?? 0
    guard dataBytes >= end else {
      throw scanner.problem(
        "truncated", "the tensors need \(end) bytes, the file holds \(max(0, dataBytes))",
        fix: "copy or download the file again")
    }
    // A file without tensors may be padded or not.
    guard dataBytes < max(end, 1) + alignment else {
      throw scanner.problem(
        "tail", "\(dataBytes - end) bytes after the last tensor belong to none")
    }
  }

  static func aligned(_ offset: Int, _ alignment: Int) -> Int {
    (offset + alignment - 1) / alignment * alignment
  }
}
