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
    guard let byteCount = byteCount(elements: values.count) else {
      preconditionFailure("\(values.count) values are no whole number of \(name) blocks")
    }
    try checkRange(values, tensor: tensor)
    return [UInt8](unsafeUninitializedCapacity: byteCount) { bytes, count in
      count = byteCount
      values.withUnsafeBufferPointer { encode($0, to: UnsafeMutableRawBufferPointer(bytes), pool) }
    }
  }

  private func encode(
    _ values: UnsafeBufferPointer<Float>, to bytes: UnsafeMutableRawBufferPointer,
    _ pool: ThreadPool
  ) {
    // Each task reads and writes its own blocks only, and forEach returns after all of them.
    nonisolated(unsafe) let (values, bytes) = (values, bytes)
    let blocks = values.count / blockElements
    let step = Self.blockValuesPerTask / blockElements
    pool.forEach((blocks + step - 1) / step) { task in
      let range = task * step..<min(blocks, (task + 1) * step)
      encode(
        UnsafeBufferPointer(
          rebasing: values[range.lowerBound * blockElements..<range.upperBound * blockElements]),
        UnsafeMutableRawBufferPointer(
          rebasing: bytes[range.lowerBound * blockBytes..<range.upperBound * blockBytes]))
    }
  }

  /// 1 MiB of values in binary32: several tasks for a large matrix, one for a small one.
  private static var blockValuesPerTask: Int { 1 << 18 }

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

  /// The values of `bytes`.
  package func decoded(_ bytes: UnsafeRawBufferPointer, count elements: Int) -> [Float] {
    [Float](unsafeUninitializedCapacity: elements) { values, count in
      count = elements
      decode(bytes, UnsafeMutableBufferPointer(rebasing: values[..<elements]))
    }
  }
}
