private import Glibc

/// Float32 memory of fixed size, aligned to 64 bytes, zero at the start.
///
/// It is handed out as ``Matrix`` views; whoever holds a view holds the storage as well.
package final class Storage: @unchecked Sendable {
  // The address never changes; who writes which part is the backend's contract (see Matrix).
  let address: UnsafeMutablePointer<Float>
  package let count: Int

  package init(count: Int) {
    self.count = count
    let bytes = max(64, count * 4)
    let raw = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    memset(raw, 0, bytes)
    address = raw.bindMemory(to: Float.self, capacity: max(16, count))
  }

  deinit { UnsafeMutableRawPointer(address).deallocate() }

  package var buffer: UnsafeMutableBufferPointer<Float> { .init(start: address, count: count) }

  /// Rows `0..<rows` of `columns` floats, from `offset` on.
  package func matrix(offset: Int = 0, rows: Int, columns: Int) -> Matrix {
    precondition(offset >= 0 && offset + rows * columns <= count, "a view lies inside its storage")
    return Matrix(address: address + offset, rows: rows, columns: columns, stride: columns)
  }
}
