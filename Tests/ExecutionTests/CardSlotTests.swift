import Diagnostics
import Execution
import RunStore
import StageKit
import Testing

/// Cards that stages ask for by number.
@Suite struct CardSlotTests {
  private static func stage(_ name: String, card: Int?) -> StageRequest {
    StageRequest(
      stage: name, kind: "x", version: 1, needs: [], retry: RetryPolicy(),
      resources: ResourceRequest(gpu: 1, device: card), priority: 0)
  }

  private static let capacity = Capacity(places: 4, threads: 8, gpus: ["3", "5"])

  @Test("a stage gets the card it names, and waits while another one has it")
  func named() {
    var scheduler = Scheduler(
      [
        Self.stage("a", card: 1), Self.stage("b", card: 1), Self.stage("c", card: nil),
        Self.stage("d", card: nil),
      ], capacity: Self.capacity)
    #expect(SlotTests.begin(&scheduler) == ["a", "c"])
    #expect(scheduler.allotment(of: "a")?.gpus == ["5"])
    #expect(scheduler.allotment(of: "c")?.gpus == ["3"])
    let next = SlotTests.launched(
      scheduler.handle(.ended(stage: "c", .succeeded)), &scheduler)
    #expect(next == ["d"])
    #expect(scheduler.allotment(of: "d")?.gpus == ["3"])
    let last = SlotTests.launched(
      scheduler.handle(.ended(stage: "a", .succeeded)), &scheduler)
    #expect(last == ["b"])
    #expect(scheduler.allotment(of: "b")?.gpus == ["5"])
  }

  @Test("a card that is not there is refused before the run")
  func missing() throws {
    try Self.capacity.check([Self.stage("a", card: 1)])
    let failure = try #require(throws: Failure.self) {
      try Self.capacity.check([Self.stage("a", card: 2)])
    }
    #expect(
      failure.diagnostics.map(\.message) == [
        "stage 'a' asks for card 2, but this run has 2 (3, 5)"
      ])
    let none = try #require(throws: Failure.self) {
      try Capacity(places: 1, threads: 2, gpus: []).check([Self.stage("a", card: nil)])
    }
    #expect(
      none.diagnostics.map(\.message) == ["stage 'a' asks for 1 gpu, but this run has none"])
  }
}
