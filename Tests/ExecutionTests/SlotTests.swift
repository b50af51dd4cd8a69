import Execution
import RunStore
import StageKit
import Testing

/// Which stage is next: docs/scheduling.md.
@Suite struct SlotTests {
  static func stage(
    _ name: String, needs: [String] = [], cpu: Int? = nil, memory: Int = 0, gpu: Int = 0,
    priority: Int = 0, retry: RetryPolicy = RetryPolicy()
  ) -> StageRequest {
    StageRequest(
      stage: name, kind: "x", version: 1, needs: needs, retry: retry,
      resources: ResourceRequest(cpu: cpu, memoryBytes: memory, gpu: gpu), priority: priority)
  }

  /// Begins, and answers every question with "must run"; returns what is launched, in order.
  static func begin(_ scheduler: inout Scheduler) -> [String] {
    launched(scheduler.handle(.begin), &scheduler)
  }

  static func launched(_ commands: [Scheduler.Command], _ scheduler: inout Scheduler) -> [String] {
    var names: [String] = []
    for command in commands {
      switch command {
      case .launch(let stage): names.append(stage)
      case .prepare(let stage):
        names += launched(scheduler.handle(.prepared(stage: stage, .mustRun)), &scheduler)
      default: break
      }
    }
    return names
  }

  @Test("the highest priority goes first, then the order of the plan")
  func priority() {
    var scheduler = Scheduler([
      Self.stage("low", priority: -1), Self.stage("a"), Self.stage("b"),
      Self.stage("high", priority: 5),
    ])
    var order = Self.begin(&scheduler)
    while let last = order.last, order.count < 4 {
      order += Self.launched(scheduler.handle(.ended(stage: last, .succeeded)), &scheduler)
    }
    #expect(order == ["high", "a", "b", "low"])
  }

  @Test("a stage that has just become ready is not overtaken by a lower one that waits for a slot")
  func freshPriority() {
    var scheduler = Scheduler([
      Self.stage("a"), Self.stage("b"), Self.stage("c", needs: ["a"], priority: 1),
    ])
    #expect(Self.begin(&scheduler) == ["a"])
    let next = Self.launched(scheduler.handle(.ended(stage: "a", .succeeded)), &scheduler)
    #expect(next == ["c"])
  }

  @Test("threads are what cpu says, else the run's share, and devices the lowest free ones")
  func allotments() {
    let capacity = Capacity(places: 4, threads: 9, gpus: ["3", "5"])
    var scheduler = Scheduler(
      [Self.stage("a", cpu: 3, gpu: 1), Self.stage("b"), Self.stage("c", gpu: 1), Self.stage("d")],
      capacity: capacity)
    #expect(Self.begin(&scheduler) == ["a", "b", "c"])
    #expect(scheduler.allotment(of: "a")?.threads == 3)
    #expect(scheduler.allotment(of: "a")?.gpus == ["3"])
    #expect(scheduler.allotment(of: "b")?.threads == 2)
    #expect(scheduler.allotment(of: "b")?.gpus == [])
    #expect(scheduler.allotment(of: "c")?.gpus == ["5"])
    // Three shares of four and three threads are more than nine.
    #expect(scheduler.allotment(of: "d") == nil)
    _ = scheduler.handle(.ended(stage: "a", .succeeded))
    #expect(scheduler.allotment(of: "d")?.threads == 2)
  }

  @Test("memory that is not known is not counted", arguments: [nil, 10])
  func memory(most: Int?) {
    var scheduler = Scheduler(
      [Self.stage("a", memory: 6), Self.stage("b", memory: 6)],
      capacity: Capacity(places: 2, threads: 2, memoryBytes: most))
    #expect(Self.begin(&scheduler) == (most == nil ? ["a", "b"] : ["a"]))
  }

  @Test("a big stage is overtaken eight times and not once more")
  func starvation() {
    let small = (0..<30).map { Self.stage("s\($0)", cpu: 1) }
    let stages = [small[0], Self.stage("big", cpu: 2)] + small[1...]
    var scheduler = Scheduler(stages, capacity: Capacity(places: 2, threads: 2))
    var order = Self.begin(&scheduler)
    var running = order
    while !order.contains("big"), let first = running.first {
      running.removeFirst()
      let next = Self.launched(scheduler.handle(.ended(stage: first, .succeeded)), &scheduler)
      order += next
      running += next
    }
    // s0 comes before it in the plan; then eight overtake it.
    #expect(order.count == 1 + 8 + 1)
    #expect(running == ["big"])
  }

  @Test("a run that fails fast lets what runs end and takes out the rest")
  func failFast() {
    var scheduler = Scheduler(
      [
        Self.stage("bad", retry: RetryPolicy(attempts: 3)), Self.stage("long"), Self.stage("next"),
        Self.stage("behind", needs: ["bad"]),
      ], capacity: Capacity(places: 2, threads: 2), isFailFast: true)
    #expect(Self.begin(&scheduler) == ["bad", "long"])
    #expect(
      scheduler.handle(.ended(stage: "bad", .failed(nil))) == [
        .conclude(stage: "bad", .gaveUp), .block(stage: "behind", need: "bad"),
        .cancel(stage: "next", cause: "bad"),
      ])
    #expect(
      scheduler.handle(.ended(stage: "long", .succeeded)) == [
        .conclude(stage: "long", .finished), .finish(.failed),
      ])
  }

  @Test("cancelling a stage blocks what depends on it; the rest goes on")
  func cancelStage() {
    var scheduler = Scheduler([
      Self.stage("a"), Self.stage("b", needs: ["a"]), Self.stage("c"),
    ])
    #expect(Self.begin(&scheduler) == ["a"])
    #expect(scheduler.handle(.cancelRequested(stage: "a")) == [.stop(stage: "a")])
    #expect(scheduler.handle(.cancelRequested(stage: "a")) == [])
    #expect(
      scheduler.handle(.ended(stage: "a", .stopped)) == [
        .conclude(stage: "a", .stopped), .cancel(stage: "a", cause: nil),
        .block(stage: "b", need: "a"), .launch(stage: "c"),
      ])
    #expect(
      scheduler.handle(.ended(stage: "c", .succeeded)) == [
        .conclude(stage: "c", .finished), .finish(.interrupted),
      ])
  }

  @Test("cancelling a run takes out everything that has not ended")
  func cancelRun() {
    var scheduler = Scheduler([Self.stage("a"), Self.stage("b", needs: ["a"])])
    #expect(Self.begin(&scheduler) == ["a"])
    #expect(
      scheduler.handle(.cancelRequested(stage: nil)) == [
        .stop(stage: "a"), .cancel(stage: "b", cause: nil),
      ])
    // It was done before it heard.
    #expect(
      scheduler.handle(.ended(stage: "a", .succeeded)) == [
        .conclude(stage: "a", .finished), .finish(.interrupted),
      ])
  }

  @Test(
    "a run ends when only approvals are awaited, unless it waits for them",
    arguments: [true, false])
  func approval(waits: Bool) {
    var scheduler = Scheduler(
      [Self.stage("ok"), Self.stage("ship", needs: ["ok"])],
      capacity: Capacity(threads: 1), waitsForApproval: waits)
    #expect(scheduler.handle(.begin) == [.prepare(stage: "ok")])
    let end = scheduler.handle(.prepared(stage: "ok", .awaitsApproval))
    #expect(end == (waits ? [] : [.finish(.interrupted)]))
    guard waits else { return }
    var other = scheduler
    #expect(scheduler.handle(.approved(stage: "ok")) == [.prepare(stage: "ok")])
    #expect(scheduler.handle(.prepared(stage: "ok", .reused)) == [.prepare(stage: "ship")])
    #expect(
      other.handle(.rejected(stage: "ok")) == [
        .block(stage: "ship", need: "ok"), .finish(.refused),
      ])
  }

  @Test("what depends on a skipped stage is skipped")
  func skipped() {
    var scheduler = Scheduler([Self.stage("a"), Self.stage("b", needs: ["a"]), Self.stage("c")])
    _ = scheduler.handle(.begin)
    #expect(
      scheduler.handle(.prepared(stage: "a", .skipped)) == [.skip(stage: "b", need: "a")])
    #expect(scheduler.handle(.prepared(stage: "c", .reused)) == [.finish(.succeeded)])
  }

  @Test("only ends that the policy names are tried again")
  func reasons() {
    let policy = RetryPolicy(attempts: 2, on: [.timeout, .exitStatus(75)])
    let ends: [(RetryReason?, JobEvent)] = [
      (.timeout, .tryFailed), (.exitStatus(75), .tryFailed), (.exitStatus(1), .gaveUp),
      (.failed, .gaveUp), (.lost, .gaveUp), (nil, .gaveUp),
    ]
    for (reason, event) in ends {
      var scheduler = Scheduler([Self.stage("a", retry: policy)])
      _ = Self.begin(&scheduler)
      #expect(
        scheduler.handle(.ended(stage: "a", .failed(reason))).first
          == .conclude(stage: "a", event))
    }
    #expect(RetryPolicy(on: [.failed]).allows(.exitStatus(3)))
    #expect(!RetryPolicy(on: [.io]).allows(.exitStatus(3)))
  }

  @Test("pauses double up to the longest one, and jitter is the same every time")
  func pauses() {
    var policy = RetryPolicy(attempts: 9, backoffSeconds: 2, backoffMaxSeconds: 10)
    #expect((1...4).map { policy.pause(afterTry: $0, of: "a") } == [2, 4, 8, 10])
    policy.jitter = .deterministic
    for tries in 1...6 {
      let pause = policy.pause(afterTry: tries, of: "a")
      let whole = min(10, 2 * Double(1 << (tries - 1)))
      #expect(pause >= whole / 2 && pause <= whole)
      #expect(pause == policy.pause(afterTry: tries, of: "a"))
    }
    #expect(policy.pause(afterTry: 1, of: "a") != policy.pause(afterTry: 1, of: "b"))
  }

  @Test("ten thousand stages cost a few microseconds each")
  func size() {
    // A chain, a fan, and stages of many sizes; a scan of all for each event would take minutes.
    let count = 10_000
    let chain = (0..<count).map { Self.stage("c\($0)", needs: $0 == 0 ? [] : ["c\($0 - 1)"]) }
    let fan = (0..<count).map { Self.stage("f\($0)", memory: $0 % 7, priority: $0 % 3) }
    var scheduler = Scheduler(
      chain + fan, capacity: Capacity(places: 16, threads: 16, memoryBytes: 40))
    let start = ContinuousClock.now
    var todo = Array(scheduler.handle(.begin).reversed())
    var ended = 0
    while let command = todo.popLast() {
      switch command {
      case .prepare(let stage):
        todo += scheduler.handle(.prepared(stage: stage, .mustRun)).reversed()
      case .launch(let stage):
        // Ends after what is already asked for.
        todo.insert(.stop(stage: stage), at: 0)
      case .stop(let stage):
        ended += 1
        todo += scheduler.handle(.ended(stage: stage, .succeeded)).reversed()
      case .finish(let state): #expect(state == .succeeded)
      default: break
      }
    }
    #expect(ended == 2 * count)
    #expect(ContinuousClock.now - start < .seconds(20))
  }
}
