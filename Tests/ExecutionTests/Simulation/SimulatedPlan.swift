import Execution
import StageKit

/// A random pipeline, and all that will happen to it: drawn from a seed before anything runs.
struct SimulatedPlan {
  /// What an attempt does when nobody disturbs it.
  struct Attempt {
    var end: Scheduler.End
    var seconds: Double
  }

  /// What a stage does; attempts beyond the last do as the last.
  struct Behaviour {
    var attempts: [Attempt]
    /// A false condition, a changed input file, a person to ask.
    var preparation: Scheduler.Preparation
    /// Of a person; nil: never comes in this life of the engine.
    var decision: (isApproved: Bool, seconds: Double)?
    /// From a request to stop until the process ends; beyond the grace it is killed.
    var stopSeconds: Double
    /// It ends well although a stop was asked for.
    var ignoresStop: Bool
    var hasResult: Bool
  }

  /// What befalls one life of the engine.
  struct Life {
    /// Commits until the engine dies, or the disk is full; nil: never.
    var crashAfter: Int?
    var diskFullAfter: Int?
    /// A crash that takes the newest commits with it.
    var isPowerLoss: Bool
    var stopAfterSeconds: Double?
    var cancels: [(stage: String?, seconds: Double)]
    /// Added to the wall clock at random moments; nothing may depend on it.
    var clockJump: Double
    /// A stage whose files are gone when the engine starts.
    var lostOutputs: Int?
  }

  static let grace = 8.0

  let stages: [StageRequest]
  let behaviours: [Behaviour]
  let capacity: Capacity
  let isFailFast: Bool
  let waitsForApproval: Bool
  let lives: [Life]

  init(seed: UInt64) {
    var random = SeededNumbers(seed: seed)
    let capacity = Capacity(
      places: 1 + random.below(6), threads: 1 + random.below(12),
      memoryBytes: random.chance(80) ? 16 + random.below(48) : nil,
      gpus: (0..<random.below(4)).map { "gpu\($0)" })
    let count = random.chance(20) ? 1 + random.below(4) : 1 + random.below(40)
    let density = random.pick([1, 4, 10, 30])
    let sizes = 1 + random.below(4)
    let requests = (0..<sizes).map { _ in Self.resources(capacity, &random) }
    var stages: [StageRequest] = []
    var behaviours: [Behaviour] = []
    for index in 0..<count {
      let needs = (0..<index).filter { _ in random.chance(density) }.prefix(5).map { "s\($0)" }
      let behaviour = Self.behaviour(&random)
      stages.append(
        StageRequest(
          stage: "s\(index)", kind: "x", version: 1, needs: Array(needs),
          retry: Self.retry(&random),
          timeoutSeconds: random.chance(20) ? 5 + random.unit() * 20 : nil,
          resources: random.pick(requests), priority: random.chance(40) ? random.below(5) - 2 : 0))
      behaviours.append(behaviour)
    }
    self.stages = stages
    self.behaviours = behaviours
    self.capacity = capacity
    isFailFast = random.chance(20)
    waitsForApproval = random.chance(50)
    let rough = random.chance(60) ? 1 + random.below(4) : 0
    lives = (0..<rough).map { _ in Self.life(count, &random) } + [Self.calm]
  }

  /// The last life: nothing befalls the engine.
  private static let calm = Life(
    crashAfter: nil, diskFullAfter: nil, isPowerLoss: false, stopAfterSeconds: nil, cancels: [],
    clockJump: 0, lostOutputs: nil)

  private static func life(_ count: Int, _ random: inout SeededNumbers) -> Life {
    var life = calm
    switch random.below(5) {
    case 0, 1: life.crashAfter = random.below(6 * count + 4)
    case 2: life.diskFullAfter = random.below(6 * count + 4)
    case 3: life.stopAfterSeconds = random.unit() * 60
    default: break
    }
    life.isPowerLoss = random.chance(50)
    if random.chance(30) {
      for _ in 0...random.below(2) {
        let stage = random.chance(75) ? "s\(random.below(count))" : nil
        life.cancels.append((stage, random.unit() * 60))
      }
    }
    life.clockJump = random.pick([0, 0, -86400, 31_536_000])
    life.lostOutputs = random.chance(20) ? random.below(count) : nil
    return life
  }

  private static func resources(_ capacity: Capacity, _ random: inout SeededNumbers)
    -> ResourceRequest
  {
    ResourceRequest(
      cpu: random.chance(50) ? 1 + random.below(capacity.threads) : nil,
      memoryBytes: random.chance(50) ? 1 + random.below(capacity.memoryBytes ?? 100) : 0,
      gpu: random.chance(40) ? random.below(capacity.gpus.count + 1) : 0)
  }

  private static func retry(_ random: inout SeededNumbers) -> RetryPolicy {
    guard random.chance(50) else { return RetryPolicy() }
    let reasons = RetryReason.all.filter { _ in random.chance(60) }
    return RetryPolicy(
      attempts: 1 + random.below(4), backoffSeconds: random.pick([0, 1, 7]),
      backoffMaxSeconds: random.pick([3600, 10]),
      jitter: random.chance(30) ? .deterministic : .none,
      on: random.chance(50) ? RetryReason.all : reasons + [.exitStatus(75)])
  }

  private static func behaviour(_ random: inout SeededNumbers) -> Behaviour {
    let failures: [RetryReason?] = RetryReason.all + [.exitStatus(75), .exitStatus(3), nil]
    let attempts = (0...random.below(4)).map { _ in
      let end: Scheduler.End =
        random.chance(75)
        ? .succeeded : random.chance(20) ? .refused : .failed(random.pick(failures))
      return Attempt(end: end, seconds: random.chance(10) ? 200 : random.unit() * 15)
    }
    var preparation = Scheduler.Preparation.mustRun
    switch random.below(40) {
    case 0: preparation = .skipped
    case 1: preparation = .failed
    case 2, 3, 4: preparation = .awaitsApproval
    default: break
    }
    return Behaviour(
      attempts: attempts, preparation: preparation,
      decision: random.chance(75) ? (random.chance(75), random.unit() * 40) : nil,
      stopSeconds: random.unit() * 12, ignoresStop: random.chance(10), hasResult: random.chance(8))
  }
}
