import Foundation
import Testing
import Training

@Suite("LearningRateSchedule")
struct LearningRateScheduleTests {
  @Test("a cosine with warm-up starts at 0, peaks after the warm-up and never reaches 0")
  func cosine() {
    let schedule = LearningRateSchedule(.cosine, peak: 0.002, warmupSteps: 3, totalSteps: 24)
    // TRL's own values for these settings (oracle dpo_sigmoid).
    let expected = [
      0, 0.000666666666667, 0.00133333333333, 0.002, 0.00198883082623, 0.00195557280579,
      0.0019009688679, 0.00182623877432, 0.00173305187183, 0.00162348980186, 0.0015,
    ]
    for (index, value) in expected.enumerated() {
      #expect(abs(schedule.value(step: index + 1) - value) < 1e-14, "step \(index + 1)")
    }
    #expect(abs(schedule.value(step: 24) - 1.11691737749e-05) < 1e-16)
  }

  @Test("a cosine ends at its minimum ratio")
  func minimumRatio() {
    let schedule = LearningRateSchedule(.cosine, peak: 1, totalSteps: 10, minimumRatio: 0.25)
    #expect(schedule.value(step: 1) == 1)
    #expect(abs(schedule.value(step: 6) - (0.75 * 0.5 + 0.25)) < 1e-15)
    #expect(abs(schedule.value(step: 11) - 0.25) < 1e-15)
  }

  @Test("a line falls to the peak's share of what is left")
  func linear() {
    let schedule = LearningRateSchedule(.linear, peak: 1, warmupSteps: 2, totalSteps: 12)
    #expect((1...12).map { schedule.value(step: $0) }[0...2] == [0, 0.5, 1])
    #expect(abs(schedule.value(step: 4) - 0.9) < 1e-15)
    #expect(abs(schedule.value(step: 12) - 0.1) < 1e-15)
  }

  @Test("'constant' has no warm-up, 'constant_with_warmup' has")
  func constant() {
    let plain = LearningRateSchedule(.constant, peak: 3, warmupSteps: 2, totalSteps: 9)
    #expect((1...9).allSatisfy { plain.value(step: $0) == 3 })
    let warmed = LearningRateSchedule(.constantWithWarmup, peak: 3, warmupSteps: 2, totalSteps: 9)
    #expect((1...4).map { warmed.value(step: $0) } == [0, 1.5, 3, 3])
  }

  @Test(
    "a ratio of warm-up is rounded up",
    arguments: [(0.03, 24, 1), (0.1, 24, 3), (0.125, 24, 3), (0, 24, 0), (1, 24, 24)])
  func ratio(_ ratio: Double, _ total: Int, _ steps: Int) {
    #expect(LearningRateSchedule.warmupSteps(ratio: ratio, totalSteps: total) == steps)
  }
}
