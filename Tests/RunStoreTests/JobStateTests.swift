import Foundation
import RunStore
import Testing

@Suite struct JobStateTests {
  @Test("docs/jobs.md shows the table of moves as it is")
  func diagram() throws {
    let page = try String(contentsOfFile: "docs/jobs.md", encoding: .utf8)
    #expect(page.contains("```mermaid\n" + JobState.diagram + "```"))
  }

  @Test("every event has one row, and every state can be reached from waiting")
  func table() {
    #expect(JobState.transitions.map(\.event) == JobEvent.allCases.sorted(by: inTableOrder))
    var reached: Set<JobState> = [.waiting]
    while true {
      let before = reached.count
      for move in JobState.transitions where move.from.contains(where: reached.contains) {
        reached.insert(move.to)
      }
      if reached.count == before { break }
    }
    #expect(reached == Set(JobState.allCases))
  }

  private func inTableOrder(_ a: JobEvent, _ b: JobEvent) -> Bool {
    let order = JobState.transitions.map(\.event)
    return (order.firstIndex(of: a) ?? 0) < (order.firstIndex(of: b) ?? 0)
  }

  @Test("success and refusal are left only when their files are gone, skipping never")
  func ends() {
    for event in JobEvent.allCases {
      let expected: JobState? = event == .outputsLost ? .waiting : nil
      #expect(JobState.succeeded.after(event) == expected)
      #expect(JobState.refused.after(event) == expected)
      #expect(JobState.skipped.after(event) == nil)
    }
    #expect(JobState.running.after(.finished) == .succeeded)
    #expect(JobState.waiting.after(.started) == nil)
  }
}
