import Parallelism
import Tensors
import Testing

/// Attention of rows that go on after runs of keys and values.
@Suite struct AttentionPartTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var count: Int
    /// Where the sequence is cut.
    var cuts: [Int]
    var window = Int.max
    var softcap: Float = 0
    var testDescription: String { "\(count) at \(cuts), window \(window), softcap \(softcap)" }
  }

  static let cases = [
    Case(count: 5, cuts: []), Case(count: 5, cuts: [1]), Case(count: 70, cuts: [1, 2, 64, 69]),
    Case(count: 200, cuts: [50, 63]), Case(count: 200, cuts: [48, 49, 128, 199], softcap: 3),
    Case(count: 300, cuts: [7, 100, 255], window: 60),
    Case(count: 300, cuts: [130, 131, 260], window: 17), Case(count: 130, cuts: [65], window: 1),
  ]

  @Test(
    "rows have the bits of the whole sequence, however it is cut",
    arguments: InstructionSet.available,
    cases)
  func bits(level: InstructionSet, at: Case) {
    let backend = CPUBackend(pool: ThreadPool(threads: 2), instructionSet: level)
    let shape = AttentionShape(
      headCount: 6, keyValueHeadCount: 2, headSize: 20, scale: 0.3, window: at.window,
      softcap: at.softcap)
    let qkv = Table(at.count, shape.width, seed: 5).matrix()
    func empty() -> Matrix { Table(at.count, shape.queryWidth, seed: 6).matrix() }
    let whole = empty()
    backend.attention(
      whole, Table(at.count, 6, seed: 7).matrix(), qkv, starts: [0, at.count], shape)
    func run(_ rows: Range<Int>) -> KeyValueRun {
      KeyValueRun(
        keys: qkv.rows(rows).columns(shape.keys), values: qkv.rows(rows).columns(shape.values))
    }
    let ends = at.cuts + [at.count], starts = [0] + at.cuts
    let pieces = zip(starts, ends).map { $0..<$1 }
    let parts = pieces.indices.map {
      AttentionPart(rows: pieces[$0], before: pieces[..<$0].map(run))
    }
    let cut = empty()
    backend.attention(cut, qkv, parts, shape)
    #expect(cut.values().map(\.bitPattern) == whole.values().map(\.bitPattern))

    // One query over the same runs, and over one.
    let one = empty().rows(0..<1), other = empty().rows(0..<1)
    let last = qkv.rows(at.count - 1..<at.count)
    backend.attentionOverCache(one, last, caches: [pieces.map(run)], shape)
    backend.attentionOverCache(other, last, caches: [[run(0..<at.count)]], shape)
    #expect(one.values().map(\.bitPattern) == other.values().map(\.bitPattern))
    for (a, b) in zip(one.values(), whole.rows(at.count - 1..<at.count).values()) {
      #expect(abs(a - b) < 1e-5)
    }
  }

  @Test("labels of a row share its logits; the first of equal ones is the likeliest")
  func labels() {
    let backend = CPUBackend(pool: ThreadPool(threads: 2))
    let logits = backend.allocate(3 * 70).matrix(rows: 3, columns: 70)
    var values = [Float](repeating: 0, count: 210)
    values[5] = 2
    values[69] = 2
    for id in 140..<210 { values[id] = Float(id - 140) * 0.1 }
    logits.write(values)
    let lse = backend.allocate(3).matrix(rows: 3, columns: 1)
    let targets = [(0, 5), (0, 69), (0, 6), (1, 0), (1, 1), (2, 69), (2, 68)].map {
      LabelTarget(row: $0.0, label: Int32($0.1))
    }
    let measures = backend.measureLabels(lse, logits, targets)
    #expect(measures.map(\.isLikeliest) == [true, false, false, true, false, true, false])
    // ln(68 + 2 e²) = 4.41616…, ln 70 = 4.24850…
    let expected = [2 - 4.4161637, 2 - 4.4161637, -4.4161637, -4.2484952, -4.2484952]
    for (measure, value) in zip(measures, expected) {
      #expect(abs(Double(measure.logProbability) - value) < 2e-5)
    }
    #expect(abs(measures[5].logProbability - measures[6].logProbability - 0.1) < 2e-5)
  }
}
