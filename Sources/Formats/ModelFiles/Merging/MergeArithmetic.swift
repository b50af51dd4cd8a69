import Parallelism

/// Element by element, in binary32, the way torch rounds: each operation by itself.
extension [Float] {
  /// self += factor · other
  mutating func add(_ other: [Float], times factor: Float, _ pool: ThreadPool) {
    combine(other, pool) { own, other in own + factor * other }
  }

  /// self -= other
  mutating func subtract(_ other: [Float], _ pool: ThreadPool) {
    combine(other, pool) { own, other in own - other }
  }

  mutating func scale(by factor: Float, _ pool: ThreadPool) {
    change(pool) { $0 * factor }
  }

  mutating func divide(by divisor: Float, _ pool: ThreadPool) {
    change(pool) { $0 / divisor }
  }

  /// 256 KiB: several tasks for a large matrix, one for a norm.
  static var mergeBlock: Int { 1 << 16 }

  @inline(__always)
  private mutating func change(_ pool: ThreadPool, _ body: @Sendable (Float) -> Float) {
    withUnsafeMutableBufferPointer { own in
      // Each task changes its own range only, and forEachBlock returns after all of them.
      nonisolated(unsafe) let own = own
      pool.forEachBlock(of: own.count, by: Self.mergeBlock) { range in
        for index in range { own[index] = body(own[index]) }
      }
    }
  }

  @inline(__always)
  private mutating func combine(
    _ other: [Float], _ pool: ThreadPool, _ body: @Sendable (Float, Float) -> Float
  ) {
    precondition(count == other.count, "tensors of a merge have one size")
    withUnsafeMutableBufferPointer { own in
      other.withUnsafeBufferPointer { other in
        // As above.
        nonisolated(unsafe) let (own, other) = (own, other)
        pool.forEachBlock(of: own.count, by: Self.mergeBlock) { range in
          for index in range { own[index] = body(own[index], other[index]) }
        }
      }
    }
  }
}
