import BlockFormats
import Parallelism
import Tensors
import Testing

/// Steps of optimizers: the bits of the CPU.
@Suite struct OptimizerKernelTests {
  let backend = CPUBackend(pool: ThreadPool(threads: 1))

  private func matrix(_ values: [Float]) -> Matrix {
    let matrix = backend.allocate(values.count).matrix(rows: 1, columns: values.count)
    matrix.write(values)
    return matrix
  }

  private static let step = AdamWStep(
    gradientScale: 0.7, decayFactor: 0.999, beta1: 0.9, oneMinusBeta1: 0.1, beta2: 0.999,
    oneMinusBeta2: 0.001, stepSize: 0.003, rootCorrection: 3.1, rootDivisor: 0.3, epsilon: 1e-8)

  private static var numbers: Passed {
    .float(
      step.gradientScale, step.decayFactor, step.beta1, step.oneMinusBeta1, step.beta2,
      step.oneMinusBeta2, step.stepSize)
  }

  @Test("AdamW", arguments: [1, 1000])
  func adamW(count: Int) {
    let g = Table(1, count, seed: 2).floats, zero = [Float](repeating: 0, count: count)
    let values = Table(1, count, seed: 1).floats
    let (p, m, v) = (Cells(values), Cells(zero), Cells(zero))
    let (cp, cm, cv) = (matrix(values), matrix(zero), matrix(zero))
    for _ in 0..<3 {
      launch(
        "orc_adamw", grid: (2, 1, 1), block: (256, 1), .cells(p), .cells(m), .cells(v),
        .cells(Cells(g)), .long(count), Self.numbers,
        .float(Self.step.rootCorrection, Self.step.epsilon))
      backend.adamW(cp, gradient: matrix(g), first: cm, second: cv, Self.step)
    }
    #expect(p.values == cp.values() && m.values == cm.values() && v.values == cv.values())
  }

  @Test("AdamW with moments in 8 bits", arguments: [1, 256, 1000])
  func adamW8bit(count: Int) {
    let (blocks, codeCells) = (DynamicMap.blockCount(count), Moment8bit.codeCells(count))
    var values = Table(1, count, seed: 3).floats
    let p = Cells(values), cp = matrix(values)
    let maps = (Cells(DynamicMap.signed.code), Cells(DynamicMap.unsigned.code))
    let codes = [UInt8](repeating: 0, count: count), scales = [Float](repeating: 0, count: blocks)
    let (m, mScales, v, vScales) = (Cells(codes), Cells(scales), Cells(codes), Cells(scales))
    func moment() -> Moment8bit {
      Moment8bit(codes: matrix([Float](repeating: 0, count: codeCells)), scales: matrix(scales))
    }
    let (first, second) = (moment(), moment())
    for turn in 0..<5 {
      // Some gradients of 0, one that is not a number at the end.
      values = Table(1, count, seed: 4 + turn).floats.map { abs($0) < 0.1 ? 0 : $0 * $0 * $0 }
      if turn == 4 { values[count / 2] = .nan }
      launch(
        "orc_adamw8", grid: (blocks, 1, 1), block: (256, 1), .cells(p), .cells(Cells(values)),
        .cells(m), .cells(mScales), .cells(v), .cells(vScales), .cells(maps.0), .cells(maps.1),
        .long(count), Self.numbers, .float(Self.step.rootDivisor, Self.step.epsilon))
      backend.adamW8bit(cp, gradient: matrix(values), first: first, second: second, Self.step)
      func bytes(_ matrix: Matrix) -> [UInt8] {
        Array(matrix.values().withUnsafeBytes { Array($0) }[..<count])
      }
      #expect(p.values.map(\.bitPattern) == cp.values().map(\.bitPattern), "turn \(turn)")
      #expect(m.values == bytes(first.codes) && v.values == bytes(second.codes), "turn \(turn)")
      #expect(mScales.values == first.scales.values() && vScales.values == second.scales.values())
    }
  }

  @Test("momentum, and plain descent", arguments: [true, false])
  func momentum(hasBuffer: Bool) {
    let values = Table(1, 700, seed: 5).floats, g = Table(1, 700, seed: 6).floats
    let (p, b) = (Cells(values), Cells(g)), (cp, cb) = (matrix(values), matrix(g))
    let step = MomentumStep(gradientScale: 0.7, weightDecay: 0.01, momentum: 0.9, learningRate: 0.1)
    launch(
      "orc_momentum", grid: (3, 1, 1), block: (256, 1), .cells(p),
      hasBuffer ? .cells(b) : .nowhere, .cells(Cells(g)), .long(700),
      .float(step.gradientScale, step.weightDecay, step.momentum, step.learningRate))
    backend.momentum(cp, gradient: matrix(g), buffer: hasBuffer ? cb : nil, step)
    #expect(p.values == cp.values() && b.values == cb.values())
  }

  @Test("sums of squares in double", arguments: [1, 70_000])
  func squares(count: Int) {
    let x = Table(1, count, seed: 7), pieces = (count + 65535) / 65536
    let partial = Cells([Double](repeating: 0, count: pieces)), sum = Cells([0.0])
    launch(
      "orc_sum_of_squares", grid: (pieces, 1, 1), block: (256, 1), .cells(partial),
      .cells(Cells(x.floats)), .long(count))
    launch(
      "orc_sum_doubles", grid: (1, 1, 1), block: (256, 1), .cells(sum), .cells(partial),
      .int(pieces))
    let expected = x.values.reduce(0) { $0 + $1 * $1 }
    #expect(abs(sum.values[0] - expected) <= 1e-12 * expected)
  }
}
