import CKernels
import Testing

/// The products of every instruction set against sums in double precision.
@Suite struct KernelProductTests {
  struct Case: Sendable, CustomStringConvertible {
    let rows, columns, terms: Int
    var alpha: Float = 1
    var beta: Float = 0

    var description: String { "\(rows)x\(columns)x\(terms) alpha \(alpha) beta \(beta)" }
  }

  static let cases = [
    Case(rows: 1, columns: 1, terms: 1), Case(rows: 3, columns: 5, terms: 2, beta: 1),
    Case(rows: 5, columns: 17, terms: 31, alpha: 0.5, beta: 1),
    Case(rows: 6, columns: 64, terms: 256), Case(rows: 8, columns: 16, terms: 64, beta: 1),
    Case(rows: 7, columns: 9, terms: 33, alpha: 2), Case(rows: 13, columns: 70, terms: 300),
    Case(rows: 11, columns: 131, terms: 515, alpha: 0.25, beta: 0.5),
    Case(rows: 40, columns: 33, terms: 257, beta: 1), Case(rows: 2, columns: 200, terms: 513),
  ]

  /// What one product multiplies.
  enum Product: CaseIterable, Sendable {
    case blockedNT, blockedNN, blockedTN, blockedNTBF16, blockedNNBF16, rowsNTBF16

    var isTransposed: Bool { self == .blockedNT || self == .blockedNTBF16 || self == .rowsNTBF16 }
    var readsBF16: Bool { self == .blockedNTBF16 || self == .blockedNNBF16 || self == .rowsNTBF16 }
    /// The left operand is stored (terms, rows).
    var isTransposing: Bool { self == .blockedTN }
    func roundsBoth(_ level: KernelLevel) -> Bool {
      level.number == 3 && (self == .blockedNTBF16 || self == .blockedNNBF16)
    }
  }

  /// Operands with rows a little longer than needed.
  struct Operands {
    let shape: Case
    let a, b, c: [Float]
    let half: [UInt16]
    let lda, ldb, ldc: Int

    static func made(_ shape: Case, _ product: Product) -> Operands {
      var noise = Noise(shape.rows * 31 + shape.columns * 7 + shape.terms)
      let transposed = product.isTransposed
      let lda = (product.isTransposing ? shape.rows : shape.terms) + 1
      let ldb = (transposed ? shape.terms : shape.columns) + 2
      let ldc = shape.columns + 3
      let a = noise.array((product.isTransposing ? shape.terms : shape.rows) * lda)
      let b = noise.array((transposed ? shape.columns : shape.terms) * ldb)
      let c = noise.array(shape.rows * ldc)
      return Operands(
        shape: shape, a: a, b: b, c: c, half: b.map(nearestBFloat16), lda: lda, ldb: ldb, ldc: ldc)
    }

    /// The operands of a tile of the result, with the strides of the whole.
    func tile(_ rows: Range<Int>, _ columns: Range<Int>, _ product: Product) -> Operands {
      let firstA = rows.lowerBound * (product.isTransposing ? 1 : lda)
      let firstB = columns.lowerBound * (product.isTransposed ? ldb : 1)
      return Operands(
        shape: Case(
          rows: rows.count, columns: columns.count, terms: shape.terms, alpha: shape.alpha,
          beta: shape.beta),
        a: Array(a[firstA...]), b: Array(b[firstB...]),
        c: Array(c[(rows.lowerBound * ldc + columns.lowerBound)...]),
        half: Array(half[firstB...]), lda: lda, ldb: ldb, ldc: ldc)
    }

    func multiplied(_ product: Product, _ k: orc_kernels) -> [Float] {
      var y = c
      let (m, n, t) = (shape.rows, shape.columns, shape.terms)
      let (alpha, beta) = (shape.alpha, shape.beta)
      switch product {
      case .blockedNT: k.blocked_nt(&y, ldc, a, lda, b, ldb, m, n, t, alpha, beta)
      case .blockedNN: k.blocked_nn(&y, ldc, a, lda, b, ldb, m, n, t, alpha, beta)
      case .blockedTN: k.blocked_tn(&y, ldc, a, lda, b, ldb, m, n, t, alpha, beta)
      case .blockedNTBF16: k.blocked_nt_bf16(&y, ldc, a, lda, half, ldb, m, n, t, alpha, beta)
      case .blockedNNBF16: k.blocked_nn_bf16(&y, ldc, a, lda, half, ldb, m, n, t, alpha, beta)
      case .rowsNTBF16: k.product_nt_bf16(&y, ldc, a, lda, half, ldb, m, n, t, alpha, beta)
      }
      return y
    }
  }

  @Test("products, odd sizes and edges", arguments: KernelLevel.available, Product.allCases)
  func products(level: KernelLevel, product: Product) {
    for shape in Self.cases {
      let x = Operands.made(shape, product)
      let y = x.multiplied(product, level.kernels)
      for i in 0..<shape.rows {
        for j in 0..<x.ldc {
          let place = i * x.ldc + j
          guard j < shape.columns else {
            #expect(y[place] == x.c[place], "\(shape): beyond the columns")
            continue
          }
          var sum = 0.0, size = 0.0
          for k in 0..<shape.terms {
            let at = product.isTransposed ? j * x.ldb + k : k * x.ldb + j
            let b = product.readsBF16 ? widened(x.half[at]) : x.b[at]
            var a = x.a[product.isTransposing ? k * x.lda + i : i * x.lda + k]
            if product.roundsBoth(level) { a = widened(nearestBFloat16(a)) }
            sum += Double(a) * Double(b)
            size += abs(Double(a) * Double(b))
          }
          let kept = Double(shape.beta) * Double(x.c[place])
          let expected = Double(shape.alpha) * sum + kept
          let bound =
            (Double(shape.alpha) * size + abs(kept)) * Double(shape.terms + 4) * 0x1p-24 + 1e-30
          #expect(abs(Double(y[place]) - expected) <= bound, "\(shape) at (\(i), \(j))")
        }
      }
    }
  }

  @Test("an element has the same bits in any tile", arguments: KernelLevel.available)
  func tiles(level: KernelLevel) {
    let shape = Case(rows: 29, columns: 150, terms: 530, alpha: 0.3, beta: 0.7)
    for product in Product.allCases {
      let x = Operands.made(shape, product)
      let whole = x.multiplied(product, level.kernels)
      for rows in [0..<1, 1..<18, 18..<29] {
        for columns in [0..<7, 7..<71, 71..<150] {
          let part = x.tile(rows, columns, product).multiplied(product, level.kernels)
          for i in 0..<rows.count {
            let start = (rows.lowerBound + i) * x.ldc + columns.lowerBound
            let expected = whole[start..<start + columns.count]
            let found = part[i * x.ldc..<i * x.ldc + columns.count]
            #expect(found.elementsEqual(expected), "\(product), \(rows), \(columns)")
          }
        }
      }
    }
  }

  @Test("a NaN in one weight spoils its column alone", arguments: KernelLevel.available)
  func notANumber(level: KernelLevel) {
    var half = [UInt16](repeating: nearestBFloat16(0.5), count: 70 * 33)
    half[5 * 33 + 32] = nearestBFloat16(.nan)
    var y = [Float](repeating: 0, count: 9 * 70)
    level.kernels.blocked_nt_bf16(
      &y, 70, [Float](repeating: 1, count: 9 * 33), 33, half, 33, 9, 70, 33, 1, 0)
    for (i, value) in y.enumerated() { #expect(i % 70 == 5 ? value.isNaN : value == 16.5) }
  }
}
