/// A card, or what stands for one: memory, copies, launches, all in the order of one queue.
///
/// Calls that queue work return before it is done; ``read(_:_:)`` and ``synchronize()`` wait. Errors
/// are those of ``CUDAProblem``. One thread at a time may call it.
package protocol CUDADevice: AnyObject, Sendable {
  /// The card's name, such as `NVIDIA H200`.
  var name: String { get }
  /// What decides the bits of a result: card, compute capability, driver, kernels, libraries.
  var arithmetic: String { get }
  var multiprocessorCount: Int { get }
  /// Bytes of shared memory that a block may ask for.
  var sharedBytesMax: Int { get }
  /// Bytes that are free now, and all of them.
  func memory() throws -> (free: Int, total: Int)
  /// Bytes that are not cleared.
  func allocate(byteCount: Int) throws -> UInt64
  func free(_ address: UInt64)
  /// Copies into the card's memory; the bytes have been taken when it returns.
  func write(_ address: UInt64, _ source: UnsafeRawBufferPointer) throws
  /// Copies out, after all that was queued.
  func read(_ target: UnsafeMutableRawBufferPointer, _ address: UInt64) throws
  func copy(_ target: UInt64, _ source: UInt64, byteCount: Int) throws
  /// Clears whole cells of 4 bytes.
  func zero(_ address: UInt64, cellCount: Int) throws
  /// Queues a kernel by its name without the prefix `orc_`.
  func launch(_ kernel: String, _ size: LaunchSize, _ arguments: [KernelArgument]) throws
  func synchronize() throws
  /// Memory of the host for copies beside the queue.
  func allocateHost(byteCount: Int) throws -> UnsafeMutableRawPointer
  /// Waits for its copy first.
  func freeHost(_ host: UnsafeMutableRawPointer)
  /// Begins a copy beside the queue, behind all that is queued now.
  func beginCopy(_ copy: SideCopy) throws
  /// What is queued from now on comes behind the last copy of this memory, if there was one.
  func settle(_ host: UnsafeMutableRawPointer) throws
  /// cuBLAS, where it was found.
  var library: (any ProductLibrary)? { get }
}

/// A copy between memory of ``CUDADevice/allocateHost(byteCount:)``, from its first byte on, and the card's.
package struct SideCopy: Sendable {
  // Unsafe, as a pointer is not Sendable: nobody but the copy uses the memory until it is settled.
  package nonisolated(unsafe) var host: UnsafeMutableRawPointer
  package var address: UInt64
  package var byteCount: Int
  /// From the card to the host.
  package var isOut: Bool

  package init(
    host: UnsafeMutableRawPointer, address: UInt64, byteCount: Int, isOut: Bool
  ) {
    (self.host, self.address, self.byteCount, self.isOut) = (host, address, byteCount, isOut)
  }
}

/// Products of a vendor's library: the same bits for the same sizes, not for the same rows.
package protocol ProductLibrary: Sendable {
  /// Row-major C (M, N) = alpha · op(A) op(B) + beta · C, C of float32, sums in float32.
  func multiply(_ product: LibraryProduct) throws
}

/// The operands of one product; strides in elements.
package struct LibraryProduct: Sendable {
  package enum Element: Sendable { case float32, bfloat16 }
  package struct Operand: Sendable {
    package var address: UInt64
    package var stride: Int
    package var isTransposed: Bool
  }
  package var rows, columns, depth: Int
  package var element: Element
  package var a, b: Operand
  package var c: UInt64
  package var cStride: Int
  package var alpha, beta: Float
}

/// The grid of a launch.
package struct LaunchSize: Sendable, Hashable {
  package var grid: (x: Int, y: Int, z: Int)
  package var block: (x: Int, y: Int, z: Int)
  package var sharedBytes: Int

  package init(
    grid: (x: Int, y: Int, z: Int), block: (x: Int, y: Int, z: Int), sharedBytes: Int = 0
  ) {
    self.grid = grid
    self.block = block
    self.sharedBytes = sharedBytes
  }

  package init(grid: Int, block: Int, sharedBytes: Int = 0) {
    self.init(grid: (grid, 1, 1), block: (block, 1, 1), sharedBytes: sharedBytes)
  }

  package static func == (a: LaunchSize, b: LaunchSize) -> Bool {
    a.grid == b.grid && a.block == b.block && a.sharedBytes == b.sharedBytes
  }

  package func hash(into hasher: inout Hasher) {
    for value in [grid.x, grid.y, grid.z, block.x, block.y, block.z, sharedBytes] {
      hasher.combine(value)
    }
  }
}

/// An argument of a kernel, as wide as its parameter.
package enum KernelArgument: Sendable {
  case address(UInt64)
  /// `long long`.
  case long(Int)
  case int(Int32)
  case unsigned(UInt32)
  case unsignedLong(UInt64)
  case float(Float)
  case double(Double)

  /// Its bytes, the first ones of the cell on a little-endian host.
  private var cell: UInt64 {
    switch self {
    case .address(let value), .unsignedLong(let value): value
    case .long(let value): UInt64(bitPattern: Int64(value))
    case .int(let value): UInt64(UInt32(bitPattern: value))
    case .unsigned(let value): UInt64(value)
    case .float(let value): UInt64(value.bitPattern)
    case .double(let value): value.bitPattern
    }
  }

  /// The addresses of the arguments, as `cuLaunchKernel` takes them.
  package static func withPointers<Result>(
    _ arguments: [KernelArgument],
    _ body: (UnsafeMutablePointer<UnsafeMutableRawPointer?>) throws -> Result
  ) rethrows -> Result {
    var cells = arguments.map(\.cell)
    return try cells.withUnsafeMutableBufferPointer { cells in
      var pointers = cells.indices.map { index in
        cells.baseAddress.map { UnsafeMutableRawPointer($0 + index) }
      }
      return try pointers.withUnsafeMutableBufferPointer { pointers in
        guard let first = pointers.baseAddress else {
          preconditionFailure("a kernel has arguments")
        }
        return try body(first)
      }
    }
  }
}
