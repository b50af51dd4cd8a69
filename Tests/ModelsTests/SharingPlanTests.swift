import Generation
import ModelFiles
import Models
import Tensors
import Testing

/// How texts are cut into passes.
@Suite struct SharingPlanTests {
  static func text(_ ids: [Int32], asking: Range<Int>) -> LabelledText {
    LabelledText(
      ids: ids, labels: ids.indices.map { asking.contains($0) ? Int32($0) : TokenBatch.ignored })
  }

  static func plan(
    _ texts: [LabelledText], tokens: Int = 100, keeping: Int = 100, kept: [Int32] = []
  ) -> SharingPlan {
    SharingPlan(
      texts, DeterminismTests.configuration,
      SharingPlan.Limits(tokensPerPass: tokens, keptTokens: keeping), kept: kept)
  }

  @Test("what texts begin with alike is computed once, and each asks about its own positions")
  func once() {
    let texts = [
      Self.text([1, 2, 3, 9], asking: 3..<4), Self.text([1, 2, 3, 4, 5], asking: 2..<5),
      Self.text([1, 2, 3, 4], asking: 3..<4), Self.text([7], asking: 0..<1),
      Self.text([1, 2, 3, 4], asking: 3..<4), Self.text([8, 8], asking: 0..<0),
    ]
    let plan = Self.plan(texts)
    #expect(plan.passes.count == 1)
    let pass = plan.passes[0]
    #expect(pass.ids == [1, 2, 3, 4, 5, 9, 7])
    #expect(pass.positions == [0, 1, 2, 3, 4, 3, 0])
    #expect(
      pass.parts == [
        SharedPass.Part(rows: 0..<4, kept: 0, path: []),
        SharedPass.Part(rows: 4..<5, kept: 0, path: [0..<4]),
        SharedPass.Part(rows: 5..<6, kept: 0, path: [0..<3]),
        SharedPass.Part(rows: 6..<7, kept: 0, path: []),
      ])
    #expect(pass.targets.map(\.row) == [2, 3, 3, 3, 4, 5, 6])
    #expect(plan.owners[0].map(\.text) == [1, 2, 4, 1, 1, 0, 3])
    #expect(plan.owners[0].map(\.label) == [0, 0, 0, 1, 2, 0, 0])
    #expect(pass.longest == 5 && pass.keptAfter == [7])
  }

  @Test("a full pass is closed and keeps what the next text goes on after")
  func closing() {
    let texts = (0..<4).map { Self.text([1, 2, 3, 4, Int32(10 + $0), 5], asking: 4..<6) }
    let plan = Self.plan(texts, tokens: 8)
    #expect(plan.passes.map(\.ids) == [[1, 2, 3, 4, 10, 5, 11, 5], [12, 5, 13, 5]])
    #expect(plan.passes[0].keeps == [SharedPass.Keep(rows: 0..<4, position: 0)])
    #expect(plan.passes[0].keptAfter == [1, 2, 3, 4])
    #expect(plan.passes[1].parts.map(\.kept) == [4, 4])
    #expect(plan.passes[1].keeps == [SharedPass.Keep(rows: 2..<4, position: 4)])
    #expect(plan.passes[1].keptAfter == [1, 2, 3, 4, 13, 5])
  }

  @Test("what is not kept is computed again, and asked about once")
  func again() {
    let texts = (0..<2).map { Self.text([1, 2, 3, Int32(10 + $0)], asking: 1..<4) }
    let plan = Self.plan(texts, tokens: 4, keeping: 2)
    #expect(plan.passes.map(\.ids) == [[1, 2, 3, 10], [3, 11]])
    #expect(plan.passes[1].positions == [2, 3] && plan.passes[1].parts.map(\.kept) == [2])
    // Both ask about positions 1 and 2, which the first pass answers.
    #expect(plan.passes[0].targets.map(\.row) == [1, 1, 2, 2, 3])
    #expect(plan.passes[1].targets.map(\.row) == [1])
  }

  @Test("a call goes on after what the last one kept, as far as nothing is asked about it")
  func calls() {
    let kept: [Int32] = [1, 2, 3, 4]
    let later = Self.text([1, 2, 3, 4, 5], asking: 4..<5)
    #expect(Self.plan([later], kept: kept).passes[0].ids == [5])
    let earlier = Self.text([1, 2, 3, 4, 5], asking: 2..<5)
    #expect(Self.plan([earlier], kept: kept).passes[0].ids == [3, 4, 5])
    #expect(Self.plan([later, earlier], kept: kept).passes[0].ids == [3, 4, 5])
    #expect(Self.plan([Self.text([2, 2], asking: 0..<2)], kept: kept).passes[0].ids == [2, 2])
  }
}
