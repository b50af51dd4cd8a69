import Reproducibility
import Testing
import Training

@Suite("EpochPlan and RunPlan")
struct BatchPlanTests {
  static func lengths(_ count: Int, seed: UInt64) -> [Int] {
    let random = CounterRandom(seed: seed, stream: "lengths")
    return (0..<count).map { 1 + random.integer(UInt64($0), below: 64) }
  }

  static func settings(_ packing: Bool, accumulation: Int = 2) -> BatchSettings {
    BatchSettings(
      microBatchSize: 3, gradientAccumulationSteps: accumulation, sequenceLength: 64,
      samplePacking: packing, seed: 9)
  }

  @Test("every epoch visits every row once", arguments: [false, true], [1, 2, 5, 6, 7, 100])
  func everyRowOnce(_ packing: Bool, _ count: Int) {
    let lengths = Self.lengths(count, seed: 1)
    for epoch in 0..<3 {
      let plan = EpochPlan(lengths: lengths, Self.settings(packing), epoch: epoch)
      #expect(plan.steps.flatMap(\.rows).sorted() == Array(0..<count))
      #expect(plan.steps.allSatisfy { $0.microBatches.allSatisfy { !$0.isEmpty } })
      #expect(plan.steps.dropLast().allSatisfy { $0.microBatches.count == 2 })
    }
  }

  @Test("the order depends on seed and epoch alone")
  func order() {
    let lengths = Self.lengths(50, seed: 2)
    let first = EpochPlan(lengths: lengths, Self.settings(false), epoch: 0)
    #expect(first == EpochPlan(lengths: lengths, Self.settings(false), epoch: 0))
    #expect(first != EpochPlan(lengths: lengths, Self.settings(false), epoch: 1))
    var other = Self.settings(false)
    other.seed = 10
    #expect(first != EpochPlan(lengths: lengths, other, epoch: 0))
    other.shuffles = false
    #expect(
      EpochPlan(lengths: lengths, other, epoch: 3).steps.flatMap(\.rows) == Array(0..<50))
  }

  @Test("a packed batch never exceeds its tokens and is closed only by a row that does not fit")
  func packing() {
    let lengths = Self.lengths(500, seed: 3)
    let batches = EpochPlan(lengths: lengths, Self.settings(true), epoch: 0).steps
      .flatMap(\.microBatches)
    let sums = batches.map { $0.reduce(0) { $0 + lengths[$1] } }
    #expect(sums.allSatisfy { $0 <= 192 })
    for index in 0..<(batches.count - 1) {
      #expect(sums[index] + lengths[batches[index + 1][0]] > 192)
    }
  }

  @Test(
    "the length of a run is that of the Hugging Face Trainer",
    arguments: [
      // rows, micro-batch, accumulation, epochs, steps
      (22, 2, 4, 4.0, 12), (48, 2, 2, 2.0, 24), (7, 2, 2, 1.0, 2), (7, 2, 2, 1.5, 3),
      (1, 8, 8, 1.0, 1), (10, 1, 1, 0.25, 3),
    ])
  func totals(_ rows: Int, _ micro: Int, _ accumulation: Int, _ epochs: Double, _ steps: Int) {
    let settings = BatchSettings(
      microBatchSize: micro, gradientAccumulationSteps: accumulation, sequenceLength: 8)
    let plan = RunPlan(lengths: [Int](repeating: 4, count: rows), settings, epochs: epochs)
    #expect(plan.totalSteps == steps)
  }

  @Test(
    "steps of a run are the steps of its epochs, in any order of asking", arguments: [false, true])
  func cursor(_ packing: Bool) {
    let lengths = Self.lengths(40, seed: 4)
    let settings = Self.settings(packing)
    var expected: [StepPlan] = []
    var ends: [Bool] = []
    for epoch in 0..<4 {
      let steps = EpochPlan(lengths: lengths, settings, epoch: epoch).steps
      expected += steps
      ends += steps.indices.map { $0 == steps.count - 1 }
    }
    var plan = RunPlan(lengths: lengths, settings, epochs: 4)
    #expect(plan.totalSteps == expected.count)
    for step in [expected.count, 1, 2, expected.count / 2] {
      #expect(plan.rows(of: step) == expected[step - 1])
      #expect(plan.cursor(of: step).endsEpoch == ends[step - 1])
    }
    var limited = RunPlan(lengths: lengths, settings, epochs: 1, stepsMax: expected.count)
    #expect(limited.rows(of: expected.count) == expected[expected.count - 1])
  }
}
