package import Tensors

/// One case on one backend: makes its operands, compares what comes out and keeps its bits.
package final class Trial {
  package let backend: any Backend
  package let traits: BackendTraits
  package private(set) var problems: [String] = []
  /// The bits of everything compared, in order: two trials of one backend must agree.
  package private(set) var bits: [UInt32] = []

  package init(_ backend: any Backend, _ traits: BackendTraits) {
    self.backend = backend
    self.traits = traits
  }

  /// Numbers in the backend's memory.
  ///
  /// - Parameter gap: cells between a row's end and the next one, and before the first: a view into
  ///   something wider, whose other cells hold a mark that must stay.
  package func matrix(_ numbers: Numbers, gap: Int = 0) -> Matrix {
    let stride = numbers.columns + gap
    let whole = backend.allocate(max(1, gap + numbers.rows * stride))
    if gap == 0 {
      let matrix = whole.matrix(rows: numbers.rows, columns: numbers.columns)
      matrix.write(numbers.floats)
      return matrix
    }
    let outer = whole.matrix(rows: 1, columns: gap + numbers.rows * stride)
    outer.write(Array(repeating: Self.mark, count: outer.count))
    let matrix = whole.matrix(offset: gap, rows: numbers.rows, columns: stride)
      .columns(0..<numbers.columns)
    matrix.write(numbers.floats)
    return matrix
  }

  package func empty(_ rows: Int, _ columns: Int, gap: Int = 0) -> Matrix {
    matrix(Numbers(rows, columns), gap: gap)
  }

  /// Compares cells with what they should be, each within its error.
  package func expect(_ what: String, _ matrix: Matrix, _ expected: Numbers) {
    check(what, matrix.values(), expected)
    checkMarks(what, matrix)
  }

  package func check(_ what: String, _ found: [Float], _ expected: Numbers) {
    bits += found.map(\.bitPattern)
    guard found.count == expected.values.count else {
      problems.append("\(what): \(found.count) numbers, expected \(expected.values.count)")
      return
    }
    for (index, value) in found.enumerated() {
      let (wanted, allowed) = (expected.values[index], expected.errors[index])
      if abs(Double(value) - wanted) <= allowed { continue }
      problems.append(
        "\(what): row \(index / max(1, expected.columns)), column "
          + "\(index % max(1, expected.columns)) is \(value), expected \(wanted) ± \(allowed)")
      return
    }
  }

  /// Compares bits.
  package func expectSame(_ what: String, _ found: [Float], _ expected: [Float]) {
    bits += found.map(\.bitPattern)
    guard found.count == expected.count else {
      problems.append("\(what): \(found.count) numbers, expected \(expected.count)")
      return
    }
    if let index = found.indices.first(where: { found[$0].bitPattern != expected[$0].bitPattern }) {
      problems.append(
        "\(what): number \(index) is \(found[index]), expected the bits of \(expected[index])")
    }
  }

  package func require(_ what: String, _ holds: Bool) {
    if !holds { problems.append(what) }
  }

  private static let mark: Float = 12345.5

  /// The cells between the rows of a view are as they were.
  private func checkMarks(_ what: String, _ matrix: Matrix) {
    let gap = matrix.stride - matrix.columns
    if gap <= 0 || matrix.rows < 2 { return }
    let between = matrix.memory.matrix(
      offset: matrix.offset + matrix.columns, rows: matrix.rows - 1, columns: matrix.stride
    ).columns(0..<gap)
    require(
      "\(what): cells between its rows were written",
      between.values().allSatisfy { $0 == Self.mark })
  }
}

/// Where backends may differ.
package struct BackendTraits: Sendable {
  package var products: ProductPrecision
  /// Independent rows are rounded to 8 bits before products with weights in blocks.
  package var roundsRowsForBlocks: Bool
  /// The largest head whose attention rounds its factors to bfloat16; 0: none.
  package var roundedHeadMax: Int
  /// Formats that ``ProductPrecision/bfloat16`` applies to.
  package var roundedFormats: Set<WeightMatrix.Format>

  package init(
    products: ProductPrecision = .float32, roundsRowsForBlocks: Bool = false,
    roundedFormats: Set<WeightMatrix.Format> = [], roundedHeadMax: Int = 0
  ) {
    self.products = products
    self.roundsRowsForBlocks = roundsRowsForBlocks
    self.roundedFormats = roundedFormats
    self.roundedHeadMax = roundedHeadMax
  }

  /// A card whose products with frozen weights, and attention, round their factors.
  package static let roundedCard = BackendTraits(
    products: .bfloat16, roundedFormats: [.bfloat16, .nf4, .nf4Plain, .blocks],
    roundedHeadMax: 128)

  /// The error of a low product's term: two factors of 16 bits.
  var lowRankError: Double { products == .bfloat16 && roundedHeadMax > 0 ? 0x1p-16 : 0 }

  func rounds(_ format: WeightMatrix.Format) -> Bool {
    products == .bfloat16 && roundedFormats.contains(format)
  }
}

/// One case of the list that every backend passes.
package struct ConformanceCase: Sendable, CustomStringConvertible {
  package let name: String
  package let body: @Sendable (Trial) -> Void

  package init(_ name: String, _ body: @escaping @Sendable (Trial) -> Void) {
    self.name = name
    self.body = body
  }

  package var description: String { name }

  /// What is wrong with a backend's answers, its bits in a second run among it; empty: nothing.
  package func problems(_ backend: any Backend, _ traits: BackendTraits) throws -> [String] {
    let trials = (0..<2).map { _ in Trial(backend, traits) }
    for trial in trials {
      body(trial)
      try backend.check()
    }
    var problems = trials[0].problems
    if trials[0].bits.isEmpty { problems.append("nothing was compared") }
    if trials[0].bits != trials[1].bits { problems.append("other bits in a second run") }
    return problems
  }

  /// Every operation over sizes, strides and edges.
  package static let all: [ConformanceCase] =
    products + lowRank + weights + rows + cells + tokens + sampling + attention + optimizers
}
