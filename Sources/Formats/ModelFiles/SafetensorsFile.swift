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

  /// The same for elements `range` only.
  func withBytes(
    _ name: String, elements range: Range<Int>,
    _ body: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    guard let entry = entries[name] else { throw missing(name) }
    precondition(
      range.lowerBound >= 0 && range.upperBound <= entry.elementCount, "\(range) leaves '\(name)'")
    let (start, size) = (dataStart + entry.offset, entry.type.byteCount)
    try file.withBytes(start + range.lowerBound * size..<start + range.upperBound * size, body)
  }

  /// The values of a tensor of type F32, F16 or BF16, converted to binary32.
  package func floats(_ name: String) throws -> [Float] {
    let (entry, format) = try floatEntry(name)
    return try withBytes(name) { bytes in
      [Float](unsafeUninitializedCapacity: entry.elementCount) { values, count in
        count = entry.elementCount
        format.decode(bytes, UnsafeMutableBufferPointer(rebasing: values[..<count]))
      }
    }
  }

  /// Writes the values of a tensor of type F32, F16 or BF16 to `values`, converted to binary32, in
  /// pieces that are given back to the system: memory does not grow by the tensor.
  ///
  /// - Parameters:
  ///   - elements: nil: all.
  ///   - values: as many as are asked for.
  /// - Throws: ``Failure`` when there is no such tensor, it holds no floats, or one is NaN or
  ///   infinite.
  package func read(
    _ name: String, elements: Range<Int>? = nil, into values: UnsafeMutableBufferPointer<Float>
  ) throws {
    let (entry, format) = try floatEntry(name)
    let wanted = elements ?? 0..<entry.elementCount
    precondition(values.count == wanted.count, "the buffer has the size of what is read")
    try forEachPiece(of: entry, wanted) { bytes, range in
      try checkFinite(bytes, entry, from: wanted.lowerBound + range.lowerBound)
      format.decode(bytes, UnsafeMutableBufferPointer(rebasing: values[range]))
    }
  }

  /// Copies elements as they are stored.
  ///
  /// - Parameter target: as many bytes as the elements have.
  /// - Throws: as ``read(_:elements:into:)``.
  package func copy(
    _ name: String, elements: Range<Int>, into target: UnsafeMutableRawBufferPointer
  ) throws {
    let (entry, _) = try floatEntry(name)
    let size = entry.type.byteCount
    precondition(target.count == elements.count * size, "the buffer has the size of what is read")
    try forEachPiece(of: entry, elements) { bytes, range in
      try checkFinite(bytes, entry, from: elements.lowerBound + range.lowerBound)
      let place = range.lowerBound * size..<range.upperBound * size
      UnsafeMutableRawBufferPointer(rebasing: target[place]).copyMemory(from: bytes)
    }
  }

  /// The same as bfloat16, rounded to nearest, ties to even; a tensor that is stored so is copied.
  package func bfloat16(
    _ name: String, elements: Range<Int>? = nil, into values: UnsafeMutableBufferPointer<UInt16>
  ) throws {
    let (entry, format) = try floatEntry(name)
    let wanted = elements ?? 0..<entry.elementCount
    precondition(values.count == wanted.count, "the buffer has the size of what is read")
    try forEachPiece(of: entry, wanted) { bytes, range in
      try checkFinite(bytes, entry, from: wanted.lowerBound + range.lowerBound)
      let target = UnsafeMutableRawBufferPointer(
        UnsafeMutableBufferPointer(rebasing: values[range]))
      if entry.type == .BF16 { return target.copyMemory(from: bytes) }
      withUnsafeTemporaryAllocation(of: Float.self, capacity: range.count) { floats in
        format.decode(bytes, floats)
        BlockFormat.bf16.encode(UnsafeBufferPointer(floats), target)
      }
    }
  }

  /// Reads a tensor through and looks for NaN and infinities; types without them pass.
  ///
  /// - Throws: ``Failure`` of class `badInput` that says where the first is.
  package func checkFinite(_ name: String) throws {
    guard let entry = entries[name] else { throw missing(name) }
    guard entry.type.floatFormat != nil else { return }
    try forEachPiece(of: entry, 0..<entry.elementCount) { bytes, range in
      try checkFinite(bytes, entry, from: range.lowerBound)
    }
  }

  private func checkFinite(
    _ bytes: UnsafeRawBufferPointer, _ entry: TensorEntry, from first: Int
  ) throws {
    guard let place = FiniteScan.firstNotFinite(bytes, entry.type) else { return }
    let kind = place.isNaN ? "NaN" : "infinity"
    throw Diagnostic(
      "model.not-finite",
      "the tensor '\(SafeText.escaped(entry.name))' holds \(kind) (value \(first + place.index) of "
        + "\(entry.elementCount))",
      fix: "the training that made the weights diverged; use an earlier checkpoint"
    ).failure(.badInput)
  }

  /// Runs `body` over pieces of at most 2^20 elements of `elements`, in order, with where each lies
  /// among them.
  private func forEachPiece(
    of entry: TensorEntry, _ elements: Range<Int>,
    _ body: (UnsafeRawBufferPointer, Range<Int>) throws -> Void
  ) throws {
    let size = entry.type.byteCount
    precondition(
      elements.lowerBound >= 0 && elements.upperBound <= entry.elementCount,
      "\(elements) leaves '\(entry.name)'")
    let start = dataStart + entry.offset + elements.lowerBound * size
    for first in stride(from: 0, to: elements.count, by: Self.pieceElements) {
      let range = first..<min(elements.count, first + Self.pieceElements)
      let bytes = start + range.lowerBound * size..<start + range.upperBound * size
      try file.withBytes(bytes) { try body($0, range) }
    }
  }

  /// 2 MiB of bfloat16: what is given back at a time is well above ``MappedFile``'s least.
  private static var pieceElements: Int { 1 << 20 }

  private func floatEntry(_ name: String) throws -> (TensorEntry, BlockFormat) {
    guard let entry = entries[name] else { throw missing(name) }
    if let format = entry.type.floatFormat { return (entry, format) }
    throw Diagnostic(
      "safetensors.not-float",
      "\(SafeText.path(path)): the tensor '\(SafeText.escaped(name))' is "
        + "\(entry.type.rawValue), expected F32, F16 or BF16",
      fix: "use the weights in their original precision"
    ).failure(.badInput)
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
