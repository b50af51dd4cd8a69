private import BlockFormats
import Diagnostics

/// A safetensors file, memory-mapped and fully checked before any tensor is read.
///
/// Refused: a header over 100 MB or past the end, one that does not begin with `{`, duplicate
/// names, unknown types, sizes that do not follow from type and shape, and data that the tensors do
/// not cover exactly once. Opening costs the header; tensor bytes are read when asked for.
///
/// ```swift
/// let file = try SafetensorsFile(path: "model.safetensors")
/// try file.withBytes("model.norm.weight") { bytes in … }
/// ```
///
/// Format: github.com/huggingface/safetensors, README "Format".
package final class SafetensorsFile: Sendable {
  /// Longer headers are refused, as the reference does.
  package static let headerBytesMax = 100_000_000

  package let path: String
  /// Names in order of their bytes.
  package let names: [String]
  /// `__metadata__`, or empty.
  package let metadata: [String: String]

  private let entries: [String: TensorEntry]
  private let file: MappedFile
  private let dataStart: Int

  /// - Throws: ``Failure`` of class `badInput` for anything but a well-formed file.
  package init(path: String) throws {
    self.path = path
    file = try MappedFile(path: path)
    let parsed = try SafetensorsHeader.parse(file.bytes, file: path)
    dataStart = parsed.dataStart
    metadata = parsed.metadata
    entries = Dictionary(uniqueKeysWithValues: parsed.entries.map { ($0.name, $0) })
    names = parsed.entries.map(\.name).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  package func entry(_ name: String) -> TensorEntry? { entries[name] }

  /// The bytes of a tensor, little endian, row-major; valid inside `body` only.
  ///
  /// - Throws: ``Failure`` when there is no such tensor, and what `body` throws.
  package func withBytes<Result>(
    _ name: String, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    guard let entry = entries[name] else { throw missing(name) }
    let start = dataStart + entry.offset
    return try file.withBytes(start..<start + entry.byteCount, body)
  }

  /// The values of a tensor of type F32, F16 or BF16, converted to binary32.
  package func floats(_ name: String) throws -> [Float] {
    guard let entry = entries[name] else { throw missing(name) }
    guard let format = entry.type.floatFormat else {
      throw Diagnostic(
        "safetensors.not-float",
        "\(SafeText.path(path)): the tensor '\(SafeText.escaped(name))' is "
          + "\(entry.type.rawValue), expected F32, F16 or BF16",
        fix: "use the weights in their original precision"
      ).failure(.badInput)
    }
    return try withBytes(name) { bytes in
      [Float](unsafeUninitializedCapacity: entry.elementCount) { values, count in
        count = entry.elementCount
        format.decode(bytes, UnsafeMutableBufferPointer(rebasing: values[..<count]))
      }
    }
  }

  private func missing(_ name: String) -> Failure {
    Diagnostic(
      "safetensors.no-tensor",
      "\(SafeText.path(path)): there is no tensor '\(SafeText.escaped(name))'",
      fix: NearestName.suggestion(for: name, among: names).map {
        "found '\(SafeText.escaped($0))' instead"
      }
    ).failure(.badInput)
  }
}
