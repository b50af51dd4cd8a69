import Testing
import Training

@Suite("rounds of completions")
struct RoundPlanTests {
  private func settings(accumulation: Int, perRound: Int, iterations: Int) -> BatchSettings {
    var settings = BatchSettings(
      microBatchSize: 4, gradientAccumulationSteps: accumulation, sequenceLength: 16,
      shuffles: false)
    settings.rounds = BatchSettings.RoundSettings(
      completions: 2, microBatches: perRound, iterations: iterations)
    return settings
  }

  @Test("steps of a round are those of TRL's sampler: all of it, as often as it is used")
  func order() {
    let settings = settings(accumulation: 1, perRound: 2, iterations: 2)
    // Five prompts: one round of four, and one prompt that waits.
    let plan = EpochPlan(lengths: Array(repeating: 1, count: 10), settings, epoch: 3)
    #expect(
      plan.steps.map(\.microBatches) == [
        [[0, 1, 2, 3]], [[4, 5, 6, 7]], [[0, 1, 2, 3]], [[4, 5, 6, 7]],
      ])
    #expect(plan.steps.allSatisfy { $0.round?.number == 3 && $0.round?.isReused == true })
    #expect(plan.steps[0].round?.microBatches == [[0, 1, 2, 3], [4, 5, 6, 7]])
  }

  @Test("a round that is one step is used while the policy is what sampled it")
  func once() {
    let settings = settings(accumulation: 2, perRound: 2, iterations: 1)
    let plan = EpochPlan(lengths: Array(repeating: 1, count: 16), settings, epoch: 0)
    #expect(plan.steps.count == 2)
    #expect(plan.steps.map { $0.round?.number } == [0, 1])
    #expect(plan.steps.allSatisfy { $0.round?.isReused == false })
  }

  @Test("the number of steps is known without the steps", arguments: [1, 2], [1, 3])
  func count(_ accumulation: Int, _ iterations: Int) {
    let settings = settings(accumulation: accumulation, perRound: 2, iterations: iterations)
    let lengths = Array(repeating: 1, count: 36)
    var plan = RunPlan(lengths: lengths, settings, epochs: 2)
    let steps = EpochPlan(lengths: lengths, settings, epoch: 0).steps.count
    #expect(plan.totalSteps == 2 * steps)
    #expect(plan.rows(of: steps + 1).round?.number == 4)
  }
}
