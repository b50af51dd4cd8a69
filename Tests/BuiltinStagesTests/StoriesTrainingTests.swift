import BuiltinStages
import StageKit
import Synchronization
import TestSupport
import Testing

/// A really pretrained model is tuned to the same bytes, killed or not, checkpoints included.
@Suite(
  "training the pretrained stories model",
  .enabled(if: SharedMaterial.models.exists, "../shared/models is absent (set MODELS)"))
struct StoriesTrainingTests {
  /// Two epochs, a checkpoint after every second step.
  private static let settings =
    #""sequence_len": 48, "lora_dropout": 0.1, "sample_packing": true, "micro_batch_size": 1,"#
    + #""gradient_accumulation_steps": 2, "num_epochs": 2, "save_steps": 2"#

  @Test(
    "two runs, and runs killed or stopped in mid-epoch and resumed, end with the same bytes",
    arguments: [
      #"{"adapter": "lora", "lora_r": 4, "#, #"{"adapter": "none", "#,
      #"{"adapter": "qlora", "lora_r": 4, "optimizer": "adamw_8bit", "#,
    ])
  func resume(method: String) throws {
    let fixture = try TrainingFixture()
    let model = try StageHarness.artifact(
      folder: SharedMaterial.models.path("stories260k"), .model)
    let inputs = ["model": model, "train": try fixture.texts(20)]
    let parameters = method + Self.settings + "}"
    func run(_ kept: KeptCheckpoints, stopAfter questions: Int = .max) throws -> [String: [UInt8]] {
      let asked = Mutex(0)
      return try fixture.run(SFT.self, parameters, inputs, checkpoints: kept) {
        asked.withLock {
          $0 += 1
          return $0 > questions
        }
      }.bytes()
    }
    let undisturbed = KeptCheckpoints(fixture.folder)
    let whole = try run(undisturbed)
    let last = try #require(try undisturbed.bytes())
    let again = KeptCheckpoints(fixture.folder)
    #expect(try run(again) == whole)
    #expect(try again.bytes() == last)
    let steps = undisturbed.steps, epoch = (steps.last ?? 0) / 2
    #expect(steps.dropLast().contains { $0 % epoch != 0 }, "checkpoints in mid-epoch: \(steps)")
    for saves in 1..<steps.count {
      let kept = KeptCheckpoints(fixture.folder, deathAfter: saves)
      #expect(throws: KeptCheckpoints.Death.self) { _ = try run(kept) }
      #expect(try run(kept) == whole, "killed after step \(steps[saves - 1])")
      #expect(try kept.bytes() == last, "killed after step \(steps[saves - 1])")
    }
    var stops = 0
    for questions in stride(from: 2, to: 40, by: 5) {
      let kept = KeptCheckpoints(fixture.folder)
      do { _ = try run(kept, stopAfter: questions) } catch is CancellationError { stops += 1 }
      #expect(try run(kept) == whole, "stopped after \(questions) questions")
      #expect(try kept.bytes() == last, "stopped after \(questions) questions")
    }
    #expect(stops > 3)
  }
}
