import BuiltinStages
import Diagnostics
import Documents
import Parallelism
import Records
import StageKit
import TestSupport
import Testing
import Tokenization

@Suite struct CurveFindingsTests {
  static func curve(_ values: [Double]) -> [TrainingEvidence.CurvePoint] {
    values.enumerated().map { .init(step: $0.offset + 1, value: $0.element) }
  }

  static func codes(_ curves: [String: [Double]], _ learningRate: Double? = 1e-3) -> [String] {
    let findings = CurveFindings(curves.mapValues(curve), learningRate: learningRate)
    return (findings.step().findings + findings.rateStep().findings).map(\.code)
  }

  static let falling = (0..<20).map { 3.0 - 0.12 * Double($0) }
  static let norms = [Double](repeating: 1, count: 20)

  @Test(
    "curves are read as a trainer would read them",
    arguments: [
      (["loss": falling, "grad_norm": norms], []),
      (
        ["loss": [Double](repeating: 3, count: 20), "grad_norm": norms],
        ["diagnose.not-learning", "diagnose.rate-low"]
      ),
      (
        ["loss": Array(falling.reversed()), "grad_norm": norms],
        ["diagnose.diverging", "diagnose.rate-high"]
      ),
      (["loss": falling + [0.01, 0.01, 0.01], "grad_norm": norms], ["diagnose.memorised"]),
      (
        ["loss": falling, "grad_norm": norms, "eval_loss": [2, 1.5, 1.6, 1.7, 1.8]],
        ["diagnose.overfitting"]
      ),
      (["loss": falling, "grad_norm": norms, "eval_loss": [3, 2.4, 2.4]], ["diagnose.gap"]),
      (["loss": falling, "grad_norm": norms, "eval_loss": [3, 2, 1]], []),
      (["loss": [3, .nan, 2, 1, 1]], ["diagnose.not-finite"]),
      (
        [
          "loss": falling, "grad_norm": norms, "rewards/margins": falling,
          "rewards/accuracies": norms, "logps/chosen": (0..<20).map { -20 - 5 * Double($0) },
        ], ["diagnose.collapse"]
      ),
      (
        [
          "loss": falling, "grad_norm": norms, "reward": norms,
          "reward_std": [Double](repeating: 0, count: 20),
        ], ["diagnose.no-signal"]
      ),
      ([:], []),
    ] as [([String: [Double]], [String])])
  func curves(curves: [String: [Double]], codes: [String]) {
    #expect(Self.codes(curves) == codes)
  }

  @Test("a rate that is too high names a fifth of it")
  func rate() {
    let findings = CurveFindings(
      ["loss": Self.curve(Self.falling.reversed()), "grad_norm": Self.curve(Self.norms)],
      learningRate: 5e-3)
    #expect(findings.rateStep().findings.first?.fix == "try learning_rate 0.001")
  }
}

@Suite struct DiagnosisTests {
  static func evidence(
    train: InputArtifact, model: InputArtifact, output: InputArtifact?,
    parameters: String = SFTTests.lora, messages: [Diagnostic] = []
  ) throws -> TrainingEvidence {
    let json = try JSONReader.parse(Array(parameters.utf8), file: "p")
    return TrainingEvidence(
      stage: "tune", kind: "sft",
      parameters: SFT.read(Node(json, file: "p")).values,
      curves: ["loss": CurveFindingsTests.curve(CurveFindingsTests.falling)], counts: [:],
      messages: messages, inputs: ["train": train, "model": model],
      outputs: output.map { ["model": $0] } ?? [:])
  }

  @Test("a sound stage has nothing to find in data, template and adapter")
  func sound() throws {
    let fixture = try TrainingFixture()
    let (base, adapter) = try TrainingFixture.tuned()
    let steps = try Diagnosis.steps(
      of: Self.evidence(train: fixture.conversations(200), model: base, output: adapter))
    #expect(
      steps.map(\.name) == ["data", "template", "adapter", "curves", "learning rate"])
    for step in steps { #expect(step.findings.isEmpty, "\(step.findings)") }
    #expect(steps[2].evidence.first == "rank 4, alpha 8.000, 14 modules")
  }

  @Test("repeated rows, empty answers and answers that disagree are found")
  func data() throws {
    let fixture = try TrainingFixture()
    let (base, adapter) = try TrainingFixture.tuned()
    func row(_ question: String, _ answer: String) -> RowContent {
      .conversation([Message(.user, question), Message(.assistant, answer)], tools: nil)
    }
    let rows =
      (0..<150).map { row("question \($0)", "answer \($0)") }
      + (0..<20).map { _ in row("copy", "the same") } + [row("nothing", "")]
      + (0..<10).flatMap { [row("torn \($0)", "yes"), row("torn \($0)", "no")] }
    let step = try Diagnosis.steps(
      of: Self.evidence(train: fixture.records(rows), model: base, output: adapter))[0]
    #expect(
      step.findings.map(\.code) == [
        "diagnose.duplicates", "diagnose.empty-answers", "diagnose.label-noise",
      ])
    #expect(step.findings[1].message == "1 of 191 answers are empty")
    let few = try Diagnosis.steps(
      of: Self.evidence(train: fixture.conversations(20), model: base, output: adapter))[0]
    #expect(few.findings.map(\.code) == ["diagnose.few-rows"])
  }

  @Test("an idle adapter, another template and what the stage said stand at their step")
  func model() throws {
    let fixture = try TrainingFixture()
    let base = try TrainingFixture.base()
    let idle = try fixture.run(
      SFT.self, #"{"sequence_len": 64, "lora_r": 2, "learning_rate": 0, "max_steps": 2}"#,
      ["model": base, "train": fixture.conversations(8)])
    let steps = try Diagnosis.steps(
      of: Self.evidence(
        train: fixture.conversations(200), model: base,
        output: TrainingFixture.on(base, idle.artifact("model")),
        messages: [Diagnostic("health.never-stops", "none ended", severity: .warning)]))
    #expect(steps[2].findings.map(\.code) == ["diagnose.no-effect"])
    #expect(steps[3].findings.map(\.code) == ["health.never-stops"])
    let other = try GateChecksTests.copy(
      base, template: BuiltinTemplate.template("llama3").source)
    let changed = try Diagnosis.steps(
      of: Self.evidence(train: fixture.conversations(200), model: base, output: other))
    #expect(
      changed[1].findings.map(\.code) == ["diagnose.template-changed", "diagnose.template-tokens"])
  }

  @Test("a hundred rows are learned by a sound stage, and not by one that cannot learn")
  func isolation() throws {
    let fixture = try TrainingFixture()
    let base = try TrainingFixture.base()
    let rows = try fixture.conversations(120)
    let sound = try IsolationRun(
      Self.evidence(train: rows, model: base, output: nil), pool: ThreadPool(threads: 2)
    ).step(.builtin, in: fixture.folder.makeFolder("sound"))
    #expect(sound.findings.isEmpty, "\(sound.evidence)")
    #expect(
      sound.evidence.first?.hasPrefix("on 100 rows, 6 times over, the loss goes from ") == true)
    let stuck = try IsolationRun(
      Self.evidence(
        train: rows, model: base, output: nil,
        parameters: #"{"sequence_len": 64, "lora_r": 2, "learning_rate": 0}"#),
      pool: ThreadPool(threads: 2)
    ).step(.builtin, in: fixture.folder.makeFolder("stuck"))
    #expect(stuck.findings.map(\.code) == ["diagnose.isolation"])
  }
}
