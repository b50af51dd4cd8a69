/// Memory of one backend, a fixed number of float32 cells, zero at the start.
///
/// Hosts read and write by explicit calls; only the backend that made it knows where it lies.
open class DeviceMemory: @unchecked Sendable {
  // `open` because backends of other targets have memory of their own; only this package makes any.
  // Who writes which part at what time is the contract of the backend's operations (see Matrix).
  package let count: Int
  /// Where a CPU backend finds it; nil: memory of another device.
  let hostAddress: UnsafeMutablePointer<Float>?

  /// - Parameter hostAddress: where a CPU backend finds it; nil: memory of another device.
  public init(count: Int, hostAddress: UnsafeMutablePointer<Float>?) {
    self.count = count
    self.hostAddress = hostAddress
  }

  /// Whether the host fills cells in place: what is written needs no memory beside them.
  package var isHosts: Bool { hostAddress != nil }

  /// Copies cells out, `target.count` from `offset` on.
  open func read(_ offset: Int, into target: UnsafeMutableBufferPointer<Float>) {
    preconditionFailure("every backend's memory can be read")
  }

  /// Copies cells in, from `offset` on.
  open func write(_ offset: Int, from source: UnsafeBufferPointer<Float>) {
    preconditionFailure("every backend's memory can be written")
  }

  /// Lets the host fill cells: in place where it can, else through memory of its own.
  package func fill(
    _ range: Range<Int>, _ body: (UnsafeMutableBufferPointer<Float>) throws -> Void
  ) rethrows {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= count, "cells lie inside the memory")
    if let hostAddress {
      try body(
        UnsafeMutableBufferPointer(start: hostAddress + range.lowerBound, count: range.count))
      return
    }
    let values = UnsafeMutableBufferPointer<Float>.allocate(capacity: range.count)
    defer { values.deallocate() }
    values.initialize(repeating: 0)
    try body(values)
    write(range.lowerBound, from: UnsafeBufferPointer(values))
  }

  /// Rows `0..<rows` of `columns` cells, from `offset` on.
  package func matrix(offset: Int = 0, rows: Int, columns: Int) -> Matrix {
    precondition(offset >= 0 && offset + rows * columns <= count, "a view lies inside its memory")
    return Matrix(memory: self, offset: offset, rows: rows, columns: columns, stride: columns)
  }
}
