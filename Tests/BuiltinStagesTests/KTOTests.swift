import BuiltinStages
import Diagnostics
import Documents
import Foundation
import Records
import StageKit
import Synchronization
import TestSupport
import Testing

@Suite("kto")
struct KTOTests {
  static let parameters =
    #"{"sequence_len": 64, "learning_rate": 0.01, "num_epochs": 8, "micro_batch_size": 4}"#

  /// Good and bad answers in turn; the bad one is the colour that the adapter knows.
  static func rows(_ fixture: TrainingFixture, _ count: Int) throws -> InputArtifact {
    try fixture.records(
      (0..<count).map { index in
        let isGood = index % 2 == 0
        return .unpaired(
          prompt: [TrainingFixture.question(index / 2)],
          completion: [
            Message(.assistant, isGood ? "nope" : TrainingFixture.answer(index / 2))
          ], label: isGood)
      })
  }

  @Test("good answers gain on bad ones, and the reference is the model as it came in")
  func learns() throws {
    let fixture = try TrainingFixture()
    let (base, sft) = try TrainingFixture.tuned()
    let result = try fixture.run(
      KTO.self, Self.parameters,
      [
        "model": sft, "train": Self.rows(fixture, 32), "validation": Self.rows(fixture, 8),
      ])
    #expect(result.references == [base.digest])
    let margins = result.metric("eval_rewards/margins").map(\.value)
    #expect(abs(margins.first ?? 1) < 1e-3)
    #expect((margins.last ?? 0) > 0.3)
    #expect(abs((result.metric("eval_loss").first?.value ?? 0) - 0.5) < 1e-3)
    #expect(result.events.contains(.count(name: "train.desirable", value: 16)))
  }

  @Test("stopped at any time and resumed, the bytes are those of an undisturbed run")
  func resume() throws {
    let fixture = try TrainingFixture()
    let (_, sft) = try TrainingFixture.tuned()
    let inputs = ["model": sft, "train": try Self.rows(fixture, 16)]
    let whole = try fixture.run(KTO.self, Self.parameters, inputs, threads: 1).bytes()
    for questions in [3, 11, 24] {
      let checkpoints = KeptCheckpoints(fixture.folder)
      let asked = Mutex(0)
      #expect(throws: CancellationError.self) {
        try fixture.run(KTO.self, Self.parameters, inputs, checkpoints: checkpoints) {
          asked.withLock {
            $0 += 1
            return $0 > questions
          }
        }
      }
      let resumed = try fixture.run(KTO.self, Self.parameters, inputs, checkpoints: checkpoints)
      #expect(try resumed.bytes() == whole, "stopped after \(questions) questions")
    }
  }

  @Test("a micro-batch of one row, rows of another kind and lopsided data are told")
  func told() throws {
    let json = try JSONReader.parse(Array(#"{"micro_batch_size": 1}"#.utf8), file: "p")
    #expect(
      KTO.read(Node(json, file: "p")).diagnostics.map(\.message) == [
        "micro_batch_size: is 1, and the divergence needs the answer of another row"
      ])
    let fixture = try TrainingFixture()
    let base = try TrainingFixture.base()
    let failure = try #require(throws: Failure.self) {
      try fixture.run(KTO.self, Self.parameters, ["model": base, "train": fixture.texts(4)])
    }
    #expect(failure.diagnostics.map(\.code) == ["training.wrong-row"])
    let good = try fixture.records(
      (0..<4).map {
        .unpaired(
          prompt: [TrainingFixture.question($0)], completion: [Message(.assistant, "yes")],
          label: true)
      })
    let result = try fixture.run(
      KTO.self, #"{"sequence_len": 64, "max_steps": 1}"#, ["model": base, "train": good])
    #expect(result.messages.contains("all 4 answers are good"))
  }
}
