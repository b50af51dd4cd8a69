package import BlockFormats
import Diagnostics
package import Parallelism

extension BlockFormat {
  /// The bytes of `values`, a whole number of blocks.
  ///
  /// - Parameter pool: shares the work; the bytes do not depend on it.
  /// - Throws: ``Failure`` that names `tensor` when a value is beyond what the type can hold.
  package func encoded(
    _ values: [Float], tensor: String, pool: ThreadPool = ThreadPool(threads: 1)
  ) throws -> [UInt8] {
    // One block is a row of its own where no importance is given.
    try encoded(
      values, columns: blockElements, importance: nil, tensor: tensor, pool: pool)
  }

  /// The bytes of whole rows of `columns` values, a multiple of ``BlockFormat/blockElements``.
  ///
  /// - Parameters:
  ///   - importance: the weight of each column's errors (the mean square of what the layer reads
  ///     there), or nil. Types that ignore it (``BlockFormat/usesImportance``) give the same bytes.
  ///   - pool: shares the rows; the bytes do not depend on it.
  /// - Throws: ``Failure`` that names `tensor` when a value is beyond what the type can hold, or the
  ///   importance has another length or holds a value that is negative or not finite.
  package func encoded(
    _ values: [Float], columns: Int, importance: [Float]?, tensor: String, pool: ThreadPool
  ) throws -> [UInt8] {
    guard let byteCount = byteCount(elements: values.count) else {
      preconditionFailure("\(values.count) values are no whole number of \(name) blocks")
    }
    try checkRange(values, tensor: tensor)
    if let importance { try checkImportance(importance, columns: columns, tensor: tensor) }
    let encoded = [UInt8](unsafeUninitializedCapacity: byteCount) { bytes, count in
      count = byteCount
      values.withUnsafeBufferPointer { values in
        let bytes = UnsafeMutableRawBufferPointer(bytes)
        guard let importance, usesImportance else {
          return encode(values, columns: columns, importance: nil, to: bytes, pool)
        }
        importance.withUnsafeBufferPointer {
          encode(values, columns: columns, importance: $0, to: bytes, pool)
        }
      }
    }
    try encoded.withUnsafeBytes { try checkScales($0, tensor: tensor) }
    return encoded
  }

  private func encode(
    _ values: UnsafeBufferPointer<Float>, columns: Int,
    importance: UnsafeBufferPointer<Float>?, to bytes: UnsafeMutableRawBufferPointer,
    _ pool: ThreadPool
  ) {
    if values.isEmpty { return }
    // Each task reads and writes its own rows only, and forEach returns after all of them.
    nonisolated(unsafe) let (values, bytes, importance) = (values, bytes, importance)
    let rows = values.count / columns
    let step = max(1, Self.valuesPerTask / columns)
    let rowBytes = columns / blockElements * blockBytes
    pool.forEach((rows + step - 1) / step) { task in
      let range = task * step..<min(rows, (task + 1) * step)
      encodeRows(
        UnsafeBufferPointer(
          rebasing: values[range.lowerBound * columns..<range.upperBound * columns]),
        columns: columns, importance: importance,
        to: UnsafeMutableRawBufferPointer(
          rebasing: bytes[range.lowerBound * rowBytes..<range.upperBound * rowBytes]))
    }
  }

  /// 1 MiB of values in binary32: several tasks for a large matrix, one for a small one.
  private static var valuesPerTask: Int { 1 << 18 }

  private func checkImportance(_ importance: [Float], columns: Int, tensor: String) throws {
    if importance.count != columns {
      throw Diagnostic(
        "model.importance",
        "the tensor '\(SafeText.escaped(tensor))' has rows of \(columns) values, but its importance "
          + "has \(importance.count)",
        fix: "make the importance matrix from this model"
      ).failure(.badInput)
    }
    guard let column = importance.firstIndex(where: { !($0 >= 0 && $0.isFinite) }) else { return }
    throw Diagnostic(
      "model.importance",
      "the importance of the tensor '\(SafeText.escaped(tensor))' is \(importance[column]) at column "
        + "\(column), expected a finite number of at least 0",
      fix: "make the importance matrix anew"
    ).failure(.badInput)
  }

  /// Refuses values that the type would turn into infinities; F32 takes everything.
  package func checkRange(_ values: [Float], tensor: String) throws {
    if largest == .infinity { return }
    var beyond = 0
    var worst: Float = 0
    for value in values where !(value.magnitude <= largest) {
      beyond += 1
      worst = max(worst, value.isNaN ? 0 : value.magnitude)
    }
    if beyond == 0 { return }
    throw Diagnostic(
      "model.value-range",
      "the tensor '\(SafeText.escaped(tensor))' has \(beyond) values that \(name) cannot hold "
        + "(magnitude \(worst > 0 ? String(worst) : "NaN"), the largest is \(largest))",
      fix: name == "F16" ? "export as bf16 or f32" : "look for a training step that diverged"
    ).failure(.badInput)
  }

  /// Refuses encoded blocks whose scales overflowed: values close to ``BlockFormat/largest``.
  package func checkScales(_ bytes: UnsafeRawBufferPointer, tensor: String) throws {
    let broken = brokenBlocks(bytes)
    if broken == 0 { return }
    throw Diagnostic(
      "model.value-range",
      "the tensor '\(SafeText.escaped(tensor))' has values so large that the scales of \(broken) "
        + "\(name) blocks are beyond 65504",
      fix: "look for a training step that diverged"
    ).failure(.badInput)
  }

  /// The values of `bytes`.
  package func decoded(_ bytes: UnsafeRawBufferPointer, count elements: Int) -> [Float] {
    [Float](unsafeUninitializedCapacity: elements) { values, count in
      count = elements
      decode(bytes, UnsafeMutableBufferPointer(rebasing: values[..<elements]))
    }
  }
}
