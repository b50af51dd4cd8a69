import Diagnostics
import Documents
import Foundation
import Planning
import StageKit
import TestSupport
import Testing

@Suite("matrix")
struct MatrixTests {
  let folder: TemporaryFolder
  let past = PastRuns()

  init() throws {
    folder = try TemporaryFolder()
    try folder.write("x", "1")
    try folder.write("base/config.json", "{}")
  }

  static func pipeline(_ strategy: String, behind: String = "") -> String {
    """
    name: m
    params: { rates: [1e-4, 2e-4] }
    stages:
      raw: { uses: make, with: { sources: [ { path: ./x } ] } }
      tuned:
        uses: train
        inputs: { model: ./base, train: raw }
        with: { learning_rate: "${matrix.learning_rate}", lora_r: "${matrix.lora_r}" }
        strategy: \(strategy)
    \(behind)
    """
  }

  private func names(_ strategy: String) throws -> [String] {
    try folder.load(Self.pipeline(strategy)).spec.stages.map(\.name).filter { $0 != "raw" }
  }

  private func plan(_ text: String, _ selection: PlanSelection = PlanSelection()) throws -> Plan {
    try folder.load(text).plan(
      results: past, statCache: MemoryStatCache(), checkpoints: past, selection: selection)
  }

  @Test("the product of the lists, in their order, with readable names")
  func product() throws {
    let spec = try folder.load(
      Self.pipeline("{ matrix: { learning_rate: \"${params.rates}\", lora_r: [8, 16] } }"))
    #expect(
      spec.spec.stages.dropFirst().map(\.name) == [
        "tuned-learning_rate-1e-4-lora_r-8", "tuned-learning_rate-1e-4-lora_r-16",
        "tuned-learning_rate-2e-4-lora_r-8", "tuned-learning_rate-2e-4-lora_r-16",
      ])
    let plan = try plan(
      Self.pipeline("{ matrix: { learning_rate: \"${params.rates}\", lora_r: [8, 16] } }"))
    #expect(plan.spec.stages[2].parameters["learning_rate"] == .number(1e-4))
    #expect(plan.spec.stages[2].parameters["lora_r"] == 16)
  }

  @Test("exclude takes away, include adds to what fits and else beside it: GitHub's own example")
  func githubsExample() throws {
    // docs.github.com, "Expanding or adding matrix configurations".
    let text = """
      name: g
      stages:
        s:
          uses: clean
          inputs: { records: ./x }
          with: { labels: ["${matrix.fruit}", "${matrix.animal}"] }
          strategy:
            matrix:
              fruit: [apple, pear]
              animal: [cat, dog]
              include:
                - { color: green }
                - { color: pink, animal: cat }
                - { fruit: apple, shape: circle }
                - { fruit: banana, animal: none }
                - { fruit: banana, animal: cat }
      """
    let matrix = try #require(try folder.load(text).spec.matrices["s"])
    let shown = matrix.instances.map { instance in
      instance.values.map { "\($0.key)=\($0.value.stringValue ?? "?")" }.joined(separator: " ")
    }
    #expect(
      shown == [
        "fruit=apple animal=cat color=pink shape=circle",
        "fruit=apple animal=dog color=green shape=circle", "fruit=pear animal=cat color=pink",
        "fruit=pear animal=dog color=green", "fruit=banana animal=none", "fruit=banana animal=cat",
      ])
    #expect(matrix.names.last == "s-fruit-banana-animal-cat")
    #expect(
      try names(
        "{ matrix: { learning_rate: [1e-4, 2e-4], lora_r: [8, 16] }, exclude: [ { learning_rate: 1e-4, lora_r: 16 } ] }"
      ) == [
        "tuned-learning_rate-1e-4-lora_r-8", "tuned-learning_rate-2e-4-lora_r-8",
        "tuned-learning_rate-2e-4-lora_r-16",
      ])
  }

  @Test("names depend on the values alone, and differ where texts would not")
  func stableNames() throws {
    let two = try names("{ matrix: { learning_rate: [0.5, 0.25], lora_r: [8] } }")
    #expect(two == ["tuned-learning_rate-0_5-lora_r-8", "tuned-learning_rate-0_25-lora_r-8"])
    #expect(
      Set(try names("{ matrix: { learning_rate: [0.25, 0.125, 0.5], lora_r: [8] } }")).isSuperset(
        of: two))
    let text = """
      name: g
      stages:
        s:
          uses: clean
          inputs: { records: ./x }
          with: { labels: ["${matrix.a}"] }
          strategy: { matrix: { a: [x.y, x/y, \(String(repeating: "long", count: 30))] } }
      """
    let names = try folder.load(text).spec.stages.map(\.name)
    #expect(Set(names).count == 3)
    #expect(names.allSatisfy { $0.utf8.count <= 64 && $0.hasPrefix("s-a-") })
  }

  @Test("the same values read each other")
  func pairs() throws {
    let text = Self.pipeline(
      "{ matrix: { learning_rate: [1e-4, 2e-4], lora_r: [8] } }",
      behind: """
          gate:
            uses: gate
            inputs: { candidate: tuned }
            strategy: { matrix: { lora_r: [8], learning_rate: [2e-4, 1e-4], seed: [1, 2] } }
        """)
    let spec = try plan(text).spec
    #expect(
      spec.stage("gate-lora_r-8-learning_rate-2e-4-seed-2")?.inputs["candidate"]
        == .stage(name: "tuned-learning_rate-2e-4-lora_r-8", port: "model"))
  }

  static let chosen = pipeline(
    "{ matrix: { learning_rate: [1e-4, 2e-4, 3e-4], lora_r: [8] }, select: { metric: eval_loss, mode: min } }",
    behind: "  gate: { uses: gate, inputs: { candidate: tuned } }\n")

  private static let losses: [String: [String: Double]] = [
    "tuned-learning_rate-1e-4-lora_r-8": ["eval_loss": 0.5],
    "tuned-learning_rate-2e-4-lora_r-8": ["eval_loss": 0.25],
    "tuned-learning_rate-3e-4-lora_r-8": ["eval_loss": 0.25],
  ]

  @Test("select is decided at run time, then known; ties go to the first; cut-off works behind it")
  func select() throws {
    let first = try plan(Self.chosen)
    let verdict = try #require(first.verdict(of: "tuned"))
    #expect(verdict.decision == .atRunTime)
    #expect(
      verdict.reason
        == "takes the one of 3 with the least eval_loss (tuned-learning_rate-1e-4-lora_r-8: never ran)"
    )
    #expect(verdict.chain.map(\.stage) == ["tuned", "tuned-learning_rate-1e-4-lora_r-8"])
    #expect(first.verdict(of: "gate")?.decision == .run)
    #expect(try past.execute(first, metrics: Self.losses).last == "gate")
    let second = try plan(Self.chosen)
    #expect(
      second.verdict(of: "tuned")?.reason
        == "takes tuned-learning_rate-2e-4-lora_r-8: eval_loss 0.25")
    #expect(!second.hasWork)
    // A worse instance more: the choice stays, and with it the gate.
    let more = Self.chosen.replacingOccurrences(of: "3e-4]", with: "3e-4, 4e-4]")
    let third = try plan(more)
    #expect(third.verdict(of: "gate")?.decision == .runUnlessSame)
    var losses = Self.losses
    losses["tuned-learning_rate-4e-4-lora_r-8"] = ["eval_loss": 0.9]
    #expect(
      try past.execute(third, metrics: losses) == ["tuned-learning_rate-4e-4-lora_r-8"])
    #expect(!(try plan(more)).hasWork)
    let best = Self.chosen.replacingOccurrences(of: "mode: min", with: "mode: max")
    let fourth = try plan(best)
    #expect(fourth.verdict(of: "gate")?.decision == .run)
    #expect(try past.execute(fourth) == ["gate"])
  }

  @Test("an instance without the metric is not taken; a metric that none has stops the plan")
  func missingMetric() throws {
    var losses = Self.losses
    losses["tuned-learning_rate-2e-4-lora_r-8"] = [:]
    try past.execute(try plan(Self.chosen), metrics: losses)
    #expect(
      try plan(Self.chosen).verdict(of: "tuned")?.reason
        == "takes tuned-learning_rate-3e-4-lora_r-8: eval_loss 0.25")
    let wrong = Self.chosen.replacingOccurrences(of: "metric: eval_loss", with: "metric: eval_los")
    let failure = try #require(throws: Failure.self) { try plan(wrong) }
    #expect(failure.diagnostics[0].code == "run.no-metric")
    #expect(failure.diagnostics[0].fix == "did you mean 'eval_loss'? it reported eval_loss")
    #expect(failure.diagnostics[0].span?.line == 9)
  }

  @Test("the name of a matrix selects its instances and its choice")
  func selection() throws {
    try past.execute(try plan(Self.chosen), metrics: Self.losses)
    let plan = try plan(Self.chosen, PlanSelection(only: ["tuned"], forcesAll: true))
    #expect(
      plan.spec.forced == [
        "tuned", "tuned-learning_rate-1e-4-lora_r-8", "tuned-learning_rate-2e-4-lora_r-8",
        "tuned-learning_rate-3e-4-lora_r-8",
      ])
    #expect(plan.verdict(of: "gate")?.decision == .unselected)
    #expect(try past.execute(plan, metrics: Self.losses).count == 3)
  }

  struct Mistake: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var strategy: String
    var message: String
    var fix: String?
    var behind = ""
  }

  @Test(
    "mistakes",
    arguments: [
      Mistake(
        testDescription: "no list", strategy: "{ matrix: { learning_rate: 1e-4, lora_r: [8] } }",
        message: "'learning_rate' of the matrix is '1e-4', expected a list of values",
        fix: "write [1e-4]"),
      Mistake(
        testDescription: "empty list", strategy: "{ matrix: { learning_rate: [], lora_r: [8] } }",
        message: "'learning_rate' of the matrix is an empty list, expected a list of values"),
      Mistake(
        testDescription: "select without matrix",
        strategy: "{ select: { metric: loss, mode: min } }",
        message: "'strategy' of 'tuned' has 'select' but no 'matrix'",
        fix: "add 'matrix: { learning_rate: [1e-4, 2e-4] }'"),
      Mistake(
        testDescription: "no mode",
        strategy: "{ matrix: { learning_rate: [1], lora_r: [8] }, select: { metric: loss } }",
        message: "'select' has no 'mode'",
        fix: "write 'mode: min' where less is better, else 'mode: max'"),
      Mistake(
        testDescription: "unknown key", strategy: "{ matix: { a: [1] } }",
        message: "'strategy' of 'tuned' has no key 'matix'",
        fix: "did you mean 'matrix'? it takes matrix, include, exclude, select"),
      Mistake(
        testDescription: "unknown axis", strategy: "{ matrix: { learning_rat: [1], lora_r: [8] } }",
        message: "'${matrix.learning_rate}' names nothing of this stage's matrix",
        fix: "did you mean '${matrix.learning_rat}'?"),
      Mistake(
        testDescription: "exclude of nothing",
        strategy: "{ matrix: { learning_rate: [1], lora_r: [8] }, exclude: { lora: 8 } }",
        message: "'exclude' names 'lora', which is no list of the matrix",
        fix: "did you mean 'lora_r'?"),
      Mistake(
        testDescription: "everything excluded",
        strategy: "{ matrix: { learning_rate: [1], lora_r: [8] }, exclude: { lora_r: 8 } }",
        message: "the matrix has 0 combinations, expected 1 to 256"),
      Mistake(
        testDescription: "one reader of many",
        strategy: "{ matrix: { learning_rate: [0.1, 0.2], lora_r: [8] } }",
        message: "'tuned' is a matrix of 2 stages, and input 'candidate' of 'gate' takes one",
        fix:
          "give 'tuned' a 'select: { metric: …, mode: min }' under 'strategy', name one of its stages (tuned-learning_rate-0_1-lora_r-8, …), or give 'gate' a matrix with learning_rate, lora_r too",
        behind: "  gate: { uses: gate, inputs: { candidate: tuned } }\n"),
    ])
  func mistakes(_ mistake: Mistake) throws {
    let failure = try #require(throws: Failure.self) {
      try folder.load(Self.pipeline(mistake.strategy, behind: mistake.behind))
    }
    let found = try #require(failure.diagnostics.first { $0.message == mistake.message })
    if let fix = mistake.fix { #expect(found.fix == fix) }
    #expect(found.span != nil)
    #expect(!failure.diagnostics.contains { $0.message.hasPrefix("there is no stage") })
  }

  @Test("a mistake that all instances share is told once")
  func sharedMistake() throws {
    let text = Self.pipeline("{ matrix: { learning_rate: [0.1, 0.2], lora_r: [8] } }")
      .replacingOccurrences(of: "lora_r: \"$", with: "lora_q: 1, lora_r: \"$")
    let failure = try #require(throws: Failure.self) { try folder.load(text) }
    #expect(failure.diagnostics.map(\.message) == ["stage 'train' has no parameter 'lora_q'"])
  }
}
