import Execution
import Reproducibility
import RunStore
import StageKit
import Testing

@Suite struct SchedulerTests {
  static func stage(_ name: String, needs: [String] = [], attempts: Int = 1, backoff: Double = 0)
    -> StageRequest
  {
    StageRequest(
      stage: name, kind: "drill", version: 1, needs: needs,
      retry: RetryPolicy(attempts: attempts, backoffSeconds: backoff))
  }

  /// a → b → d, a → c → d.
  static let diamond = [
    stage("a"), stage("b", needs: ["a"]), stage("c", needs: ["a"]),
    stage("d", needs: ["b", "c"]),
  ]

  @Test("a stage is prepared when all it needs has succeeded, and not before")
  func order() {
    var scheduler = Scheduler(Self.diamond)
    #expect(scheduler.handle(.begin) == [.prepare(stage: "a")])
    #expect(
      scheduler.handle(.prepared(stage: "a", .mustRun)) == [.launch(stage: "a")])
    #expect(
      scheduler.handle(.ended(stage: "a", .succeeded)) == [
        .conclude(stage: "a", .finished), .prepare(stage: "b"), .prepare(stage: "c"),
      ])
    #expect(scheduler.handle(.prepared(stage: "b", .reused)) == [])
    #expect(scheduler.handle(.prepared(stage: "c", .mustRun)) == [.launch(stage: "c")])
    #expect(
      scheduler.handle(.ended(stage: "c", .succeeded)) == [
        .conclude(stage: "c", .finished), .prepare(stage: "d"),
      ])
    #expect(scheduler.handle(.prepared(stage: "d", .reused)) == [.finish(.succeeded)])
  }

  @Test("one place runs one stage at a time, two places two")
  func places() {
    for places in [1, 2] {
      var scheduler = Scheduler(
        [Self.stage("a"), Self.stage("b"), Self.stage("c")], places: places)
      var launched: [String] = []
      for command in scheduler.handle(.begin) {
        guard case .prepare(let stage) = command else { continue }
        for next in scheduler.handle(.prepared(stage: stage, .mustRun)) {
          if case .launch(let name) = next { launched.append(name) }
        }
      }
      #expect(launched == Array(["a", "b"].prefix(places)))
    }
  }

  @Test("a failure blocks what depends on it and nothing else")
  func keepGoing() {
    var scheduler = Scheduler(Self.diamond)
    _ = scheduler.handle(.begin)
    _ = scheduler.handle(.prepared(stage: "a", .reused))
    #expect(scheduler.handle(.prepared(stage: "b", .mustRun)) == [.launch(stage: "b")])
    #expect(scheduler.handle(.prepared(stage: "c", .mustRun)) == [])
    #expect(
      scheduler.handle(.ended(stage: "b", .failed(.failed))) == [
        .conclude(stage: "b", .gaveUp), .block(stage: "d", need: "b"), .launch(stage: "c"),
      ])
    #expect(
      scheduler.handle(.ended(stage: "c", .succeeded)) == [
        .conclude(stage: "c", .finished), .finish(.failed),
      ])
  }

  @Test("a refusal blocks like a failure, but the run is refused")
  func refusal() {
    var scheduler = Scheduler([Self.stage("gate"), Self.stage("export", needs: ["gate"])])
    _ = scheduler.handle(.begin)
    #expect(
      scheduler.handle(.prepared(stage: "gate", .refusalReused)) == [
        .block(stage: "export", need: "gate"), .finish(.refused),
      ])
  }

  @Test("retries wait, twice as long each time, and end with the last attempt")
  func retries() {
    var scheduler = Scheduler([Self.stage("a", attempts: 3, backoff: 10)])
    _ = scheduler.handle(.begin)
    #expect(scheduler.handle(.prepared(stage: "a", .mustRun)) == [.launch(stage: "a")])
    for pause in [10.0, 20.0] {
      #expect(
        scheduler.handle(.ended(stage: "a", .failed(.failed))) == [
          .conclude(stage: "a", .tryFailed), .pause(stage: "a", seconds: pause),
        ])
      #expect(scheduler.handle(.pauseOver(stage: "a")) == [.launch(stage: "a")])
    }
    #expect(
      scheduler.handle(.ended(stage: "a", .failed(.failed))) == [
        .conclude(stage: "a", .gaveUp), .finish(.failed),
      ])
  }

  @Test("what another try cannot mend is not tried again")
  func noRetry() {
    var scheduler = Scheduler([Self.stage("a", attempts: 3)])
    _ = scheduler.handle(.begin)
    _ = scheduler.handle(.prepared(stage: "a", .mustRun))
    #expect(
      scheduler.handle(.ended(stage: "a", .failed(nil))) == [
        .conclude(stage: "a", .gaveUp), .finish(.failed),
      ])
  }

  @Test("a stop asks what runs to end, starts nothing and interrupts the run")
  func stop() {
    var scheduler = Scheduler([Self.stage("a", attempts: 5), Self.stage("b", needs: ["a"])])
    _ = scheduler.handle(.begin)
    _ = scheduler.handle(.prepared(stage: "a", .mustRun))
    #expect(scheduler.handle(.stopRequested) == [.stop(stage: "a")])
    #expect(
      scheduler.handle(.ended(stage: "a", .stopped)) == [
        .conclude(stage: "a", .stopped), .finish(.interrupted),
      ])
  }

  @Test("a stage that finishes all the same while stopping has succeeded")
  func stopTooLate() {
    var scheduler = Scheduler([Self.stage("a")])
    _ = scheduler.handle(.begin)
    _ = scheduler.handle(.prepared(stage: "a", .mustRun))
    _ = scheduler.handle(.stopRequested)
    #expect(
      scheduler.handle(.ended(stage: "a", .succeeded)) == [
        .conclude(stage: "a", .finished), .finish(.succeeded),
      ])
  }

  @Test("a stop during the pause of a retry ends the run at once")
  func stopInPause() {
    var scheduler = Scheduler([Self.stage("a", attempts: 2, backoff: 100)])
    _ = scheduler.handle(.begin)
    _ = scheduler.handle(.prepared(stage: "a", .mustRun))
    _ = scheduler.handle(.ended(stage: "a", .failed(.failed)))
    #expect(scheduler.handle(.stopRequested) == [.finish(.interrupted)])
  }

  @Test("random graphs, ends and stops keep the rules", arguments: 0..<400)
  func simulation(seed: Int) {
    let random = CounterRandom(seed: UInt64(seed), stream: "scheduler")
    var draws: UInt64 = 0
    func draw(_ bound: Int) -> Int {
      draws += 1
      return random.integer(draws, below: bound)
    }
    let count = 1 + draw(9)
    let stages = (0..<count).map { index in
      let needs = (0..<index).filter { _ in draw(3) == 0 }.map { "s\($0)" }
      return Self.stage("s\(index)", needs: needs, attempts: 1 + draw(3))
    }
    let places = 1 + draw(3)
    var scheduler = Scheduler(stages, places: places)
    var states: [String: JobState] = [:]
    var running: Set<String> = []
    var starts: [String: Int] = [:]
    var events: [Scheduler.Event] = [.begin]
    var final: RunState?
    var isStopping = false
    for _ in 0..<1000 where final == nil {
      if events.isEmpty {
        if draw(20) == 0, !isStopping {
          isStopping = true
          events.append(.stopRequested)
        } else if let stage = running.sorted().randomElement(at: draw(max(1, running.count))) {
          let ends: [Scheduler.End] = [
            .succeeded, .succeeded, .refused, .failed(.failed), .failed(nil),
          ]
          events.append(.ended(stage: stage, isStopping ? .stopped : ends[draw(ends.count)]))
        } else {
          break
        }
      }
      for command in scheduler.handle(events.removeFirst()) {
        #expect(final == nil, "nothing is asked for after the end")
        switch command {
        case .prepare(let stage):
          let needs = stages.first { $0.stage == stage }?.needs ?? []
          #expect(needs.allSatisfy { states[$0] == .succeeded }, "seed \(seed): \(stage)")
          let answers: [Scheduler.Preparation] = [.mustRun, .mustRun, .reused, .failed, .skipped]
          let answer = answers[draw(answers.count)]
          let known: [Scheduler.Preparation: JobState] = [
            .reused: .succeeded, .failed: .failed, .skipped: .skipped,
          ]
          states[stage] = known[answer] ?? .ready
          events.append(.prepared(stage: stage, answer))
        case .launch(let stage):
          #expect(states[stage] == .ready && !isStopping)
          #expect(running.insert(stage).inserted)
          #expect(running.count <= places)
          starts[stage, default: 0] += 1
          #expect(starts[stage]! <= stages.first { $0.stage == stage }!.retry.attempts)
        case .conclude(let stage, let event):
          #expect(running.remove(stage) != nil)
          states[stage] = JobState.running.after(event)
        case .block(let stage, let need):
          #expect(states[stage] == nil)
          #expect(states[need]?.isEnd == true && states[need] != .succeeded)
          #expect(states[need] != .skipped)
          states[stage] = .blocked
        case .skip(let stage, let need):
          #expect(states[stage] == nil)
          #expect(states[need] == .skipped)
          states[stage] = .skipped
        case .cancel(let stage, _): Issue.record("seed \(seed): '\(stage)' is cancelled")
        case .pause(let stage, _): events.append(.pauseOver(stage: stage))
        case .stop(let stage): #expect(running.contains(stage))
        case .finish(let state): final = state
        }
      }
    }
    #expect(final != nil, "seed \(seed): the run does not end")
    #expect(running.isEmpty)
    if final != .interrupted {
      #expect(stages.allSatisfy { states[$0.stage]?.isEnd == true }, "seed \(seed)")
    }
    for stage in stages { #expect(scheduler.state(stage.stage) == states[stage.stage] ?? .waiting) }
  }
}

extension Array {
  fileprivate func randomElement(at index: Int) -> Element? {
    isEmpty ? nil : self[index % count]
  }
}
