import Parallelism
import Tensors
import Testing

/// Products with weights in bfloat16, computed in 16 bits where the CPU has the instructions.
@Suite struct HalfProductTests {
  private static let levels = InstructionSet.available

  private func backend(_ level: InstructionSet, _ products: ProductPrecision) -> CPUBackend {
    CPUBackend(pool: ThreadPool(threads: 2), instructionSet: level, products: products)
  }

  /// To the nearest bfloat16, ties to even.
  private func rounded(_ table: Table) -> Table {
    Table(
      table.rows, table.columns,
      table.values.map {
        let bits = Float($0).bitPattern
        return Double(Float(bitPattern: (bits + 0x7FFF + (bits >> 16 & 1)) & 0xFFFF_0000))
      })
  }

  private func weight(_ table: Table, _ backend: CPUBackend) -> WeightMatrix {
    // A tensor before it: the weight does not begin where its memory does.
    let stack = WeightMatrix(
      .bfloat16, stack: [3, table.rows], columns: table.columns, backend: backend)
    stack.write(table.values.map { Float($0) }, rows: 3..<3 + table.rows)
    return stack.part(3..<3 + table.rows)
  }

  @Test("both operands are rounded, sums are not, forward and back", arguments: levels)
  func products(level: InstructionSet) {
    let backend = backend(level, .bfloat16)
    for (t, n, k) in [(1, 1, 2), (9, 70, 66), (300, 130, 258)] {
      let x = Table(t, k, seed: 1), w = Table(n, k, seed: 2), dy = Table(t, n, seed: 3)
      let weight = weight(w, backend), stored = rounded(w)
      let halves = backend.products == .bfloat16
      let (a, b) = halves ? (rounded(x), rounded(dy)) : (x, dy)
      let (y, dx) = (a.times(stored.transposed), b.times(stored))
      let scratch = backend.allocate(n * k).matrix(rows: n, columns: k)
      let bound = 1e-6 * Double(max(n, k) + 2)
      let prompt = Table(t, n, seed: 4).matrix(), back = Table(t, k, seed: 5).matrix()
      let forward = Table(t, n, seed: 6).matrix()
      backend.project(
        forward, x.matrix(), weight, alpha: 1, accumulate: false, rowsAreIndependent: false,
        scratch: scratch)
      backend.projectPrompt(
        prompt, x.matrix(), weight, alpha: 1, accumulate: false, scratch: scratch)
      backend.projectBack(
        back, dy.matrix(), weight, alpha: 1, accumulate: false, scratch: scratch)
      #expect(y.distance(forward) < bound, "forward \(t) x \(n) x \(k)")
      #expect(y.distance(prompt) < bound, "prompt \(t) x \(n) x \(k)")
      #expect(dx.distance(back) < bound, "back \(t) x \(n) x \(k)")
      if halves { #expect(forward.values() == prompt.values()) }
    }
  }

  @Test("a row of a prompt has the same bits in any company", arguments: levels)
  func rows(level: InstructionSet) {
    let backend = backend(level, .bfloat16)
    let x = Table(70, 66, seed: 1).matrix(), weight = weight(Table(90, 66, seed: 2), backend)
    let scratch = backend.allocate(90 * 66).matrix(rows: 90, columns: 66)
    let together = Table(70, 90, seed: 3).matrix(), alone = Table(1, 90, seed: 4).matrix()
    backend.projectPrompt(together, x, weight, alpha: 1, accumulate: false, scratch: scratch)
    for row in [0, 31, 69] {
      backend.projectPrompt(
        alone, x.rows(row..<row + 1), weight, alpha: 1, accumulate: false, scratch: scratch)
      #expect(alone.values() == together.rows(row..<row + 1).values())
    }
  }

  @Test("only where asked for, only where the CPU can, and named in the class", arguments: levels)
  func choice(level: InstructionSet) {
    let (plain, half) = (backend(level, .float32), backend(level, .bfloat16))
    let can = level >= .avx512bf16
    #expect(plain.products == .float32 && plain.needsExpansion(.bfloat16))
    #expect((half.products == .bfloat16) == can && half.needsExpansion(.bfloat16) == !can)
    #expect((plain.arithmeticClass != half.arithmeticClass) == can)
    #expect(half.needsExpansion(.nf4) && !half.needsExpansion(.float32))
  }

  @Test("a product has the same bits on 1, 2 and 5 threads")
  func threads() {
    let (x, w) = (Table(300, 258, seed: 1), Table(700, 258, seed: 2))
    for products in [ProductPrecision.float32, .bfloat16] {
      let results = [1, 2, 5].map { threads in
        let backend = CPUBackend(pool: ThreadPool(threads: threads), products: products)
        let y = Table(300, 700, seed: 3).matrix()
        let scratch = backend.allocate(700 * 258).matrix(rows: 700, columns: 258)
        backend.project(
          y, x.matrix(), weight(w, backend), alpha: 1, accumulate: false,
          rowsAreIndependent: false, scratch: scratch)
        return y.values()
      }
      #expect(results[0] == results[1] && results[0] == results[2])
    }
  }
}
