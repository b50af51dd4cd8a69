import CKernels
private import COpenBLAS
package import Parallelism

/// The operations of the decoder on this machine's processors.
///
/// Products go to OpenBLAS on tiles of a fixed size, one BLAS thread each, everything else to the
/// kernels of one instruction set; tiles and blocks are spread over the pool. They are cut by the
/// problem's size, so results have the same bits for any number of threads.
package final class CPUBackend: Backend {
  package let pool: ThreadPool
  package let instructionSet: InstructionSet
  /// What weights in bfloat16 are multiplied in; float32 where the CPU lacks the instructions.
  package let products: ProductPrecision
  let kernels: Kernels
  let blas: BLAS?

  /// The kernels of one instruction set.
  struct Kernels: @unchecked Sendable {
    // An immutable table of functions that are safe to call from any thread, with static lifetime.
    let table: UnsafePointer<orc_kernels>
    var pointee: orc_kernels { table.pointee }
  }

  /// A cblas_sgemm that runs on the calling thread.
  struct BLAS: Sendable {
    let sgemm:
      @convention(c) (
        Int32, Int32, Int32, Int32, Int32, Int32, Float, UnsafePointer<Float>?, Int32,
        UnsafePointer<Float>?, Int32, Float, UnsafeMutablePointer<Float>?, Int32
      ) -> Void
    let core: String
    let version: String
  }

  /// - Parameters:
  ///   - instructionSet: a slower one than the CPU's best, for tests; must be available.
  ///   - usesBLAS: false takes the own products even where OpenBLAS is found.
  ///   - products: bfloat16 rounds what is multiplied with weights in bfloat16 to 16 bits, too, and
  ///     sums in float32: about twice as fast, with an error of 0.2 % of each term at most.
  package init(
    pool: ThreadPool, instructionSet: InstructionSet? = nil, usesBLAS: Bool = true,
    products: ProductPrecision = .float32
  ) {
    self.pool = pool
    let forced = instructionSet.flatMap { orc_kernels_at(orc_level(rawValue: $0.rawValue)) }
    precondition(
      instructionSet == nil || forced != nil, "the CPU runs the instruction set asked for")
    guard let kernels = forced ?? orc_kernels_best() else {
      preconditionFailure("the base kernels always exist")
    }
    self.kernels = Kernels(table: kernels)
    self.instructionSet = InstructionSet(rawValue: kernels.pointee.level.rawValue) ?? .base
    self.products = self.instructionSet >= .avx512bf16 ? products : .float32
    blas = usesBLAS ? Self.loadBLAS() : nil
  }

  private static func loadBLAS() -> BLAS? {
    guard let loaded = orc_blas_load()?.pointee, let sgemm = loaded.sgemm else { return nil }
    return BLAS(
      sgemm: sgemm, core: text(loaded.core),
      version: text(loaded.version))
  }

  private static func text<Characters>(_ characters: Characters) -> String {
    withUnsafeBytes(of: characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }

  /// What decides the bits of a result: backend, type, instruction set, BLAS core and version.
  package var arithmeticClass: String {
    let library = blas.map { "\($0.version) \($0.core)" } ?? "own products"
    return "cpu \(products == .bfloat16 ? "bf16" : "f32") \(instructionSet) \(library)"
  }

  package func allocate(_ count: Int) -> DeviceMemory { CPUMemory(count: count) }

  package func allocate(_ count: Int, pagedIn folder: String) throws -> DeviceMemory {
    try CPUMemory(count: count, pagedIn: folder)
  }

  /// Rows per task of an operation that works row by row.
  static let rowBlock = 64

  func eachRowBlock(of rows: Int, _ body: @Sendable (Range<Int>) -> Void) {
    pool.forEachBlock(of: rows, by: Self.rowBlock, body)
  }
}
