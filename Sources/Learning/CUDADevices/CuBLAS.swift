internal import CCUDA
internal import Diagnostics

/// Products by NVIDIA's library. The same sizes give the same bits on the same card and version: one
/// stream, a workspace of its own, no split sums by atomics.
final class CuBLAS: ProductLibrary, @unchecked Sendable {
  // The backend calls it from one thread at a time.
  private let table: UnsafePointer<orc_cublas>
  private let driver: Driver
  private let context: DriverContext
  private let card: Driver.Card
  private let handle: UnsafeMutableRawPointer?
  private let workspace: UInt64
  let version: String

  /// Bytes that cuBLAS may work in: what its documentation advises for cards of compute capability 9.
  private static let workspaceBytes = 32 << 20

  /// Nil where the library was not found.
  static func found(_ driver: Driver, _ context: DriverContext, _ card: Driver.Card) throws
    -> CuBLAS?
  {
    guard let table = orc_cublas_load(driver.major), Driver.text(table.pointee.reason).isEmpty
    else { return nil }
    return try CuBLAS(table, driver, context, card)
  }

  private init(
    _ table: UnsafePointer<orc_cublas>, _ driver: Driver, _ context: DriverContext,
    _ card: Driver.Card
  ) throws {
    (self.table, self.driver, self.context, self.card) = (table, driver, context, card)
    var (handle, workspace): (UnsafeMutableRawPointer?, UInt64) = (nil, 0)
    try Self.check(table.pointee.Create(&handle), "starting cuBLAS", card)
    self.handle = handle
    try driver.check(
      driver.table.pointee.MemAlloc(&workspace, Self.workspaceBytes), "an allocation", card.name,
      asked: Self.workspaceBytes)
    self.workspace = workspace
    try Self.check(table.pointee.SetStream(handle, context.stream), "cuBLAS's stream", card)
    try Self.check(
      table.pointee.SetWorkspace(
        handle, UnsafeMutableRawPointer(bitPattern: UInt(workspace)), Self.workspaceBytes),
      "cuBLAS's workspace", card)
    var number: Int32 = 0
    try Self.check(table.pointee.GetVersion(handle, &number), "cuBLAS's version", card)
    version = "\(number)"
  }

  deinit {
    try? context.makeCurrent()
    _ = table.pointee.Destroy(handle)
    _ = driver.table.pointee.MemFree(workspace)
  }

  /// cuBLAS is column-major: a row-major C is its transpose, so the operands change places.
  func multiply(_ p: LibraryProduct) throws {
    try context.makeCurrent()
    var (alpha, beta) = (p.alpha, p.beta)
    // CUDA_R_32F 0, CUDA_R_16BF 14; CUBLAS_COMPUTE_32F 68 sums in float32 without TF32.
    let type: Int32 = p.element == .float32 ? 0 : 14
    let status = table.pointee.GemmEx(
      handle, p.b.isTransposed ? 1 : 0, p.a.isTransposed ? 1 : 0, Int32(p.columns), Int32(p.rows),
      Int32(p.depth), &alpha, UnsafeRawPointer(bitPattern: UInt(p.b.address)), type,
      Int32(p.b.stride), UnsafeRawPointer(bitPattern: UInt(p.a.address)), type, Int32(p.a.stride),
      &beta, UnsafeMutableRawPointer(bitPattern: UInt(p.c)), 0, Int32(p.cStride), 68, -1)
    try Self.check(status, "a product of cuBLAS", card)
  }

  private static func check(_ status: Int32, _ what: String, _ card: Driver.Card) throws {
    if status == 0 { return }
    // cublasStatus_t: 3 ALLOC_FAILED.
    if status == 3 { throw CUDAProblem.outOfMemory(asked: workspaceBytes, free: nil, card.name) }
    throw CUDAProblem.launch(what, card.name, "cuBLAS status \(status)")
  }
}
