import Diagnostics
import Models
import Parallelism
import Records
import Reproducibility
import Tensors
import TestSupport
import Testing
import Tokenization
import Training

@Suite("Spikes in training")
struct SpikeTests {
  /// An objective whose loss and slopes are a hundredfold for one row.
  private final class Loud: TrainingObjective {
    let inner: TokenObjective
    let loud: Int
    init(_ inner: TokenObjective, loud: Int) {
      self.inner = inner
      self.loud = loud
    }
    var rowIDs: [RowID] { inner.rowIDs }
    var batchTokens: [Int] { inner.batchTokens }
    var trainedTokens: [Int] { inner.trainedTokens }
    func backward(
      _ model: any TrainableModel, _ rows: [Int], _ share: LossShare, dropoutKey: UInt64?
    ) throws -> ObjectiveValue {
      var share = share
      if rows.contains(loud) { share.token *= 100 }
      return try inner.backward(model, rows, share, dropoutKey: dropoutKey)
    }
    func evaluate(_ model: any TrainableModel, _ rows: [Int], _ share: LossShare) throws
      -> ObjectiveValue
    { try inner.evaluate(model, rows, share) }
  }

  private static func examples(_ count: Int) -> [TokenExample] {
    (0..<count).map { index in
      let ids = (0..<9).map { Int32((index * 5 + $0 * 3) % 8) }
      return TokenExample(
        row: RowID(hash: String(Digest(of: Array("\(index)".utf8)).hex.prefix(32)), ordinal: 0),
        ids: ids, labels: ids)
    }
  }

  private static func run(_ action: SpikeAction, _ host: TestHost) throws
    -> ToyModel
  {
    let model = ToyModel(vocabulary: 8, seed: 1)
    var settings = TrainingSettings(
      batching: BatchSettings(microBatchSize: 1, sequenceLength: 16, shuffles: false),
      learningRate: 0.01)
    settings.gradientNormMax = nil
    settings.spikeAction = action
    settings.saving = .steps(7)
    let trainer = Trainer(
      model: model, objective: Loud(TokenObjective(examples(60)), loud: 40), settings: settings,
      host: host)
    _ = try trainer.run()
    return model
  }

  @Test("a spike is told with its row; skipped, it moves nothing")
  func actions() throws {
    let folder = try TemporaryFolder()
    let (warned, skipped) = (TestHost(folder), TestHost(folder))
    let loud = try Self.run(.warn, warned), quiet = try Self.run(.skip, skipped)
    let row = Self.examples(60)[40].row.description
    for host in [warned, skipped] {
      let finding = try #require(host.findings.first { $0.code == "health.spike" })
      #expect(finding.message.contains("step 41 ") && finding.message.contains(row))
    }
    #expect(skipped.findings[0].message.contains("left out"))
    #expect(loud.parameters[1].values.values() != quiet.parameters[1].values.values())
    #expect(throws: Failure.self) { try Self.run(.stop, TestHost(folder)) }
  }

  @Test("what is known of spikes survives a kill")
  func resumed() throws {
    let folder = try TemporaryFolder()
    let whole = try Self.run(.skip, TestHost(folder))
    let host = TestHost(folder)
    host.diesAfterSaves = 5
    #expect(throws: TestHost.Death.self) { try Self.run(.skip, host) }
    host.diesAfterSaves = nil
    let resumed = try Self.run(.skip, host)
    #expect(host.findings.contains { $0.code == "health.spike" })
    #expect(resumed.parameters[1].values.values() == whole.parameters[1].values.values())
  }
}
