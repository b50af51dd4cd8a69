import Diagnostics
import Documents

/// Reads and checks the header of a safetensors file.
enum SafetensorsHeader {
  struct Parsed {
    /// In order of offset.
    var entries: [TensorEntry]
    var metadata: [String: String]
    /// Offset of the data part in the file.
    var dataStart: Int
  }

  /// Dimensions beyond this are refused: torch has at most 64.
  static let rankMax = 64

  static func parse(_ bytes: UnsafeRawBufferPointer, file: String) throws -> Parsed {
    let header = try headerRange(bytes, file: file)
    let text = UnsafeRawBufferPointer(rebasing: bytes[header]).bindMemory(to: UInt8.self)
    guard text.first == UInt8(ascii: "{") else {
      throw problem(file, "header", "the header does not begin with '{'")
    }
    guard case .object(let members) = try JSONReader.parse(text, file: file) else {
      throw problem(file, "header", "the header is not a JSON object")
    }
    var metadata: [String: String] = [:]
    var entries: [TensorEntry] = []
    entries.reserveCapacity(members.count)
    for member in members {
      if member.key == "__metadata__" {
        metadata = try readMetadata(member.value, file: file)
      } else {
        entries.append(try entry(member, file: file))
      }
    }
    entries.sort { ($0.offset, $0.byteCount) < ($1.offset, $1.byteCount) }
    try checkCover(entries, dataBytes: bytes.count - header.upperBound, file: file)
    return Parsed(entries: entries, metadata: metadata, dataStart: header.upperBound)
  }

  private static func headerRange(_ bytes: UnsafeRawBufferPointer, file: String) throws
    -> Range<Int>
  {
    if let kind = pickleKind(bytes) {
      throw problem(
        file, "pickle", "the file is \(kind), expected safetensors",
        fix: "convert it with safetensors.torch.save_file; pickles can run code and are never read")
    }
    guard bytes.count >= 8 else {
      throw problem(file, "too-short", "the file has \(bytes.count) bytes, expected at least 8")
    }
    let length = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
    guard length <= headerBytesMax else {
      throw problem(
        file, "header-length",
        "the header says it has \(length) bytes, expected at most \(headerBytesMax)")
    }
    guard length >= 2, length <= UInt64(bytes.count - 8) else {
      throw problem(
        file, "header-length",
        "the header says it has \(length) bytes, the file holds \(bytes.count - 8) after the length"
      )
    }
    return 8..<8 + Int(length)
  }

  /// What the first bytes say of a pickle. They can also be the length of a header, 1152 for one:
  /// where a header of that length begins, it is one.
  private static func pickleKind(_ bytes: UnsafeRawBufferPointer) -> String? {
    guard bytes.count >= 2 else { return nil }
    let isPickle = bytes[0] == 0x80 && bytes[1] <= 5
    guard isPickle || bytes[0] == 0x50 && bytes[1] == 0x4B else { return nil }
    if bytes.count > 8, bytes[8] == UInt8(ascii: "{"),
      UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self)) <= UInt64(bytes.count - 8)
    {
      return nil
    }
    return isPickle ? "a pickle" : "a zip archive (a torch pickle)"
  }

  private static var headerBytesMax: UInt64 { UInt64(SafetensorsFile.headerBytesMax) }

  private static func readMetadata(_ value: JSONValue, file: String) throws -> [String: String] {
    guard case .object(let members) = value else {
      throw problem(file, "metadata", "'__metadata__' is \(value.kindName), expected an object")
    }
    var metadata: [String: String] = [:]
    for member in members {
      guard let text = member.value.stringValue else {
        throw problem(
          file, "metadata",
          "'__metadata__' holds \(member.value.kindName) at '\(SafeText.escaped(member.key))', "
            + "expected a string")
      }
      metadata[member.key] = text
    }
    return metadata
  }

  private static func entry(_ member: JSONMember, file: String) throws -> TensorEntry {
    let name = SafeText.escaped(member.key)
    guard let typeName = member.value["dtype"]?.stringValue,
      let shapeValues = member.value["shape"]?.arrayValue,
      let offsets = member.value["data_offsets"]?.arrayValue
    else {
      throw problem(
        file, "tensor", "the tensor '\(name)' lacks 'dtype', 'shape' or 'data_offsets'")
    }
    guard let type = TensorType(rawValue: typeName) else {
      throw problem(
        file, "dtype", "the tensor '\(name)' has the type '\(SafeText.escaped(typeName))'",
        fix: "known types: \(TensorType.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    guard shapeValues.count <= rankMax else {
      throw problem(
        file, "shape",
        "the tensor '\(name)' has \(shapeValues.count) dimensions, expected at most \(rankMax)")
    }
    var shape: [Int] = []
    var bytes = type.byteCount
    for value in shapeValues {
      guard case .integer(let dimension) = value, dimension >= 0 else {
        throw problem(
          file, "shape", "the tensor '\(name)' has a dimension that is no whole number from 0 on")
      }
      let (product, overflow) = bytes.multipliedReportingOverflow(by: Int(dimension))
      guard !overflow else {
        throw problem(file, "shape", "the shape of '\(name)' has more than 2^63 bytes")
      }
      bytes = product
      shape.append(Int(dimension))
    }
    guard offsets.count == 2, case .integer(let begin) = offsets[0],
      case .integer(let end) = offsets[1], begin >= 0, end >= begin
    else {
      throw problem(
        file, "offsets", "the tensor '\(name)' has 'data_offsets' that are no [begin, end]")
    }
    guard Int(end - begin) == bytes else {
      throw problem(
        file, "size",
        "the tensor '\(name)' is \(typeName)\(shape), \(bytes) bytes, but its offsets give "
          + "\(end - begin)")
    }
    return TensorEntry(
      name: member.key, type: type, shape: shape, offset: Int(begin), byteCount: bytes)
  }

  /// The tensors, in order of offset, must cover the data exactly: no hole, overlap or tail.
  private static func checkCover(_ entries: [TensorEntry], dataBytes: Int, file: String) throws {
    var end = 0
    for entry in entries {
      let name = SafeText.escaped(entry.name)
      guard entry.offset >= end else {
        throw problem(
          file, "overlap",
          "the tensor '\(name)' begins at \(entry.offset), before the end of the last, \(end)"
        )
      }
      guard entry.offset == end else {
        throw problem(
          file, "hole",
          "\(entry.offset - end) bytes before the tensor '\(name)' belong to no tensor")
      }
      end += entry.byteCount  // offset + byteCount was an Int in the header
    }
    guard end <= dataBytes else {
      throw problem(
        file, "truncated", "the tensors need \(end) bytes, the file holds \(dataBytes)",
        fix: "copy or download the file again")
    }
    guard end == dataBytes else {
      throw problem(file, "tail", "\(dataBytes - end) bytes after the last tensor belong to none")
    }
  }

  private static func problem(
    _ file: String, _ code: String, _ message: String, fix: String? = nil
  ) -> Failure {
    Diagnostic("safetensors.\(code)", "\(SafeText.path(file)): \(message)", fix: fix)
      .failure(.badInput)
  }
}
