import Documents
import Foundation
import TestSupport
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

  @Test(
    "a warm-up below one step is a share of the run",
    arguments: [(0.03, 24, 1), (0.5, 9, 5), (0, 9, 0), (1, 9, 1), (3, 9, 3)])
  func warmup(_ steps: Double, _ total: Int, _ expected: Int) {
    #expect(LearningRateSchedule.warmupSteps(steps, totalSteps: total) == expected)
  }

  static func options(_ set: (inout LearningRateSchedule.Options) -> Void)
    -> LearningRateSchedule.Options
  {
    var options = LearningRateSchedule.Options()
    set(&options)
    return options
  }

  @Test("every shape starts at 0 with warm-up and is at its peak right after", arguments: shapes)
  func common(_ shape: LearningRateSchedule.Shape) {
    let schedule = LearningRateSchedule(shape, peak: 2, warmupSteps: 4, totalSteps: 20)
    let warms = shape != .constant
    #expect(schedule.value(step: 1) == (warms ? 0 : 2))
    #expect(schedule.value(step: 3) == (warms ? 1 : 2))
    #expect(schedule.value(step: 5) == 2)
    #expect((1...30).allSatisfy { (0...2).contains(schedule.value(step: $0)) })
  }

  static let shapes = LearningRateSchedule.Shape.allCases

  @Test("warm-up, stable, decay: three parts, each by its ramp")
  func stable() {
    let ramps: [(LearningRateSchedule.Ramp, Double, Double)] = [
      (.linear, 0.5, 0.75), (.cosine, 0.5, 0.8535533905932737),
      (.oneMinusSquareRoot, 0.2928932188134524, 0.5),
    ]
    for (ramp, half, quarter) in ramps {
      let schedule = LearningRateSchedule(
        .warmupStableDecay, peak: 1, warmupSteps: 2, totalSteps: 20,
        options: Self.options {
          $0.decaySteps = 4
          $0.warmupRamp = ramp
          $0.decayRamp = ramp
        })
      #expect(schedule.value(step: 1) == 0 && schedule.value(step: 3) == 1)
      let rise = ramp == .oneMinusSquareRoot ? 0.2928932188134524 : 0.5
      #expect(abs(schedule.value(step: 2) - rise) < 1e-15)
      #expect((3...17).allSatisfy { schedule.value(step: $0) == 1 })
      #expect(abs(schedule.value(step: 18) - quarter) < 1e-15)
      #expect(abs(schedule.value(step: 19) - half) < 1e-15)
      #expect(schedule.value(step: 21) == 0)
    }
  }

  @Test("a stable schedule begins and ends at its minimum")
  func stableMinimum() {
    let schedule = LearningRateSchedule(
      .warmupStableDecay, peak: 1, warmupSteps: 2, totalSteps: 20,
      options: Self.options {
        $0.minimumRatio = 0.2
        $0.decayRamp = .linear
      })
    #expect(schedule.value(step: 1) == 0.2)
    #expect(schedule.value(step: 18) == 1)  // the last tenth decays: positions 18 and 19
    #expect(abs(schedule.value(step: 20) - 0.6) < 1e-15)
    #expect(schedule.value(step: 21) == 0.2)
  }

  @Test("a cosine with a constant ratio is at its minimum from there on")
  func constantRatio() {
    let schedule = LearningRateSchedule(
      .cosine, peak: 1, warmupSteps: 2, totalSteps: 20,
      options: Self.options {
        $0.minimumRatio = 0.1
        $0.constantRatio = 0.6
      })
    #expect(abs(schedule.value(step: 8) - 0.55) < 1e-15)  // half way between 2 and 12
    #expect((13...20).allSatisfy { abs(schedule.value(step: $0) - 0.1) < 1e-15 })
  }

  @Test("restarts, polynomials and inverse roots follow transformers")
  func others() {
    let restarts = LearningRateSchedule(
      .cosineWithRestarts, peak: 1, totalSteps: 8, options: Self.options { $0.cycles = 2 })
    #expect([1, 3, 5, 7, 9].map { restarts.value(step: $0) } == [1, 0.5, 1, 0.5, 0])
    let polynomial = LearningRateSchedule(
      .polynomial, peak: 2, totalSteps: 4,
      options: Self.options {
        $0.power = 2
        $0.end = 1
      })
    #expect([1, 3, 5, 6].map { polynomial.value(step: $0) } == [2, 1.25, 1, 1])
    let root = LearningRateSchedule(.inverseSquareRoot, peak: 1, warmupSteps: 4, totalSteps: 99)
    #expect([5, 17].map { root.value(step: $0) } == [1, 0.5])
  }
}

@Suite(
  "Schedule goldens",
  .enabled(if: SharedMaterial.goldens.exists, "the folder of goldens is absent (set GOLDENS)"))
struct ScheduleGoldenTests {
  static func options(_ json: JSONValue?) -> LearningRateSchedule.Options? {
    var options = LearningRateSchedule.Options()
    for member in json?.objectValue ?? [] {
      let (number, text) = (member.value.doubleValue, member.value.stringValue)
      switch member.key {
      case "min_lr_rate", "min_lr_ratio", "min_lr": options.minimumRatio = number ?? 0
      case "num_cycles": options.cycles = number
      case "power": options.power = number ?? 1
      case "lr_end": options.end = number ?? 0
      case "timescale": options.timescale = member.value.integerValue
      case "num_decay_steps": options.decaySteps = member.value.integerValue
      case "num_stable_steps": options.stableSteps = member.value.integerValue
      case "warmup_type": options.warmupRamp = .init(rawValue: text ?? "") ?? .linear
      case "decay_type": options.decayRamp = .init(rawValue: text ?? "") ?? .cosine
      default: return nil
      }
    }
    return options
  }

  @Test("every factor is transformers' to 1e-12")
  func factors() throws {
    let path = SharedMaterial.goldens.path("formula_goldens.json")
    let json = try JSONReader.parse(SharedMaterial.bytes(path), file: path)
    let cases = try #require(json["schedules"]?.arrayValue)
    #expect(!cases.isEmpty)
    for golden in cases {
      let name = try #require(golden["name"]?.stringValue)
      let shape = try #require(LearningRateSchedule.Shape(rawValue: name), "\(name)")
      let options = try #require(Self.options(golden["kwargs"]), "\(name)")
      let schedule = LearningRateSchedule(
        shape, peak: 1, warmupSteps: golden["warmup"]?.integerValue ?? 0,
        totalSteps: golden["total"]?.integerValue ?? 0, options: options)
      let expected = (golden["lr_at_step"]?.arrayValue ?? []).compactMap(\.doubleValue)
      #expect(!expected.isEmpty)
      for (index, value) in expected.enumerated() {
        #expect(abs(schedule.value(step: index + 1) - value) < 1e-12, "\(name) \(index)")
      }
    }
  }
}
