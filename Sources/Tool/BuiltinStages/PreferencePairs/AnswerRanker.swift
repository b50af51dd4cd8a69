internal import Diagnostics
internal import Documents
internal import Evaluation
internal import Generation
internal import ModelFiles
internal import Models
internal import Parallelism
internal import Records
internal import Reproducibility
internal import Scoring
internal import StageKit
internal import Tokenization

/// Scores for the answers to prompts.
struct AnswerRanker {
  /// An answer to one of the prompts.
  struct Answer: Sendable {
    var prompt: Int
    var text: String
  }

  let parameters: PreferencePairsParameters
  let prompts: [RowPrompt]
  let context: StageContext

  /// What ranked, for provenance; and the judge that was asked.
  struct Ranked {
    /// In the order of the answers; nil where an answer has no score.
    var scores: [Double?]
    var by: JSONValue
    var judge: AskedModel?
  }

  func rank(_ answers: [Answer]) throws -> Ranked {
    switch parameters.ranking {
    case .verifiers:
      let scores = try context.pool.map(answers) { answer in
        let prompt = prompts[answer.prompt]
        return try parameters.verifiers.score(
          Attempt(
            prompt: prompt.question, completion: answer.text, fields: prompt.verified)
        ).score
      }
      return Ranked(
        scores: scores,
        by: .array(parameters.verifiers.entries.map { .string($0.name) }), judge: nil)
    case .judge:
      let asked = try AskedModel.make(
        parameters.judge, port: "judge", device: parameters.device, context)
      let items = answers.map { answer in
        let prompt = prompts[answer.prompt]
        return JudgeItem(
          id: prompt.row.description, references: prompt.answer.map { [$0] } ?? [],
          candidate: prompt.turns + [Message(.assistant, answer.text)])
      }
      let grades = try Judge(model: asked.model).grade(items) { done in
        context.progress(done, of: items.count, "grades")
        try context.checkCancelled()
      }
      return Ranked(scores: grades.map(\.grade), by: asked.model.identity, judge: asked)
    case .rewardModel:
      let artifact = context.input("reward")
      let scorer = try RewardScorer(artifact, parameters.device, context)
      return Ranked(
        scores: try scorer.scores(
          answers.map { (prompts[$0.prompt].row, prompts[$0.prompt].turns, $0.text) }),
        by: ["reward_model": .string(artifact.digest.hex)], judge: nil)
    }
  }
}

/// Scores of a reward model: that of the last token which is no padding.
private struct RewardScorer {
  private let model: LanguageModel
  private let builder: ExampleBuilder
  private let padding: Int32?
  private let context: StageContext

  private static let tokensPerBatch = 4096

  init(_ artifact: InputArtifact, _ device: DeviceClass, _ context: StageContext) throws {
    let folder = try ModelFolder(artifact.tree, reference: artifact.reference)
    let backend = try ComputeDevice.backend(device, pool: context.pool)
    model = try LanguageModel.load(
      folder, trainable: .nothing, pool: context.pool,
      precision: .forInference(folder, on: backend), backend: backend)
    guard model.scoreHead != nil else {
      throw Diagnostic(
        "preference_pairs.no-score-head", "the model at 'reward' gives no scores",
        fix: "give the output of a reward_model stage"
      ).failure(.badInput)
    }
    let tokenizer = try ModelText.tokenizer(of: folder)
    padding = tokenizer.pad?.id
    builder = ExampleBuilder(
      tokenizer: tokenizer, template: try ModelText.template(of: folder), trainOnInputs: false,
      rolesToTrain: [.assistant])
    self.context = context
  }

  func scores(_ answers: [(row: RowID, turns: [Message], text: String)]) throws -> [Double?] {
    var scores: [Double?] = []
    var batch = TokenBatch(ids: [], starts: [0], labels: [])
    var positions: [Int] = []
    func flush() throws {
      if positions.isEmpty { return }
      scores += model.scores(batch, positions: positions).map { Double($0) }
      batch = TokenBatch(ids: [], starts: [0], labels: [])
      positions = []
      context.progress(scores.count, of: answers.count, "scores")
      try context.checkCancelled()
    }
    let limit = model.configuration.contextLength
    for (row, turns, text) in answers {
      let answer = [Message(.assistant, text)]
      let example = try builder.preference(
        Row(id: row, content: .preference(prompt: turns, chosen: answer, rejected: answer)))
      let ids = Array((example.prompt + example.chosen).suffix(limit))
      if batch.ids.count + ids.count > Self.tokensPerBatch { try flush() }
      positions.append(batch.ids.count + (ids.lastIndex { $0 != padding } ?? 0))
      batch.ids += ids
      batch.labels += [Int32](repeating: TokenBatch.ignored, count: ids.count)
      batch.starts.append(batch.ids.count)
    }
    try flush()
    return scores
  }
}
