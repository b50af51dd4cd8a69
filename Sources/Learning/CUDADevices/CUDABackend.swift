internal import BlockFormats
package import Parallelism
package import Tensors

/// The operations of the decoder on one card.
///
/// Work is queued in order on one stream; only what a host reads is waited for. Cells are float32;
/// products with frozen weights may round their factors to bfloat16 and sum in float32. Reductions
/// have a fixed shape: the same card, driver and kernels give the same bits.
package final class CUDABackend: Backend {
  package let pool: ThreadPool
  package let device: any CUDADevice
  /// What weights in 16 bits or fewer are multiplied in.
  package let products: ProductPrecision
  /// Cells of scratch that weights are expanded into for cuBLAS, a piece of their rows at a time.
  let expansionCells: Int
  let queue: CUDAQueue
  /// The code books of ``DynamicMap``, signed then unsigned.
  let maps: CUDAMemory

  /// - Parameter expansionCells: 128 MiB; large products stay large.
  /// - Throws: the device's failure when there is no room for the first few cells.
  package init(
    _ device: any CUDADevice, pool: ThreadPool, products: ProductPrecision = .float32,
    expansionCells: Int = 1 << 25
  ) throws {
    self.expansionCells = expansionCells
    self.device = device
    self.pool = pool
    self.products = products
    queue = CUDAQueue(device)
    maps = CUDAMemory(count: 512, queue)
    (DynamicMap.signed.code + DynamicMap.unsigned.code).withUnsafeBufferPointer {
      maps.write(0, from: $0)
    }
    try queue.check()
  }

  package var arithmeticClass: String {
    "cuda \(products == .bfloat16 ? "bf16" : "f32") \(device.arithmetic)"
  }

  package func allocate(_ count: Int) -> DeviceMemory { CUDAMemory(count: count, queue) }

  package func allocate(_ count: Int, pagedIn folder: String) throws -> DeviceMemory {
    try PagedMemory(count: count, pagedIn: folder)
  }

  package func check() throws { try queue.check() }

  package func hostStore() -> any HostStore { CUDAHostStore(queue) }

  package var decodesWeights: Bool { true }

  package var memoryLimit: Int? { queue.memoryLimit }
}

/// How kernels are launched: the shapes that `orc_cuda_kernels.h` names.
extension CUDAQueue {
  /// Cells of rows and columns, a few to a thread.
  func cells(_ kernel: String, _ rows: Int, _ columns: Int, _ arguments: [KernelArgument]) throws {
    if rows == 0 || columns == 0 { return }
    try device.launch(
      kernel,
      LaunchSize(
        grid: (Self.blocks(columns, 128), min(Self.blocks(rows, 8), 65535), 1),
        block: (32, 8, 1)), arguments)
  }

  /// A block to each of `rows` reductions over `columns`.
  func rows(_ kernel: String, _ rows: Int, _ columns: Int, _ arguments: [KernelArgument]) throws {
    if rows == 0 || columns == 0 { return }
    let threads = columns <= 256 ? 32 : columns <= 2048 ? 128 : 256
    try device.launch(kernel, LaunchSize(grid: rows, block: threads), arguments)
  }

  /// One dimension.
  func flat(_ kernel: String, _ count: Int, _ arguments: [KernelArgument], block: Int = 256) throws
  {
    if count == 0 { return }
    try device.launch(
      kernel, LaunchSize(grid: min(Self.blocks(count, block), 65535), block: block), arguments)
  }

  /// Tiles of a product's target.
  func tiles(
    _ kernel: String, _ rows: Int, _ columns: Int, _ size: (rows: Int, columns: Int),
    _ arguments: [KernelArgument]
  ) throws {
    if rows == 0 || columns == 0 { return }
    try device.launch(
      kernel,
      LaunchSize(
        grid: (Self.blocks(columns, size.columns), Self.blocks(rows, size.rows), 1),
        block: (256, 1, 1)), arguments)
  }

  static func blocks(_ count: Int, _ size: Int) -> Int { (count + size - 1) / size }
}

extension KernelArgument {
  /// The first cell of a matrix and its stride.
  static func view(_ matrix: Matrix) -> [KernelArgument] {
    [.address(matrix.deviceAddress), .long(matrix.stride)]
  }

  static func count(_ value: Int) -> KernelArgument { .int(Int32(value)) }
  static func flag(_ value: Bool) -> KernelArgument { .int(value ? 1 : 0) }
}
